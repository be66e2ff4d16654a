// SPDX-License-Identifier: MIT
#include <cloakroom/json_cursor.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

using namespace std::string_literals;

bool is_well_formed(std::string_view text) {
    json_cursor at(text);
    return at.skip_value() && at.at_end();
}

template <class T>
std::optional<T> read(std::string_view text) {
    json_cursor at(text);
    T value{};
    return at.read(value) && at.at_end() ? std::optional{value} : std::nullopt;
}

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

// Every rule of the grammar, in few bytes.
const std::vector<std::string> documents{
    R"({"a":[1,-2.5e+3,0E-1,true,false,null,""],"b\n\u00e9":{},"":[{"c":"\ud83e\udde5\\\/"}]})",
    " [ \"J\xC3\xBCrgen \xE2\x82\xAC \xF0\x9F\xA7\xA5\" ,\t{ \"a\" :\r\n[ ] } ] ",
    R"({"lines":[{"quantity":2,"sku":"apple"},{"quantity":1,"sku":"pear"}]})",
    R"([[[],[[]],{}],{"a":{"b":{"c":[0]}}}])",
    "-0.125",
    R"("\"\\\/\b\f\n\r\t\u0041")",
};

TEST(JsonCursor, TakesWhatTheGrammarHas) {
    for (const std::string_view text : {"null",
                                        "true",
                                        "false",
                                        "0",
                                        "-0",
                                        "10",
                                        "-1",
                                        "1.5",
                                        "0.0",
                                        "1e5",
                                        "1E+05",
                                        "1e-0",
                                        "-1.25E10",
                                        "1e999",
                                        "123456789012345678901234567890",
                                        "\"\"",
                                        "\"a\"",
                                        "\" \"",
                                        "\"\x7F\"",
                                        R"("\"\\\/\b\f\n\r\t")",
                                        R"("\u0000\uFFFF\uD800\uDC00\udbff\udfff")",
                                        "[]",
                                        "[ ]",
                                        "[1]",
                                        "[1,2]",
                                        "[[]]",
                                        "[{}]",
                                        "{}",
                                        "{ }",
                                        R"({"":1})",
                                        R"({"a":1,"a":2})",
                                        R"({"a":{}})",
                                        " \t\r\n1 \t\r\n",
                                        "\"\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\"",
                                        "\"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\"",
                                        "\xEF\xBB\xBF[]"}) {
        EXPECT_TRUE(is_well_formed(text)) << text;
    }
}

TEST(JsonCursor, RefusesWhatItHasNot) {
    for (const std::string& text : {""s,
                                    " "s,
                                    "nul"s,
                                    "nulll"s,
                                    "True"s,
                                    "TRUE"s,
                                    "tru"s,
                                    "fals"s,
                                    "NaN"s,
                                    "Infinity"s,
                                    "-"s,
                                    "+1"s,
                                    "01"s,
                                    "-01"s,
                                    "00"s,
                                    "1."s,
                                    ".5"s,
                                    "1.e5"s,
                                    "1e"s,
                                    "1e+"s,
                                    "0x1"s,
                                    "1_0"s,
                                    "--1"s,
                                    "1 2"s,
                                    "1,"s,
                                    ",1"s,
                                    "\""s,
                                    "\"a"s,
                                    "'a'"s,
                                    "\"\\"s,
                                    "\"\\\""s,
                                    R"("\x")"s,
                                    R"("\U0041")"s,
                                    R"("\u")"s,
                                    R"("\u004")"s,
                                    R"("\u004g")"s,
                                    R"("\ud800")"s,
                                    R"("\ud800\u0041")"s,
                                    R"("\ud800\ud800")"s,
                                    R"("\ud800x")"s,
                                    R"("\udc00")"s,
                                    R"("\ud800\udc0")"s,
                                    "\"\n\""s,
                                    "\"\t\""s,
                                    "\"\0\""s,
                                    "\"\x1F\""s,
                                    "1\0"s,
                                    "\0"s,
                                    "\f1"s,
                                    "\v1"s,
                                    "\xC2\xA0"
                                    "1"s,
                                    "["s,
                                    "]"s,
                                    "[1"s,
                                    "[1,"s,
                                    "[1,]"s,
                                    "[,]"s,
                                    "[,1]"s,
                                    "[1,,2]"s,
                                    "[1 2]"s,
                                    "[1}"s,
                                    "{"s,
                                    "}"s,
                                    "{]"s,
                                    "{,}"s,
                                    "{1:1}"s,
                                    "{a:1}"s,
                                    R"({"a"})"s,
                                    R"({"a":})"s,
                                    R"({"a":1)"s,
                                    R"({"a":1,)"s,
                                    R"({"a":1,})"s,
                                    R"({"a" 1})"s,
                                    R"({"a":1 "b":2})"s,
                                    R"({"a":1]})"s,
                                    R"({"a"::1})"s,
                                    R"({"a":1:2})"s,
                                    R"([1:2])"s,
                                    "// a\n1"s,
                                    "/**/1"s,
                                    "1#"s,
                                    "\"\x80\""s,
                                    "\"\xC0\x80\""s,
                                    "\"\xC1\xBF\""s,
                                    "\"\xC3\""s,
                                    "\"\xC3(\""s,
                                    "\"\xE0\x9F\xBF\""s,
                                    "\"\xED\xA0\x80\""s,
                                    "\"\xE2\x82\""s,
                                    "\"\xF0\x8F\xBF\xBF\""s,
                                    "\"\xF4\x90\x80\x80\""s,
                                    "\"\xF5\x80\x80\x80\""s,
                                    "\"\xFF\""s,
                                    "\xEF\xBB"s,
                                    "\xEF\xBB\xBF"s,
                                    "1\xEF\xBB\xBF"s}) {
        EXPECT_FALSE(is_well_formed(text)) << text;
    }
}

