// SPDX-License-Identifier: MIT
// What json.hpp adds is in json_fields_agreement_test.cpp: here everything does without.
#include <cloakroom/json_fields.hpp>

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

using namespace std::string_literals;

enum class colour { red, green };

bool from_text(std::string_view text, colour& value) {
    value = text == "green" ? colour::green : colour::red;
    return text == "green" || text == "red";
}

std::string_view to_text(colour value) {
    return value == colour::green ? "green" : "red";
}

enum class level : std::int8_t {};
enum class serial : std::uint64_t {};

struct line {
    std::string sku;
    int quantity = 1;
    static constexpr auto fields =
        cloakroom::fields(field("sku", &line::sku), field("quantity", &line::quantity).optional());

    friend bool operator==(const line&, const line&) = default;
};

struct cart {
    std::vector<line> lines;
    line gift{"none", 0};
    std::optional<colour> wrapping;
    static constexpr auto fields =
        cloakroom::fields(field("lines", &cart::lines), field("gift", &cart::gift).optional(),
                          field("wrapping", &cart::wrapping));

    friend bool operator==(const cart&, const cart&) = default;
};

struct tree {
    std::vector<tree> of;
    static constexpr auto fields = cloakroom::fields(field("of", &tree::of));
};

struct opened {};

struct fieldless {
    static constexpr auto fields = cloakroom::fields();
};

template <class T>
std::string written(const T& value) {
    std::string text;
    write_json(text, value);
    return text;
}

template <class T>
std::optional<T> read(std::string_view text) {
    T value{};
    std::vector<field_error> errors;
    return read_json(text, value, errors) == json_outcome::read ? std::optional{value}
                                                                : std::nullopt;
}

template <class T>
json_outcome outcome(std::string_view text) {
    T value{};
    std::vector<field_error> errors;
    const json_outcome result = read_json(text, value, errors);
    EXPECT_EQ(errors.empty(), result != json_outcome::mismatched) << text;
    return result;
}

template <class T>
std::vector<std::string> complaints(std::string_view text) {
    T value{};
    std::vector<field_error> errors;
    EXPECT_EQ(read_json(text, value, errors), json_outcome::mismatched) << text;
    std::vector<std::string> all;
    for (const field_error& each : errors) {
        all.push_back(each.field + ": " + each.message);
    }
    return all;
}

template <class T>
void expect_round_trip(const T& value, std::string_view text) {
    EXPECT_EQ(written(value), text);
    EXPECT_EQ(read<T>(text), std::optional<T>(std::in_place, value)) << text;
    std::string encoded;
    json_codec<T>::encode(encoded, value);
    EXPECT_EQ(encoded, text);
    T decoded{};
    EXPECT_TRUE(json_codec<T>::decode(text, decoded));
    EXPECT_EQ(decoded, value);
}

TEST(JsonFields, ConvertEveryKindOfType) {
    expect_round_trip(true, "true");
    expect_round_trip(-7, "-7");
    expect_round_trip('a', "97");
    expect_round_trip(1.5F, "1.5");
    expect_round_trip("J\xC3\xBC\n\""s, "\"J\xC3\xBC\\n\\\"\"");
    expect_round_trip(std::optional<int>{}, "null");
    expect_round_trip(std::optional{1}, "1");
    expect_round_trip(colour::green, "\"green\"");
    expect_round_trip(level{-128}, "-128");
    expect_round_trip(serial{std::numeric_limits<std::uint64_t>::max()}, "18446744073709551615");
    expect_round_trip(std::vector<int>{}, "[]");
    expect_round_trip(std::vector{1, 2}, "[1,2]");
    expect_round_trip(std::vector<bool>{true, false}, "[true,false]");
    expect_round_trip(std::vector<std::optional<line>>{{}, line{"a", 2}},
                      R"([null,{"quantity":2,"sku":"a"}])");
    expect_round_trip(std::deque{"a"s}, R"(["a"])");
    expect_round_trip(std::list{colour::red}, R"(["red"])");
    expect_round_trip(std::set{2, 1}, "[1,2]");
    expect_round_trip(std::unordered_set{1}, "[1]");
    expect_round_trip(std::array{1, 2}, "[1,2]");
    expect_round_trip(std::array<int, 0>{}, "[]");
    expect_round_trip(std::pair{1, "a"s}, R"([1,"a"])");
    expect_round_trip(std::tuple{true, line{"a", 2}, std::vector<int>{}},
                      R"([true,{"quantity":2,"sku":"a"},[]])");
    expect_round_trip(std::tuple<>{}, "[]");
    expect_round_trip(std::map<std::string, int>{}, "{}");
    expect_round_trip(std::map<std::string, int>{{"b\"", 1}, {"a", 2}}, R"({"a":2,"b\"":1})");
    expect_round_trip(line{"a", 2}, R"({"quantity":2,"sku":"a"})");
    expect_round_trip(cart{{{"a", 2}}, {"b", 1}, colour::red},
                      R"({"gift":{"quantity":1,"sku":"b"},"lines":[{"quantity":2,"sku":"a"}],)"
                      R"("wrapping":"red"})");
}

