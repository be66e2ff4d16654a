// SPDX-License-Identifier: MIT
// Typed JSON bodies.
#include <cloakroom/app.hpp>
#include <cloakroom/json.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

struct line {
    std::string sku;
    std::uint8_t quantity = 0;
    static constexpr auto fields =
        cloakroom::fields(field("sku", &line::sku), field("quantity", &line::quantity));
};

struct order {
    std::string customer;
    std::vector<line> lines;
    bool gift = false;
    std::optional<std::string> note;
    std::int64_t points = 3;
    static constexpr auto fields =
        cloakroom::fields(field("customer", &order::customer), field("lines", &order::lines),
                          field("gift", &order::gift).optional(), field("note", &order::note),
                          field("points", &order::points).optional());
};

struct numbers {
    std::uint64_t large = 0;
    std::optional<int> maybe;
    static constexpr auto fields = cloakroom::fields(field("large", &numbers::large).optional(),
                                                     field("maybe", &numbers::maybe));
};

void add_json_routes(app& to) {
    to.post("/order", [](const json_body<order>& body) { return json(*body); });
    to.post("/numbers", [](json_body<numbers> body) { return json(*body); });
    to.post("/line", [](const json_body<line>& body) { return body->sku; });
    to.post("/map", [](const json_body<std::map<std::string, int>>& body) {
        return std::to_string(body->at("a"));
    });
    to.post("/int", [](json_body<int> body) { return std::to_string(*body); });
    to.post("/bytes", [](const json_body<std::vector<std::uint8_t>>& body) {
        return std::to_string(body->size());
    });
    to.post("/any", [](const json_body<json>& body) { return *body; });
}

TEST(JsonBody, BindsStructsWithFields) {
    app under_test;
    add_json_routes(under_test);
    const reply answer = client(under_test)
                             .post("/order",
                                   R"({"customer":"Ada","lines":[{"sku":"hat","quantity":2}],
                                       "unknown":1})",
                                   "application/json; charset=utf-8");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.body, R"({"customer":"Ada","gift":false,"lines":[{"quantity":2,"sku":"hat"}],)"
                           R"("note":null,"points":3})");
}

TEST(JsonBody, BindsWhatNlohmannConverts) {
    app under_test;
    add_json_routes(under_test);
    client browser(under_test);
    EXPECT_EQ(browser.post("/map", R"({"a":7})", "application/json").body, "7");
    EXPECT_EQ(browser.post("/any", R"([1,2])", "application/json").body, "[1,2]");
    EXPECT_EQ(browser.post("/any", R"({"a":null})", "application/merge-patch+json").body,
              R"({"a":null})");
    EXPECT_EQ(browser.post("/map", R"({"a":"x"})", "application/json").status, 422U);
}

TEST(JsonBody, NamesTheFieldsAtFault) {
    app under_test;
    add_json_routes(under_test);
    const reply answer =
        client(under_test)
            .post("/order", R"({"gift":7,"lines":[],"points":1.5})", "application/json");
    EXPECT_EQ(answer.status, 422U);
    const json problem = json::parse(answer.body);
    ASSERT_EQ(problem["errors"].size(), 3U) << answer.body;
    EXPECT_EQ(problem["errors"][0], (json{{"field", "customer"}, {"message", "is missing"}}));
    EXPECT_EQ(problem["errors"][1]["field"], "gift");
    EXPECT_EQ(problem["errors"][2],
              (json{{"field", "points"}, {"message", "expected an integer in range"}}));
}

TEST(JsonBody, NeverCutsOrWrapsIntegers) {
    app under_test;
    add_json_routes(under_test);
    client browser(under_test);
    const auto status_of = [&](std::string_view target, std::string_view body) {
        return browser.post(target, body, "application/json").status;
    };
    EXPECT_EQ(status_of("/line", R"({"sku":"a","quantity":255})"), 200U);
    EXPECT_EQ(status_of("/line", R"({"sku":"a","quantity":256})"), 422U);
    EXPECT_EQ(status_of("/line", R"({"sku":"a","quantity":-1})"), 422U);
    EXPECT_EQ(status_of("/line", R"({"sku":"a","quantity":1.5})"), 422U);
    EXPECT_EQ(status_of("/line", R"({"sku":"a","quantity":true})"), 422U);
    EXPECT_EQ(status_of("/line", R"({"sku":"a","quantity":"1"})"), 422U);
    EXPECT_EQ(status_of("/numbers", R"({"large":18446744073709551615})"), 200U);
    EXPECT_EQ(status_of("/numbers", R"({"large":-1})"), 422U);
    EXPECT_EQ(status_of("/numbers", R"({"maybe":-1})"), 200U);
    EXPECT_EQ(status_of("/numbers", R"({"maybe":null})"), 200U);
    EXPECT_EQ(status_of("/numbers", R"({"maybe":1.5})"), 422U);
    EXPECT_EQ(status_of("/numbers", R"({"maybe":true})"), 422U);
    EXPECT_EQ(status_of("/numbers", R"({"maybe":2147483648})"), 422U);
}