TEST(JsonCursor, RefusesEveryTruncation) {
    for (const std::string& text : documents) {
        ASSERT_TRUE(is_well_formed(text));
        for (std::size_t bytes = 0; bytes < text.size(); ++bytes) {
            const std::string_view cut = std::string_view{text}.substr(0, bytes);
            EXPECT_EQ(is_well_formed(cut), nlohmann::json::accept(cut)) << cut;
        }
    }
}

// A reader of another make. It takes a byte of 0 for the end.
TEST(JsonCursor, AgreesWithNlohmannOnEveryDamagedByte) {
    for (const std::string& text : documents) {
        for (std::size_t index = 0; index < text.size(); ++index) {
            std::string damaged = text;
            for (int byte = 1; byte < 256; ++byte) {
                damaged[index] = static_cast<char>(byte);
                EXPECT_EQ(is_well_formed(damaged), nlohmann::json::accept(damaged)) << damaged;
            }
            damaged[index] = '\0';
            EXPECT_FALSE(is_well_formed(damaged));
            EXPECT_EQ(is_well_formed(std::string{text}.erase(index, 1)),
                      nlohmann::json::accept(std::string{text}.erase(index, 1)));
        }
    }
}

TEST(JsonCursor, NestingHasALimit) {
    EXPECT_TRUE(is_well_formed(nested(max_json_depth)));
    for (const std::string& text : {nested(max_json_depth + 1), std::string(1'000'000, '[')}) {
        json_cursor at(text);
        EXPECT_FALSE(at.skip_value());
        EXPECT_TRUE(at.failed());
        EXPECT_TRUE(at.is_too_deep());
    }
    json_cursor stepped{std::string_view{R"([{"a":[)"}};
    EXPECT_TRUE(stepped.begin_array() && stepped.next_element() && stepped.begin_object());
    json_cursor malformed("[");
    EXPECT_FALSE(malformed.skip_value());
    EXPECT_FALSE(malformed.is_too_deep());
}

TEST(JsonCursor, SteppingHasTheSameLimit) {
    const std::string text = nested(max_json_depth + 1);
    json_cursor at(text);
    std::size_t depth = 0;
    while (at.begin_array() && at.next_element()) {
        ++depth;
    }
    EXPECT_EQ(depth, max_json_depth);
    EXPECT_TRUE(at.is_too_deep());
}

