// SPDX-License-Identifier: MIT
// json_text_reader and json_reader are two ways to the same values and the same sentences.
#include <cloakroom/json.hpp>
#include <cloakroom/json_fields.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace warehouse {

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

/// Converts in nlohmann_json's way, and reads a struct with fields in that.
struct parcel {
    int weight = 0;
    std::map<std::string, std::uint8_t> labels;
};

void to_json(cloakroom::json& out, const parcel& value) {
    out = {{"weight", value.weight}, {"labels", value.labels}};
}

void from_json(const cloakroom::json& in, parcel& value) {
    in.at("weight").get_to(value.weight);
    value.labels = cloakroom::bind_json<std::map<std::string, std::uint8_t>>(in.at("labels"));
}

}  // namespace warehouse

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
    line first{"none", 3};
    std::vector<line> more;
    std::array<std::uint8_t, 2> codes{};
    std::map<std::string, std::vector<int>> sizes;
    bool is_paid = false;
    double price = 0;
    float weight = 0;
    warehouse::colour colour = warehouse::colour::red;
    warehouse::size size = warehouse::size::large;
    warehouse::level level{};
    warehouse::parcel parcel;
    json rest;
    static constexpr auto fields = cloakroom::fields(
        field("id", &order::id), field("big", &order::big).optional(),
        field("discount", &order::discount), field("gift", &order::gift),
        field("first", &order::first).optional(), field("more", &order::more).optional(),
        field("codes", &order::codes).optional(), field("sizes", &order::sizes).optional(),
        field("paid", &order::is_paid).optional(), field("price", &order::price).optional(),
        field("weight", &order::weight).optional(), field("colour", &order::colour).optional(),
        field("size", &order::size).optional(), field("level", &order::level).optional(),
        field("parcel", &order::parcel).optional(), field("rest", &order::rest).optional());
};

using complaints = std::vector<std::string>;

complaints all_of(const std::vector<field_error>& errors) {
    complaints all;
    for (const field_error& each : errors) {
        all.push_back(each.field + ": " + each.message);
    }
    return all;
}

// Whether both ways lead to the same value, or the same complaints.
template <class T>
void expect_agreement(std::string_view text) {
    std::string expected;
    complaints refused;
    try {
        const T bound = bind_json<T>(json::parse(text));
        if constexpr (requires { json(bound); }) {  // nlohmann_json does not write optionals
            expected = to_json_text(json(bound));
        }
    } catch (const json_mismatch& mismatch) {
        refused = all_of(mismatch.errors());
    }
    T value{};
    std::vector<field_error> errors;
    const json_outcome outcome = read_json(text, value, errors);
    EXPECT_EQ(outcome, refused.empty() ? json_outcome::read : json_outcome::mismatched) << text;
    EXPECT_EQ(all_of(errors), refused) << text;
    if (!expected.empty() && outcome == json_outcome::read) {
        std::string written;
        write_json(written, value);
        EXPECT_EQ(written, expected) << text;
    }
}

const std::vector<std::string> values{"null",
                                      "true",
                                      "0",
                                      "-0",
                                      "1",
                                      "-1",
                                      "255",
                                      "256",
                                      "1.0",
                                      "1.5",
                                      "-0.0",
                                      "1e2",
                                      "1e300",
                                      "-1e300",
                                      "3.4e38",
                                      "3.5e38",
                                      "1e-400",
                                      "2147483647",
                                      "2147483648",
                                      "-2147483649",
                                      "9223372036854775807",
                                      "9223372036854775808",
                                      "-9223372036854775808",
                                      "-9223372036854775809",
                                      "18446744073709551615",
                                      "18446744073709551616",
                                      "\"\"",
                                      "\"a\\u00e4\\u0001\"",
                                      "\"green\"",
                                      "\"blue\"",
                                      "\"small\"",
                                      "\"huge\"",
                                      "[]",
                                      "{}",
                                      "[1,2]",
                                      "[1,256]",
                                      "[1,2,3]",
                                      "[1,\"a\"]",
                                      "[[1],[true]]",
                                      R"({"sku":"a"})",
                                      R"({"sku":1,"quantity":-1})",
                                      R"({"quantity":256,"x":1})",
                                      R"([{"sku":"a","quantity":2},{"sku":"b"}])",
                                      R"([{"sku":"a"},{},{}])",
                                      R"([null,{"sku":1}])",
                                      R"({"a":[1],"b":[1,2,-1],"c":[true]})",
                                      R"({"c":["x"],"a":[1],"b":{}})",
                                      R"({"sku":"a","sku":1})",
                                      R"({"sku":1,"sku":"a"})",
                                      R"({"a":1,"a":300})",
                                      R"({"a":300,"b":1,"a":1})",
                                      R"({"sku":"a","quantity":9,"sku":"b"})",
                                      R"({"weight":1,"labels":{"b":-1}})",
                                      R"({"weight":1,"labels":{"b":1}})",
                                      R"({"weight":"x","labels":{}})",
                                      R"({"weight":1})"};