TEST(JsonBody, IsCheckedWithoutAStructToo) {
    app under_test;
    add_json_routes(under_test);
    client browser(under_test);
    const auto status_of = [&](std::string_view target, std::string_view body) {
        return browser.post(target, body, "application/json").status;
    };
    EXPECT_EQ(status_of("/int", "2147483647"), 200U);
    EXPECT_EQ(status_of("/int", "5000000000"), 422U);
    EXPECT_EQ(status_of("/int", "1.5"), 422U);
    EXPECT_EQ(status_of("/int", "true"), 422U);
    EXPECT_EQ(status_of("/bytes", "[0,255]"), 200U);
    EXPECT_EQ(status_of("/bytes", "[300,1.9,-1,true]"), 422U);
    EXPECT_EQ(status_of("/map", R"({"a":5000000000})"), 422U);
}

TEST(JsonBody, SaysWhatIsWrongWithTheWhole) {
    app under_test;
    add_json_routes(under_test);
    const json problem =
        json::parse(client(under_test).post("/int", "1.5", "application/json").body);
    EXPECT_EQ(problem["detail"], "The JSON is not acceptable: expected an integer in range.");
    EXPECT_EQ(problem["errors"][0],
              (json{{"field", ""}, {"message", "expected an integer in range"}}));
}

TEST(JsonBody, CanBeMovedOut) {
    app under_test;
    under_test.post("/", [](json_body<order> body) {
        const char* const before = body->customer.data();
        const order taken = *std::move(body);
        return taken.customer.data() == before ? "moved" : "copied";
    });
    const json sent{{"customer", "a name too long for the small string"}, {"lines", json::array()}};
    EXPECT_EQ(client(under_test).post("/", sent.dump(), "application/json").body, "moved");
}

TEST(JsonBody, AnotherServersJsonIsNoFaultOfTheClient) {
    std::string logged;
    app under_test;
    under_test.log([&](std::string_view text) { logged = text; });
    under_test.get("/", [] { return json::parse(R"({"sku":1})").get<line>().sku; });
    const reply answer = client(under_test).get("/");
    EXPECT_EQ(answer.status, 500U);
    EXPECT_EQ(answer.body.find("sku"), std::string::npos);
    EXPECT_NE(logged.find("JSON that does not fit: sku "), std::string::npos) << logged;
}

TEST(JsonBody, RefusesOtherContentTypes) {
    app under_test;
    add_json_routes(under_test);
    client browser(under_test);
    const reply answer = browser.post("/any", "{}", "text/plain");
    EXPECT_EQ(answer.status, 415U);
    EXPECT_EQ(answer.header("Accept"), "application/json");
    EXPECT_EQ(browser.send(method::post, "/any", "{}").status, 415U);
}

TEST(JsonBody, RefusesMalformedAndDeepJson) {
    app under_test;
    add_json_routes(under_test);
    client browser(under_test);
    for (const std::string_view body : {"", "{", "[1,]", "{\"a\":01}", "nul", "\"\x01\"", "1 2"}) {
        EXPECT_EQ(browser.post("/any", body, "application/json").status, 400U) << body;
    }
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(browser.post("/any", nested(max_json_depth), "application/json").status, 200U);
    EXPECT_EQ(browser.post("/any", nested(max_json_depth + 1), "application/json").status, 400U);
    EXPECT_EQ(browser.post("/any", std::string(500'000, '['), "application/json").status, 400U);
}

TEST(JsonBody, WantsAnObjectForAStruct) {
    app under_test;
    add_json_routes(under_test);
    EXPECT_EQ(client(under_test).post("/line", "[]", "application/json").status, 422U);
}

}  // namespace
}  // namespace cloakroom