TEST(JsonCursor, WhatWasClosedDoesNotCount) {
    std::string text = "[";
    for (std::size_t count = 0; count < 1000; ++count) {
        text += nested(max_json_depth - 1) + ",";
    }
    EXPECT_TRUE(is_well_formed(text + "0]"));
}

TEST(JsonCursor, StepsThroughMembersAndElements) {
    json_cursor at(R"( { "a" : 1 , "\u0062\"" : [ true , [] , "x" ] , "c" : null } )");
    std::string_view name;
    long long number = 0;
    bool flag = false;
    std::string text;
    ASSERT_TRUE(at.begin_object());
    ASSERT_TRUE(at.next_member(name));
    EXPECT_EQ(name, "a");
    EXPECT_TRUE(at.read(number));
    EXPECT_EQ(number, 1);
    ASSERT_TRUE(at.next_member(name));
    EXPECT_EQ(name, "b\"");
    ASSERT_TRUE(at.begin_array());
    EXPECT_TRUE(at.next_element() && at.read(flag) && flag);
    EXPECT_TRUE(at.next_element() && at.begin_array());
    EXPECT_FALSE(at.next_element());
    EXPECT_TRUE(at.next_element() && at.read(text));
    EXPECT_EQ(text, "x");
    EXPECT_FALSE(at.next_element());
    ASSERT_TRUE(at.next_member(name));
    EXPECT_TRUE(at.read_null());
    EXPECT_FALSE(at.at_end());
    EXPECT_FALSE(at.next_member(name));
    EXPECT_TRUE(at.at_end());
    EXPECT_FALSE(at.failed());
}

TEST(JsonCursor, TellsAnotherTypeFromMalformedText) {
    const std::array<std::pair<std::string_view, json_kind>, 6> values{
        {{"null", json_kind::null},
         {"true", json_kind::boolean},
         {"1", json_kind::number},
         {"\"a\"", json_kind::string},
         {"[1]", json_kind::array},
         {R"({"a":1})", json_kind::object}}};
    for (const auto& [text, kind] : values) {
        json_cursor at(text);
        bool flag = false;
        long long number = 0;
        double real = 0;
        std::string string;
        EXPECT_EQ(at.kind(), kind);
        EXPECT_TRUE(kind == json_kind::boolean || !at.read(flag));
        EXPECT_TRUE(kind == json_kind::number || (!at.read(number) && !at.read(real)));
        EXPECT_TRUE(kind == json_kind::string || !at.read(string));
        EXPECT_TRUE(kind == json_kind::null || !at.read_null());
        EXPECT_TRUE(kind == json_kind::array || !at.begin_array());
        EXPECT_TRUE(kind == json_kind::object || !at.begin_object());
        EXPECT_FALSE(at.failed()) << text;
        EXPECT_EQ(at.take_value(), text);
        EXPECT_TRUE(at.at_end());
    }
}

TEST(JsonCursor, EveryCallIsFalseAfterAFailure) {
    json_cursor at("[1 2]");
    bool flag = false;
    std::string_view name;
    EXPECT_TRUE(at.begin_array() && at.next_element() && at.skip_value());
    EXPECT_FALSE(at.next_element());
    EXPECT_TRUE(at.failed());
    EXPECT_EQ(at.position(), 3U);
    EXPECT_FALSE(at.skip_value());
    EXPECT_FALSE(at.next_element());
    EXPECT_FALSE(at.next_member(name));
    EXPECT_FALSE(at.begin_array());
    EXPECT_FALSE(at.read(flag));
    EXPECT_EQ(at.take_value(), "");
    EXPECT_EQ(at.kind(), json_kind::none);
    EXPECT_FALSE(at.at_end());
}

TEST(JsonCursor, WrongUseFails) {
    json_cursor outside("]");
    EXPECT_FALSE(outside.next_element());
    EXPECT_TRUE(outside.failed());
    json_cursor mixed("[1]");
    std::string_view name;
    EXPECT_TRUE(mixed.begin_array());
    EXPECT_FALSE(mixed.next_member(name));
    EXPECT_TRUE(mixed.failed());
    json_cursor unread("[1,2]");
    EXPECT_TRUE(unread.begin_array() && unread.next_element());
    EXPECT_FALSE(unread.next_element());
    EXPECT_TRUE(unread.failed());
}

