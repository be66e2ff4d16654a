// SPDX-License-Identifier: MIT
#include <cloakroom/request.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

request with_fields(std::vector<field_view> fields) {
    request::parts parts;
    parts.fields = std::move(fields);
    return request{std::move(parts)};
}

request with_query(std::string_view query) {
    request::parts parts;
    parts.query = query;
    return request{std::move(parts)};
}

bool prefers_html(std::string_view accept) {
    return with_fields({{"Accept", accept}}).prefers_html();
}

TEST(Request, HeaderIsTheFirstOfItsNameWithoutCase) {
    const request req = with_fields({{"Host", "a"}, {"X-Tag", "1"}, {"x-tag", "2"}});
    EXPECT_EQ(req.header("X-TAG"), "1");
    EXPECT_EQ(req.header("host"), "a");
    EXPECT_FALSE(req.header("X-Ta"));
    EXPECT_FALSE(req.header(""));
    EXPECT_EQ(req.headers().size(), 3U);
}

TEST(Request, HeaderCopiesNothing) {
    const std::string received = "value";
    const request req = with_fields({{"X", received}});
    EXPECT_EQ(req.header("x")->data(), received.data());
}

TEST(Request, CookieIsFoundAmongPairsAndFields) {
    const request req = with_fields({{"Cookie", "a=1; b=2;c=3"}, {"COOKIE", " d = 4 ; a=5"}});
    EXPECT_EQ(req.cookie("a"), "1");  // the first
    EXPECT_EQ(req.cookie("b"), "2");
    EXPECT_EQ(req.cookie("c"), "3");
    EXPECT_EQ(req.cookie("d"), "4");
    EXPECT_FALSE(req.cookie("A"));  // case counts
    EXPECT_FALSE(req.cookie("e"));
}

TEST(Request, CookieValueLosesItsQuotesAndNothingElse) {
    const std::array<std::pair<std::string_view, std::string_view>, 8> cases{{
        {"id=\"quoted\"", "quoted"},
        {"id=\"\"", ""},
        {"id=\"", "\""},
        {"id=\"half", "\"half"},
        {"id=a=b==", "a=b=="},
        {"id=%41+b", "%41+b"},  // not decoded
        {"id=", ""},
        {"id=a b", "a b"},
    }};
    for (const auto& [field, value] : cases) {
        EXPECT_EQ(with_fields({{"Cookie", field}}).cookie("id"), value) << field;
    }
}

TEST(Request, CookieWithoutNameIsNone) {
    for (const std::string_view field : {"id", "=id=forged", "; ;=", "", "=", "xid=1", "id2=1"}) {
        EXPECT_FALSE(with_fields({{"Cookie", field}}).cookie("id")) << field;
        EXPECT_FALSE(with_fields({{"Cookie", field}}).cookie("")) << field;
    }
}

TEST(Request, QueryValueIsDecoded) {
    const request req = with_query("a=1&&na%6De=J%C3%BCrgen+M%2B&empty=&flag&a=2");
    EXPECT_EQ(req.query_value("a"), "1");  // the first
    EXPECT_EQ(req.query_value("name"), "J\xC3\xBCrgen M+");
    EXPECT_EQ(req.query_value("empty"), "");
    EXPECT_EQ(req.query_value("flag"), "");
    EXPECT_FALSE(req.query_value("b"));
    EXPECT_FALSE(with_query("").query_value(""));
}

TEST(Request, QueryValueThatIsMalformedIsNone) {
    const request req = with_query("%zz=1&bad=%4&zero=%00&good=2");
    EXPECT_FALSE(req.query_value("bad"));
    EXPECT_FALSE(req.query_value("zero"));
    EXPECT_EQ(req.query_value("good"), "2");
}

TEST(Request, ContentTypeIsComparedWithoutParametersAndCase) {
    const std::array<std::pair<std::string_view, bool>, 7> cases{{
        {"application/json", true},
        {"Application/JSON; charset=utf-8", true},
        {" application/json ;x=y", true},
        {"application/json5", false},
        {"application/jso", false},
        {"text/plain; application/json", false},
        {"", false},
    }};
    for (const auto& [sent, is_json] : cases) {
        const request req = with_fields({{"content-type", sent}});
        EXPECT_EQ(req.has_content_type("application/json"), is_json) << sent;
        EXPECT_FALSE(req.has_content_type("")) << sent;
    }
    EXPECT_FALSE(with_fields({}).has_content_type("application/json"));
}

TEST(Request, PrefersHtmlWhenAcceptNamesIt) {
    const std::array<std::pair<std::string_view, bool>, 19> cases{{
        {"text/html", true},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true},  // a browser
        {"TEXT/HTML ; level=1 ; Q=0.001", true},
        {"application/json, text/html", true},
        {"*/*", false},  // curl
        {"text/*", false},
        {"", false},
        {"application/json", false},
        {"text/html;q=0", false},
        {"text/html;q=0.000", false},
        {"text/html;q=0.5, application/json", false},
        {"text/html;q=0.5, application/problem+json;q=0.6", false},
        {"text/html;q=0.6, application/json;q=0.5", true},
        {"text/html;q=2", true},
        {"text/html;q=", true},
        {"text/html;q=00", true},
        {"text/html;q=broken", true},  // as if it were not there
        {"text/html;q=0.0000", true},  // a digit too many
        {"text/html2, xtext/html", false},
    }};
    for (const auto& [accept, is_html] : cases) {
        EXPECT_EQ(prefers_html(accept), is_html) << accept;
    }
    EXPECT_FALSE(with_fields({}).prefers_html());
    EXPECT_TRUE(with_fields({{"Accept", "*/*"}, {"accept", "text/html"}}).prefers_html());
}

TEST(Request, RemoteAddressIsText) {
    request req;
    EXPECT_EQ(req.remote_address(), "");
    req.edit().remote = {{127, 0, 0, 1}, 4};
    EXPECT_EQ(req.remote_address(), "127.0.0.1");
    req.edit().remote = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 16};
    EXPECT_EQ(req.remote_address(), "::1");
}

}  // namespace
}  // namespace cloakroom
