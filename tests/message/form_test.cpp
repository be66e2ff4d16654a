// SPDX-License-Identifier: MIT
#include <cloakroom/form.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

using namespace std::string_view_literals;

enum class colour { red, green };

bool from_text(std::string_view text, colour& value) {
    value = text == "green" ? colour::green : colour::red;
    return text == "green" || text == "red";
}

struct search {
    std::string text;
    int page = 7;
    std::optional<unsigned char> size;
    bool is_exact = false;
    double weight = 0.5;
    colour paint = colour::red;
    std::vector<std::string> tags;
    static constexpr auto fields = cloakroom::fields(
        field("text", &search::text), field("page", &search::page).optional(),
        field("size", &search::size), field("exact", &search::is_exact).optional(),
        field("weight", &search::weight).optional(), field("paint", &search::paint).optional(),
        field("tag", &search::tags));
};

struct person {
    std::string name = "nobody";
    std::string nick = "none";
    int age = 0;
    bool is_member = true;
    bool has_consented = true;
    static constexpr auto fields = cloakroom::fields(
        field("name", &person::name).optional(), field("nick", &person::nick).optional(),
        field("age", &person::age), field("member", &person::is_member),
        field("consent", &person::has_consented).optional());
};

search bound(std::string_view text) {
    return bind_form<search>(form_values::parse(text).value(), status::bad_request);
}

/// "field: message" of each error.
std::vector<std::string> complaints(std::string_view text) {
    try {
        static_cast<void>(bound(text));
        return {};
    } catch (const http_error& error) {
        EXPECT_EQ(error.content().status, status::bad_request);
        EXPECT_EQ(error.content().detail, "Some fields are not acceptable.");
        std::vector<std::string> all;
        for (const field_error& each : error.content().errors) {
            all.push_back(each.field + ": " + each.message);
        }
        return all;
    }
}

request posted(std::string_view content_type, std::string_view body) {
    request::parts parts;
    parts.fields = {{"Content-Type", content_type}};
    parts.body = body;
    return request{std::move(parts)};
}