TEST(JsonCursor, ReadsIntegersToTheirLimits) {
    EXPECT_EQ(read<long long>("-9223372036854775808"), std::numeric_limits<long long>::min());
    EXPECT_EQ(read<long long>("9223372036854775807"), std::numeric_limits<long long>::max());
    EXPECT_EQ(read<unsigned long long>("18446744073709551615"),
              std::numeric_limits<unsigned long long>::max());
    EXPECT_EQ(read<unsigned long long>("-0"), 0U);
    EXPECT_EQ(read<long long>("-0"), 0);
    for (const std::string_view text :
         {"9223372036854775808", "-9223372036854775809", "1.0", "1e2"}) {
        json_cursor at(text);
        long long number = 7;
        EXPECT_FALSE(at.read(number)) << text;
        EXPECT_EQ(number, 7);
        EXPECT_FALSE(at.failed());
        EXPECT_TRUE(at.skip_value() && at.at_end());
    }
    EXPECT_FALSE(read<unsigned long long>("18446744073709551616"));
    EXPECT_FALSE(read<unsigned long long>("-1"));
}

TEST(JsonCursor, ReadsDoublesToTheirLimits) {
    EXPECT_EQ(read<double>("3"), 3.0);
    EXPECT_EQ(read<double>("-2.5e-3"), -0.0025);
    EXPECT_EQ(read<double>("1.7976931348623157e308"), std::numeric_limits<double>::max());
    EXPECT_EQ(read<double>("5e-324"), std::numeric_limits<double>::denorm_min());
    for (const std::string_view text :
         {"1e-999", "2e-324", "1e-99999999999999999999", "0.1e-9223372036854775807", "1000E-999"}) {
        EXPECT_EQ(read<double>(text), 0.0) << text;
    }
    EXPECT_EQ(read<double>("0." + std::string(400, '0') + "1"), 0.0);
    EXPECT_TRUE(std::signbit(read<double>("-1e-999").value_or(1)));
    for (const std::string_view text : {"1e999", "-1e309", "1e+99999999999999999999",
                                        "0.001e9223372036854775807", "1e9223372036854775807"}) {
        EXPECT_FALSE(read<double>(text)) << text;
    }
    EXPECT_FALSE(read<double>("1" + std::string(400, '0')));
    EXPECT_TRUE(is_well_formed("1e999"));
}

TEST(JsonCursor, DecodesStrings) {
    EXPECT_EQ(read<std::string>(R"("")"), "");
    EXPECT_EQ(read<std::string>(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(read<std::string>(R"("a\u0000b")"), "a\0b"s);
    EXPECT_EQ(read<std::string>(R"("\u007f\u0080\u07FF\u0800\uffff")"),
              "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF");
    EXPECT_EQ(read<std::string>(R"("\ud800\udc00 \uDBFF\uDFFF!")"),
              "\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF!");
}

TEST(JsonCursor, AgreesWithNlohmannOnEveryEscapedUnit) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (unsigned unit = 0; unit < 0x10000; ++unit) {
        std::string text = "\"\\u0000\"";
        for (unsigned index = 0; index < 4; ++index) {
            text[6 - index] = digits[unit >> 4 * index & 0xFU];
        }
        const nlohmann::json parsed = nlohmann::json::parse(text, nullptr, false);
        const std::optional<std::string> value = read<std::string>(text);
        ASSERT_EQ(value.has_value(), parsed.is_string()) << text;
        ASSERT_TRUE(!value || *value == parsed.get<std::string>()) << text;
    }
}

TEST(JsonCursor, TakesAValueAsItIsWritten) {
    json_cursor at(R"({"a" : [ 1, {"b":"\n]"} ] , "c":2})");
    std::string_view name;
    ASSERT_TRUE(at.begin_object() && at.next_member(name));
    EXPECT_EQ(at.take_value(), R"([ 1, {"b":"\n]"} ])");
    ASSERT_TRUE(at.next_member(name));
    EXPECT_EQ(at.take_value(), "2");
    EXPECT_FALSE(at.next_member(name));
    EXPECT_TRUE(at.at_end());
}

}  // namespace
}  // namespace cloakroom
