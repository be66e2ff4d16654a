// SPDX-License-Identifier: MIT
#include <cloakroom/json.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

struct line {
    std::string sku;
    std::uint8_t quantity = 1;
    static constexpr auto fields =
        cloakroom::fields(field("sku", &line::sku), field("quantity", &line::quantity).optional());
};

struct order {
    std::int64_t id = 0;
    std::uint64_t big = 5;
    std::optional<int> discount;
    std::optional<line> gift;
    line first;
    std::vector<line> more;
    std::vector<int> codes{1, 2};
    bool is_paid = false;
    double price = 0;
    static constexpr auto fields = cloakroom::fields(
        field("id", &order::id), field("big", &order::big).optional(),
        field("discount", &order::discount), field("gift", &order::gift),
        field("first", &order::first).optional(), field("more", &order::more).optional(),
        field("codes", &order::codes).optional(), field("paid", &order::is_paid).optional(),
        field("price", &order::price).optional());
};

/// "field: message" of each error.
std::vector<std::string> complaints(std::string_view text) {
    try {
        static_cast<void>(bind_json<order>(parse_json(text)));
        return {};
    } catch (const http_error& error) {
        EXPECT_EQ(error.content().status, status::unprocessable_content);
        std::vector<std::string> all;
        for (const field_error& each : error.content().errors) {
            all.push_back(each.field + ": " + each.message);
        }
        return all;
    }
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

std::string detail_of(std::string_view text) {
    const problem thrown = thrown_by([&] { return parse_json(text); });
    EXPECT_EQ(thrown.status, status::bad_request);
    return thrown.detail;
}

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

request posted(std::string_view content_type, std::string_view body) {
    request::parts parts;
    parts.fields = {{"Content-Type", content_type}};
    parts.body = body;
    return request{std::move(parts)};
}

TEST(Json, ParsesWhatIsJson) {
    EXPECT_EQ(parse_json(" {\"a\":[1,true,null,\"\\u00e4\"]} ").dump(),
              "{\"a\":[1,true,null,\"\xC3\xA4\"]}");
    EXPECT_EQ(parse_json("1"), 1);
}

TEST(Json, RefusesWhatIsNot) {
    for (const std::string_view text : {"",
                                        " ",
                                        "{",
                                        "[1,]",
                                        "{\"a\":1,}",
                                        "'a'",
                                        "// comment\n1",
                                        "/* comment */1",
                                        "NaN",
                                        "01",
                                        "1 2",
                                        "\"\xFF\"",
                                        "\"\xED\xA0\x80\"",
                                        "\"\\ud800\"",
                                        "\"\n\"",
                                        "]",
                                        "}}",
                                        "tru",
                                        "1e999",
                                        "\"",
                                        "\"\\"}) {
        EXPECT_TRUE(detail_of(text).starts_with("The JSON is malformed: ")) << text;
    }
}

TEST(Json, ComplaintSaysWhereAndRepeatsNothing) {
    EXPECT_EQ(detail_of("{\"a\":x" + std::string(1'000'000, 'y') + "}"),
              "The JSON is malformed: parse error at line 1, column 6: syntax error while parsing "
              "value - invalid literal.");
    EXPECT_EQ(detail_of("1e" + std::string(1'000'000, '9')),
              "The JSON is malformed: number overflow.");
}

TEST(Json, ComplaintHasNoPrefixOfTheLibrary) {
    try {
        static_cast<void>(json(1).get<std::string>());
        FAIL();
    } catch (const json::exception& error) {
        EXPECT_EQ(json_complaint(error), "type must be string, but is number");
    }
}

TEST(Json, NestingHasALimit) {
    EXPECT_NO_THROW(static_cast<void>(parse_json(nested(max_json_depth))));
    const std::string sentence = "The JSON is nested deeper than 64 levels.";
    EXPECT_EQ(detail_of(nested(max_json_depth + 1)), sentence);
    EXPECT_EQ(detail_of("]" + nested(max_json_depth + 1)), sentence);
    EXPECT_EQ(detail_of(std::string(1'000'000, '[')), sentence);
    std::string objects;
    for (std::size_t depth = 0; depth <= max_json_depth; ++depth) {
        objects += "{\"\\\"\":";
    }
    EXPECT_EQ(detail_of(objects), sentence);
}

TEST(Json, BracketsInStringsAreNoNesting) {
    EXPECT_EQ(parse_json("\"" + std::string(1000, '[') + "\"").get<std::string>().size(), 1000U);
    EXPECT_EQ(parse_json("[\"\\\"" + std::string(1000, '{') + "\"]").size(), 1U);
    EXPECT_EQ(parse_json("[\"\\\\\"," + nested(max_json_depth - 1) + "]").size(), 2U);
    EXPECT_EQ(detail_of("[\"\\\\\"," + nested(max_json_depth) + "]"),
              "The JSON is nested deeper than 64 levels.");
}

TEST(Json, WritesValidTextWhateverItHolds) {
    EXPECT_EQ(to_json_text({{"a", "\xFF"}, {"b\xC3", 1}}),
              "{\"a\":\"\xEF\xBF\xBD\",\"b\xEF\xBF\xBD\":1}");
    EXPECT_EQ(to_json_text(std::numeric_limits<double>::infinity()), "null");
}

TEST(Json, IsReadByItsContentType) {
    for (const std::string_view type :
         {"application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json",
          "application/vnd.api+JSON ; a=b"}) {
        EXPECT_EQ(json_of(posted(type, "1")), 1) << type;
    }
}

TEST(Json, OtherContentIs415AndSaysWhatIsTaken) {
    for (const std::string_view type : {"", "text/plain", "text/json", "application/+json",
                                        "image/x+json", "text/plain; application/json"}) {
        const problem thrown = thrown_by([&] { return json_of(posted(type, "1")); });
        EXPECT_EQ(thrown.status, status::unsupported_media_type) << type;
        EXPECT_EQ(thrown.detail, "Expected content of type application/json.");
        ASSERT_EQ(thrown.fields.size(), 1U);
        EXPECT_EQ(thrown.fields[0].first, "Accept");
    }
    EXPECT_EQ(thrown_by([] { return json_of(request{}); }).status, status::unsupported_media_type);
}

TEST(Json, BindsEveryKindOfMember) {
    const order made = bind_json<order>(parse_json(
        R"({"id":-9223372036854775808,"big":18446744073709551615,"discount":5,"paid":true,)"
        R"("price":1.5,"gift":{"sku":"g"},"first":{"sku":"a","quantity":255},)"
        R"("more":[{"sku":"b"},{"sku":"c","quantity":2}],"codes":[3],"unknown":[]})"));
    EXPECT_EQ(made.id, std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(made.big, std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(made.discount, 5);
    EXPECT_TRUE(made.is_paid);
    EXPECT_EQ(made.price, 1.5);
    EXPECT_EQ(made.gift->sku, "g");
    EXPECT_EQ(made.first.quantity, 255);
    ASSERT_EQ(made.more.size(), 2U);
    EXPECT_EQ(made.more[1].quantity, 2);
    EXPECT_EQ(made.codes, std::vector<int>{3});
}

TEST(Json, OptionalFieldsKeepWhatTheyHave) {
    const order made = bind_json<order>(parse_json(R"({"id":1,"discount":null})"));
    EXPECT_EQ(made.big, 5U);
    EXPECT_FALSE(made.discount);
    EXPECT_EQ(made.codes, (std::vector<int>{1, 2}));
}

TEST(Json, IntegersAreNeitherCutNorWrapped) {
    const std::string sentence = "expected an integer in range";
    const std::array<std::pair<std::string_view, std::string_view>, 10> cases{{
        {R"({"id":1.5})", "id"},
        {R"({"id":true})", "id"},
        {R"({"id":"1"})", "id"},
        {R"({"id":null})", "id"},
        {R"({"id":9223372036854775808})", "id"},
        {R"({"id":1,"big":-1})", "big"},
        {R"({"id":1,"discount":2147483648})", "discount"},
        {R"({"id":1,"discount":-2147483649})", "discount"},
        {R"({"id":1,"first":{"sku":"a","quantity":256}})", "first.quantity"},
        {R"({"id":1,"codes":[1,2.5,"x"]})", "codes.1"},
    }};
    for (const auto& [text, name] : cases) {
        EXPECT_EQ(complaints(text), std::vector<std::string>{std::string{name} + ": " + sentence})
            << text;
    }
}

TEST(Json, SaysAllThatIsWrong) {
    EXPECT_EQ(complaints(R"({"gift":7,"first":{"sku":1,"quantity":-1},"paid":1,"codes":{},)"
                         R"("more":[{"sku":"a"},{},{}],"price":"1"})"),
              (std::vector<std::string>{"id: is missing", "gift: expected an object",
                                        "first.sku: type must be string, but is number",
                                        "first.quantity: expected an integer in range",
                                        "more.1.sku: is missing", "codes: expected an array",
                                        "paid: type must be boolean, but is number",
                                        "price: type must be number, but is string"}));
}

TEST(Json, WhatIsNoObjectIs422) {
    const problem thrown = thrown_by([] { return bind_json<order>(parse_json("[]")); });
    EXPECT_EQ(thrown.status, status::unprocessable_content);
    EXPECT_EQ(thrown.detail, "Expected a JSON object.");
}

TEST(Json, StructsWithFieldsConvertBothWays) {
    const order made = bind_json<order>(parse_json(R"({"id":1,"gift":{"sku":"g"}})"));
    const json written = made;
    EXPECT_EQ(written.at("gift"), (json{{"sku", "g"}, {"quantity", 1}}));
    EXPECT_TRUE(written.at("discount").is_null());
    EXPECT_EQ(json(written.get<order>()), written);
}

TEST(Json, StructsWithFieldsGoIntoSessions) {
    std::string text;
    json_codec<line>::encode(text, {"a", 3});
    EXPECT_EQ(text, R"({"quantity":3,"sku":"a"})");
    line read;
    EXPECT_TRUE(json_codec<line>::decode(text, read));
    EXPECT_EQ(read.quantity, 3);
    EXPECT_FALSE(json_codec<line>::decode("[]", read));
    EXPECT_FALSE(json_codec<line>::decode("{", read));
}

}  // namespace
}  // namespace cloakroom
