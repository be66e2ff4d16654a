// SPDX-License-Identifier: MIT
#include <cloakroom/json.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace shop {

enum class colour { red, green };

bool from_text(std::string_view text, colour& value) {
    value = text == "green" ? colour::green : colour::red;
    return text == "green" || text == "red";
}

std::string_view to_text(colour value) {
    return value == colour::green ? "green" : "red";
}

enum class size { small, large };
NLOHMANN_JSON_SERIALIZE_ENUM(size, {{size::small, "small"}, {size::large, "large"}})

enum class level : std::uint8_t {};
enum class serial : std::uint64_t {};

}  // namespace shop

namespace cloakroom {
namespace {

using namespace std::string_view_literals;

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

}  // namespace
}  // namespace cloakroom

namespace shop {

/// Reads a struct with fields in its own from_json.
struct parcel {
    std::string sku;
};

void from_json(const cloakroom::json& in, parcel& value) {
    value.sku = in.at("of").get<cloakroom::line>().sku;
}

/// Has no default constructor.
struct sealed {
    explicit sealed(int of) : number(of) {}
    int number;
};

}  // namespace shop

template <>
struct nlohmann::adl_serializer<shop::sealed> {
    static shop::sealed from_json(const json& in) { return shop::sealed(in.get<int>()); }
};