TEST(JsonFields, ConvertTimes) {
    using namespace std::chrono_literals;
    expect_round_trip(-5s, "-5");
    expect_round_trip(std::chrono::duration<double>{0.25}, "0.25");
    expect_round_trip(std::chrono::sys_time<std::chrono::milliseconds>{1'800'000'000'123ms},
                      "1800000000123");
    expect_round_trip(std::chrono::system_clock::time_point{7ns}, "7");
    EXPECT_EQ(complaints<std::chrono::minutes>("1.5"),
              std::vector<std::string>{": expected an integer in range"});
    static_assert(!json_native<std::chrono::steady_clock::time_point>);
}

TEST(JsonFields, StructsWithNothingInThemAreObjects) {
    EXPECT_EQ(written(opened{}), "{}");
    EXPECT_EQ(written(fieldless{}), "{}");
    for (const std::string_view text : {"{}", R"({"a":[1,{}],"b":{"c":1}})"}) {
        EXPECT_TRUE(read<opened>(text)) << text;
        EXPECT_TRUE(read<fieldless>(text)) << text;
    }
    EXPECT_EQ(complaints<opened>("[]"), std::vector<std::string>{": expected an object"});
    EXPECT_EQ(complaints<fieldless>("1"), std::vector<std::string>{": expected an object"});
    EXPECT_EQ(outcome<opened>(R"({"a":})"), json_outcome::malformed);
    static_assert(!json_native<decltype([] {})>);
}

TEST(JsonFields, WhatIsEqualIsOneText) {
    std::unordered_map<std::string, int> forwards;
    std::unordered_map<std::string, int> backwards;
    for (int key = 0; key < 100; ++key) {
        forwards[std::to_string(key)] = key;
        backwards[std::to_string(99 - key)] = 99 - key;
    }
    EXPECT_EQ(written(forwards), written(backwards));
    EXPECT_EQ(written(forwards),
              written(std::map<std::string, int>(backwards.begin(), backwards.end())));
    EXPECT_EQ((read<std::unordered_map<std::string, int>>(written(forwards))), forwards);
}

TEST(JsonFields, KeepDoublesToTheLastBit) {
    std::mt19937_64 random(1);
    for (int count = 0; count < 100'000; ++count) {
        const auto value = std::bit_cast<double>(random());
        if (value - value == 0) {
            const std::optional<double> again = read<double>(written(value));
            ASSERT_TRUE(again);
            ASSERT_EQ(std::bit_cast<std::uint64_t>(*again), std::bit_cast<std::uint64_t>(value));
        }
    }
    EXPECT_THROW(written(std::vector{std::numeric_limits<double>::infinity()}),
                 std::invalid_argument);
}

template <class Integer>
void expect_limits() {
    using limits = std::numeric_limits<Integer>;
    const std::string lowest = std::to_string(limits::min());
    const std::string highest = std::to_string(limits::max());
    expect_round_trip(std::vector{limits::min(), limits::max()},
                      "[" + lowest + "," + highest + "]");
    std::string above = highest;
    ++above.back();  // no highest number ends in 9
    std::string below = limits::is_signed ? lowest : "-0"s;
    ++below.back();
    EXPECT_EQ(outcome<Integer>(above), json_outcome::mismatched) << above;
    EXPECT_EQ(outcome<Integer>(below), json_outcome::mismatched) << below;
}

TEST(JsonFields, IntegersHaveTheirLimits) {
    expect_limits<std::int8_t>();
    expect_limits<std::uint8_t>();
    expect_limits<std::int16_t>();
    expect_limits<std::uint16_t>();
    expect_limits<std::int32_t>();
    expect_limits<std::uint32_t>();
    expect_limits<std::int64_t>();
    expect_limits<std::uint64_t>();
}

TEST(JsonFields, MembersMayComeInAnyOrderWithWhiteSpaceAndOthers) {
    EXPECT_EQ(read<cart>(R"( { "x" : [{}] , "lines" : [ { "sku" : "\u0061" } ] , "y" : 1 } )"),
              (cart{{{"a", 1}}, {"none", 0}, {}}));
    EXPECT_EQ(read<line>(R"({"sku":"a","quantity":3})"), (line{"a", 3}));
    EXPECT_EQ(read<line>(R"({"\u0073ku":"a"})"), (line{"a", 1}));
}