TEST(JsonFieldsAgreement, OnValuesOfEveryType) {
    for (const std::string& text : values) {
        expect_agreement<bool>(text);
        expect_agreement<std::int8_t>(text);
        expect_agreement<std::uint8_t>(text);
        expect_agreement<int>(text);
        expect_agreement<std::int64_t>(text);
        expect_agreement<std::uint64_t>(text);
        expect_agreement<std::string>(text);
        expect_agreement<warehouse::colour>(text);
        expect_agreement<warehouse::size>(text);
        expect_agreement<warehouse::level>(text);
        expect_agreement<warehouse::parcel>(text);
        expect_agreement<json>(text);
        expect_agreement<line>(text);
        expect_agreement<std::optional<int>>(text);
        expect_agreement<std::optional<line>>(text);
        expect_agreement<std::vector<line>>(text);
        expect_agreement<std::vector<std::optional<line>>>(text);
        expect_agreement<std::vector<std::vector<bool>>>(text);
        expect_agreement<std::set<std::uint8_t>>(text);
        expect_agreement<std::array<std::uint8_t, 2>>(text);
        expect_agreement<std::tuple<int, std::string>>(text);
        expect_agreement<std::map<std::string, std::vector<std::uint8_t>>>(text);
        expect_agreement<std::unordered_map<std::string, std::uint8_t>>(text);
        expect_agreement<std::vector<warehouse::parcel>>(text);
        expect_agreement<std::vector<warehouse::colour>>(text);
    }
}

TEST(JsonFieldsAgreement, OnFloats) {
    for (const std::string& text : values) {
        if (text != "-0" && text != "1e300" && text != "-1e300" && text != "3.4e38" &&
            text != "3.5e38" && text != "1e2" &&
            text.size() < 10) {  // such are written in another way
            expect_agreement<float>(text);
            expect_agreement<double>(text);
        }
        float value = 0;
        std::vector<field_error> errors;
        const bool is_read = read_json(text, value, errors) == json_outcome::read;
        EXPECT_EQ(is_read, holds_number<float>(json::parse(text))) << text;
        EXPECT_TRUE(!is_read || value == json::parse(text).get<float>()) << text;
    }
}

TEST(JsonFieldsAgreement, OnEachMemberOfAStruct) {
    const order plain;
    std::vector<std::string> names;
    order::fields.for_each([&](const auto& each) { names.emplace_back(each.name); });
    for (const std::string& name : names) {
        for (const std::string& text : values) {
            if (name == "price" || name == "weight") {
                continue;
            }
            expect_agreement<order>(R"({"id":1,")" + name + "\":" + text + "}");
            expect_agreement<order>("{\"" + name + "\":" + text + R"(,"id":"x","codes":[1,-1]})");
            expect_agreement<std::vector<order>>(R"([{"id":1},{")" + name + "\":" + text + "}]");
        }
    }
}

TEST(JsonFieldsAgreement, OnAllThatIsWrongAtOnce) {
    expect_agreement<order>(R"({"gift":7,"first":{"sku":1,"quantity":-1},"paid":1,"codes":{},)"
                            R"("more":[{"sku":"a"},{},{}],"price":"1","weight":null,"size":"x",)"
                            R"("level":256,"colour":"blue","parcel":{},"sizes":{"b":1,"a":[""]}})");
}

TEST(JsonFieldsAgreement, NamesOfTheClientAreCut) {
    expect_agreement<std::map<std::string, int>>("{\"" + std::string(1'000, 'k') + "\":\"x\"}");
}

TEST(JsonFieldsAgreement, OnWhoseConversionCounts) {
    static_assert(json_native<line> && json_native<warehouse::colour> &&
                  json_native<warehouse::level>);
    static_assert(json_native<std::vector<warehouse::parcel>>);
    static_assert(!json_native<warehouse::size> && !json_native<warehouse::parcel> &&
                  !json_native<json>);
    static_assert(!json_native<std::string> && !json_native<int> && !json_native<const char*>);
    static_assert(!json_native<std::map<int, int>> && !json_native<std::u8string>);
}

TEST(JsonFieldsAgreement, OnWhatSessionsHold) {
    order made;
    made.id = 7;
    made.more = {{"a", 2}, {"b\x01\xC3\xA4", 1}};
    made.sizes = {{"b", {1}}, {"a", {}}};
    made.price = 2.5;
    made.parcel = {3, {{"x", 1}}};
    made.rest = {{"a", nullptr}};
    std::string text;
    json_codec<order>::encode(text, made);
    EXPECT_EQ(text, to_json_text(json(made)));
    order again;
    EXPECT_TRUE(json_codec<order>::decode(text, again));
    EXPECT_EQ(to_json_text(json(again)), text);
}

}  // namespace
}  // namespace cloakroom