namespace cloakroom {
namespace {

/// "field: message" of each error.
template <class T = order>
std::vector<std::string> complaints(std::string_view text) {
    try {
        static_cast<void>(bind_json<T>(parse_json(text)));
        return {};
    } catch (const json_mismatch& mismatch) {
        std::vector<std::string> all;
        for (const field_error& each : mismatch.errors()) {
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

TEST(Json, RefusesNulsAndWhatIsBehindThem) {
    for (const std::string_view text : {"1\0"sv, "[1]\0]"sv, "\0"sv, "\"\0\""sv, "{}\0 1"sv}) {
        EXPECT_TRUE(detail_of(text).starts_with("The JSON is malformed: ")) << text;
        EXPECT_FALSE(json_text::is_json(text)) << text;
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
                                        "price: expected a number in range"}));
}

TEST(Json, OfTheWholeHasNoName) {
    EXPECT_EQ(complaints("[]"), std::vector<std::string>{": expected an object"});
    EXPECT_EQ(complaints<int>("5000000000"),
              std::vector<std::string>{": expected an integer in range"});
    EXPECT_EQ(complaints<std::string>("1"),
              std::vector<std::string>{": type must be string, but is number"});
}

TEST(Json, FloatsAreNumbersInRange) {
    const std::vector<std::string> refused{": expected a number in range"};
    EXPECT_EQ(bind_json<float>(parse_json("1.5")), 1.5F);
    EXPECT_EQ(bind_json<float>(parse_json("-3")), -3.0F);
    EXPECT_EQ(bind_json<float>(parse_json("3.4e38")), 3.4e38F);
    EXPECT_EQ(bind_json<double>(parse_json("1e300")), 1e300);
    for (const std::string_view text : {"true", "\"1\"", "null", "1e300", "-1e300", "3.5e38"}) {
        EXPECT_EQ(complaints<float>(text), refused) << text;
    }
    EXPECT_EQ(complaints<double>("true"), refused);
    EXPECT_THROW(static_cast<void>(bind_json<double>(std::numeric_limits<double>::infinity())),
                 json_mismatch);
}

TEST(Json, EnumsWithFromTextAreText) {
    EXPECT_EQ(bind_json<shop::colour>("green"), shop::colour::green);
    for (const std::string_view text : {"\"blue\"", "1", "null", "true", "{}"}) {
        EXPECT_EQ(complaints<shop::colour>(text),
                  std::vector<std::string>{": has a value that is not understood"})
            << text;
    }
    EXPECT_EQ(json(shop::colour::green), "green");
    EXPECT_EQ(json(std::vector{shop::colour::red}).get<std::vector<shop::colour>>(),
              std::vector{shop::colour::red});
    EXPECT_THROW(static_cast<void>(json("blue").get<shop::colour>()), json_mismatch);
}

TEST(Json, EnumsThatNlohmannNamesTakeTheirNamesOnly) {
    EXPECT_EQ(bind_json<shop::size>("large"), shop::size::large);
    EXPECT_EQ(json(shop::size::large), "large");
    for (const std::string_view text : {"\"huge\"", "1", "null", "[]"}) {
        EXPECT_EQ(complaints<shop::size>(text),
                  std::vector<std::string>{": has a value that is not understood"})
            << text;
    }
}

TEST(Json, OtherEnumsAreIntegersInRange) {
    static_assert(has_own_to_json<shop::size> && !has_own_to_json<shop::level>);
    EXPECT_EQ(bind_json<shop::level>(255), shop::level{255});
    EXPECT_EQ(bind_json<shop::serial>(parse_json("18446744073709551615")),
              shop::serial{std::numeric_limits<std::uint64_t>::max()});
    for (const std::string_view text : {"999", "256", "1.9", "1.0", "-1"}) {
        EXPECT_EQ(complaints<shop::level>(text),
                  std::vector<std::string>{": has a value that is not understood"})
            << text;
    }
    EXPECT_EQ(complaints<shop::serial>("-1").size(), 1U);
    EXPECT_EQ(complaints<shop::level>("true").size(), 1U);
    EXPECT_EQ(complaints<shop::level>("\"1\"").size(), 1U);
}

TEST(Json, ReadsContainersOfEveryKind) {
    EXPECT_EQ(bind_json<std::vector<bool>>(parse_json("[true,false]")),
              (std::vector<bool>{true, false}));
    EXPECT_EQ(bind_json<std::set<int>>(parse_json("[2,1,2]")), (std::set<int>{1, 2}));
    EXPECT_EQ(bind_json<std::deque<std::string>>(parse_json(R"(["a"])")),
              std::deque<std::string>{"a"});
    EXPECT_EQ((bind_json<std::array<int, 2>>(parse_json("[1,2]"))), (std::array{1, 2}));
    EXPECT_EQ((bind_json<std::pair<int, std::string>>(parse_json(R"([1,"a"])"))),
              (std::pair<int, std::string>{1, "a"}));
    EXPECT_EQ((bind_json<std::unordered_map<std::string, line>>(parse_json(R"({"a":{"sku":"x"}})")))
                  .at("a")
                  .sku,
              "x");
    EXPECT_EQ(bind_json<std::optional<int>>(nullptr), std::nullopt);
    EXPECT_EQ(bind_json<std::optional<int>>(1), 1);
    EXPECT_EQ(bind_json<json>(parse_json("[1]")), json::array({1}));
}

TEST(Json, PathsLeadThroughContainers) {
    using sizes = std::map<std::string, std::vector<std::uint8_t>>;
    EXPECT_EQ(complaints<std::vector<std::uint8_t>>("[1,300,1.9,-1,true]"),
              std::vector<std::string>{"1: expected an integer in range"});
    EXPECT_EQ(complaints<sizes>(R"({"a":[1],"b":[1,2,-1]})"),
              std::vector<std::string>{"b.2: expected an integer in range"});
    EXPECT_EQ(complaints<sizes>("[]"), std::vector<std::string>{": expected an object"});
    EXPECT_EQ((complaints<std::array<std::uint8_t, 2>>("[1,256]")),
              std::vector<std::string>{"1: expected an integer in range"});
    EXPECT_EQ((complaints<std::array<std::uint8_t, 2>>("[1]")),
              std::vector<std::string>{": expected an array of 2"});
    EXPECT_EQ((complaints<std::tuple<std::int8_t, line>>(R"([128,{}])")),
              (std::vector<std::string>{"0: expected an integer in range", "1.sku: is missing"}));
    EXPECT_EQ(complaints<std::vector<std::optional<line>>>(R"([null,{"sku":1}])"),
              std::vector<std::string>{"1.sku: type must be string, but is number"});
}

TEST(Json, PathsCutTheNamesOfTheClient) {
    const json sent{{std::string(1'000, 'k'), "x"}};
    EXPECT_EQ((complaints<std::map<std::string, int>>(sent.dump())),
              std::vector<std::string>{std::string(64, 'k') + ": expected an integer in range"});
}

TEST(Json, TypesOfYourOwnConvertByTheirFromJson) {
    EXPECT_EQ(bind_json<shop::parcel>(parse_json(R"({"of":{"sku":"a"}})")).sku, "a");
    EXPECT_EQ(complaints<std::vector<shop::parcel>>(R"([{"of":{"quantity":-1}}])"),
              (std::vector<std::string>{"0.sku: is missing",
                                        "0.quantity: expected an integer in range"}));
    EXPECT_EQ(bind_json<shop::sealed>(7).number, 7);
    EXPECT_EQ(complaints<shop::sealed>("\"x\"").size(), 1U);
}

TEST(Json, MismatchIsNoErrorOfTheClient) {
    try {
        static_cast<void>(parse_json(R"({"sku":1,"quantity":-1})").get<line>());
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_EQ(dynamic_cast<const http_error*>(&error), nullptr);
        EXPECT_STREQ(error.what(),
                     "JSON that does not fit: sku type must be string, but is number; "
                     "quantity expected an integer in range");
    }
}

TEST(Json, MismatchOfTheClientsIs422) {
    const http_error fields =
        unprocessable(json_mismatch(std::vector<field_error>{{"a", "is missing"}}));
    EXPECT_EQ(fields.content().status, status::unprocessable_content);
    EXPECT_EQ(fields.content().detail, "Some fields are not acceptable.");
    ASSERT_EQ(fields.content().errors.size(), 1U);
    EXPECT_EQ(fields.content().errors[0].field, "a");
    const http_error whole =
        unprocessable(json_mismatch(std::vector<field_error>{{"", "expected an object"}}));
    EXPECT_EQ(whole.content().detail, "The JSON is not acceptable: expected an object.");
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