TEST(JsonFields, TheLastOfTwoMembersCounts) {
    EXPECT_EQ(read<line>(R"({"sku":1,"sku":"a"})"), (line{"a", 1}));
    EXPECT_EQ(read<line>(R"({"sku":"a","sku":"b","quantity":2})"), (line{"b", 2}));
    EXPECT_EQ(complaints<line>(R"({"sku":"a","sku":1})"),
              std::vector<std::string>{"sku: type must be string, but is number"});
    // Nothing of the first one is left.
    EXPECT_EQ(
        read<cart>(R"({"lines":[],"gift":{"sku":"a","quantity":5},"gift":{"sku":"b"}})")->gift,
        (line{"b", 0}));
    EXPECT_EQ((read<std::map<std::string, line>>(
                  R"({"a":{"sku":"a","quantity":5},"a":{"sku":"b"},"\u0061":{"sku":"c"}})")),
              (std::map<std::string, line>{{"a", {"c", 1}}}));
}

TEST(JsonFields, MalformedTextHasNoOtherComplaints) {
    const std::string text = written(cart{{{"a", 2}, {"b", 1}}, {"b\n", 1}, colour::red});
    for (std::size_t bytes = 0; bytes < text.size(); ++bytes) {
        EXPECT_EQ(outcome<cart>(text.substr(0, bytes)), json_outcome::malformed) << bytes;
    }
    for (const char* broken : {R"({"lines":1,"lines")", R"({"lines":[]}})", R"({"lines":[],})",
                               R"({"sku":1,"x":tru})", "{} {}", "", "nul", R"({"lines":[01]})"}) {
        EXPECT_EQ(outcome<cart>(broken), json_outcome::malformed) << broken;
    }
}

TEST(JsonFields, NestingHasALimit) {
    const auto nested = [](std::size_t depth) {  // two levels each
        std::string text = R"({"of":[]})";
        for (std::size_t at = 1; at < depth; ++at) {
            text = R"({"of":[)" + text + "]}";
        }
        return text;
    };
    EXPECT_EQ(outcome<tree>(nested(max_json_depth / 2)), json_outcome::read);
    EXPECT_EQ(outcome<tree>(nested(max_json_depth / 2 + 1)), json_outcome::too_deep);
    EXPECT_EQ(outcome<opened>(R"({"a":)" + std::string(max_json_depth, '[')),
              json_outcome::too_deep);
}

TEST(JsonFields, ErrorsAreAddedToThoseThatAreThere) {
    std::vector<field_error> errors{{"a", "is bad"}};
    line value;
    EXPECT_EQ(read_json("{}", value, errors), json_outcome::mismatched);
    ASSERT_EQ(errors.size(), 2U);
    EXPECT_EQ(errors[1].field, "sku");
    EXPECT_EQ(read_json(R"({"sku":"a"})", value, errors), json_outcome::read);
    EXPECT_EQ(errors.size(), 2U);
}

TEST(JsonFields, NothingOfTheOldValueIsLeft) {
    line value{"old", 9};
    EXPECT_TRUE(json_codec<line>::decode(R"({"sku":"a"})", value));
    EXPECT_EQ(value, (line{"a", 1}));
}

struct many {
    int last = 0;
    std::string first;
    static constexpr auto fields = [] {
        return []<std::size_t... Indices>(std::index_sequence<Indices...>) {
            constexpr std::string_view names =
                "0001020304050607080910111213141516171819202122232425262728293031323334"
                "3536373839404142434445464748495051525354555657585960616263646566676869";
            return cloakroom::fields(field(names.substr(Indices * 2, 2), &many::last).optional()...,
                                     field("first", &many::first));
        }
        (std::make_index_sequence<70>{});
    }();
};

TEST(JsonFields, StructsMayHaveMoreFieldsThanAWordHasBits) {
    EXPECT_EQ(read<many>(R"({"69":7,"first":"a"})")->last, 7);
    EXPECT_EQ(read<many>(R"({"69":7,"first":"a"})")->first, "a");
    EXPECT_EQ(complaints<many>(R"({"69":7,"00":"x"})"),
              (std::vector<std::string>{"00: expected an integer in range", "first: is missing"}));
}

struct unusual_names {
    int with_hyphen = 1;
    int with_quote = 2;
    int long_one = 3;
    static constexpr auto fields =
        cloakroom::fields(field("with-hyphen", &unusual_names::with_hyphen),
                          field("with\"quote", &unusual_names::with_quote),
                          field("a_name_of_more_than_28_letters", &unusual_names::long_one));
};

TEST(JsonFields, MayHaveNamesOfAnyKind) {
    std::string text;
    write_json(text, unusual_names{});
    EXPECT_EQ(text, R"({"a_name_of_more_than_28_letters":3,"with\"quote":2,"with-hyphen":1})");
    EXPECT_EQ(read<unusual_names>(R"({"with-hyphen":4,"with\"quote":5,)"
                                  R"("a_name_of_more_than_28_letters":6})")
                  ->with_quote,
              5);
}

}  // namespace
}  // namespace cloakroom