/// What the action throws.
template <class Action>
problem thrown_by(Action action) {
    try {
        static_cast<void>(action());
    } catch (const http_error& error) {
        return error.content();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

TEST(Form, ValuesAreDecodedInOrder) {
    using pair_list = std::vector<std::pair<std::string, std::string>>;
    const pair_list expected{{"a b", "1+1"}, {"c", ""}, {"d", ""}, {"", "e"}, {"f", "g=h"}};
    EXPECT_EQ(form_values::parse("a+b=1%2B1&c=&d&&=e&f=g=h&")->pairs(), expected);
    EXPECT_TRUE(form_values::parse("")->pairs().empty());
    EXPECT_TRUE(form_values::parse("&&&")->pairs().empty());
}

TEST(Form, FindsTheFirstAndAll) {
    const auto values = form_values::parse("a=1&b=2&a=3");
    EXPECT_EQ(values->find("a"), "1");
    EXPECT_FALSE(values->find("A"));
    EXPECT_EQ(values->all("a"), (std::vector<std::string>{"1", "3"}));
    EXPECT_TRUE(values->all("c").empty());
}

TEST(Form, RefusesMalformedEscapes) {
    for (const std::string_view text : {"a=%", "%zz=1", "a=1&b=%4", "a=%00"}) {
        EXPECT_FALSE(form_values::parse(text)) << text;
    }
}

TEST(Form, RefusesNuls) {
    for (const std::string_view text : {"a=\0"sv, "\0"sv, "a=1&b\0=2"sv, "a=%00"sv}) {
        EXPECT_FALSE(form_values::parse(text)) << text;
    }
}

TEST(Form, HasAtMostThatManyValues) {
    std::string text;
    for (std::size_t count = 0; count < form_values::max_values; ++count) {
        text += "a&&";
    }
    EXPECT_EQ(form_values::parse(text)->pairs().size(), form_values::max_values);
    EXPECT_FALSE(form_values::parse(text + "a"));
}

TEST(Form, BindsEveryKindOfMember) {
    const search made =
        bound("text=a+b&page=-3&size=255&exact=on&weight=1.5&paint=green&tag=x&tag=y");
    EXPECT_EQ(made.text, "a b");
    EXPECT_EQ(made.page, -3);
    EXPECT_EQ(made.size, 255);
    EXPECT_TRUE(made.is_exact);
    EXPECT_EQ(made.weight, 1.5);
    EXPECT_EQ(made.paint, colour::green);
    EXPECT_EQ(made.tags, (std::vector<std::string>{"x", "y"}));
}

TEST(Form, OptionalFieldsKeepWhatTheyHave) {
    const search made = bound("text=");
    EXPECT_EQ(made.text, "");
    EXPECT_EQ(made.page, 7);
    EXPECT_FALSE(made.size);
    EXPECT_FALSE(made.is_exact);
    EXPECT_TRUE(made.tags.empty());
}

TEST(Form, EmptyTextOfWhatIsOptionalIsAbsent) {
    const search made = bound("text=&page=&size=&exact=&weight=&paint=");
    EXPECT_EQ(made.page, 7);
    EXPECT_FALSE(made.size);
    EXPECT_FALSE(made.is_exact);
    EXPECT_EQ(made.weight, 0.5);
    EXPECT_EQ(made.paint, colour::red);
}

TEST(Form, EmptyTextIsTextAndNoNumber) {
    const auto values = form_values::parse("name=&nick=&age=");
    try {
        static_cast<void>(bind_form<person>(*values, status::unprocessable_content));
        FAIL();
    } catch (const http_error& error) {
        ASSERT_EQ(error.content().errors.size(), 1U);
        EXPECT_EQ(error.content().errors[0].field, "age");
    }
    const person made =
        bind_form<person>(*form_values::parse("name=&nick=&age=1"), status::bad_request);
    EXPECT_EQ(made.name, "");
    EXPECT_EQ(made.nick, "");
}

TEST(Form, BoolThatIsAbsentIsFalse) {
    const auto bind = [](std::string_view text) {
        return bind_form<person>(*form_values::parse(text), status::bad_request);
    };
    EXPECT_FALSE(bind("age=1").is_member);
    EXPECT_FALSE(bind("age=1&member=").is_member);
    EXPECT_TRUE(bind("age=1&member=on").is_member);
    EXPECT_TRUE(bind("age=1").has_consented);
    EXPECT_TRUE(bind("age=1&consent=").has_consented);
    EXPECT_FALSE(bind("age=1&consent=off").has_consented);
}

TEST(Form, BoolsHaveTheirWords) {
    for (const std::string word : {"true", "on", "1"}) {
        EXPECT_TRUE(bound("text=&exact=" + word).is_exact) << word;
    }
    for (const std::string word : {"false", "off", "0", ""}) {
        EXPECT_FALSE(bound("text=&exact=" + word).is_exact) << word;
    }
    EXPECT_EQ(complaints("text=&exact=yes"),
              std::vector<std::string>{"exact: expected true or false"});
}

TEST(Form, SaysAllThatIsWrong) {
    EXPECT_EQ(complaints("page=1.5&size=256&weight=heavy&paint=blue"),
              (std::vector<std::string>{"text: is missing", "page: expected an integer in range",
                                        "size: expected an integer in range",
                                        "weight: has a value that is not understood",
                                        "paint: has a value that is not understood"}));
}

TEST(Form, QueryThatIsMalformedIs400) {
    request req;
    req.edit().query = "a=%4";
    const problem thrown = thrown_by([&] { return query_of(req); });
    EXPECT_EQ(thrown.status, status::bad_request);
    EXPECT_EQ(thrown.detail,
              "The query has a malformed percent escape, a NUL or more than 1000 values.");
    req.edit().query = "a=4";
    EXPECT_EQ(query_of(req).find("a"), "4");
}

TEST(Form, FormIsReadByItsContentType) {
    const std::string_view type = "application/x-www-form-urlencoded";
    EXPECT_EQ(form_of(posted(type, "a=4")).find("a"), "4");
    EXPECT_EQ(form_of(posted("Application/X-WWW-Form-Urlencoded; charset=utf-8", "a")).find("a"),
              "");
    EXPECT_EQ(thrown_by([&] { return form_of(posted(type, "a=%4")); }).detail,
              "The form has a malformed percent escape, a NUL or more than 1000 values.");
}

TEST(Form, OtherContentIs415AndSaysWhatIsTaken) {
    const problem thrown = thrown_by([] { return form_of(posted("text/plain", "a=4")); });
    EXPECT_EQ(thrown.status, status::unsupported_media_type);
    EXPECT_EQ(thrown.detail, "Expected content of type application/x-www-form-urlencoded.");
    ASSERT_EQ(thrown.fields.size(), 1U);
    EXPECT_EQ(thrown.fields[0].first, "Accept");
    EXPECT_EQ(thrown.fields[0].second, "application/x-www-form-urlencoded");
}

}  // namespace
}  // namespace cloakroom
