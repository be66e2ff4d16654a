// SPDX-License-Identifier: MIT
#include <cloakroom/json_codec.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace cloakroom {
namespace {

using namespace std::string_literals;

template <class T>
std::string encoded(const T& value) {
    std::string out;
    json_codec<T>::encode(out, value);
    return out;
}

template <class T>
std::optional<T> decoded(std::string_view json) {
    T value{};
    return json_codec<T>::decode(json, value) ? std::optional{value} : std::nullopt;
}

template <class T>
void expect_round_trip(const T& value) {
    EXPECT_EQ(decoded<T>(encoded(value)), value) << encoded(value);
}

TEST(JsonCodec, WritesJson) {
    EXPECT_EQ(encoded(true), "true");
    EXPECT_EQ(encoded(false), "false");
    EXPECT_EQ(encoded(-7), "-7");
    EXPECT_EQ(encoded(7U), "7");
    EXPECT_EQ(encoded("text"s), "\"text\"");
    EXPECT_EQ(encoded(std::string_view{"text"}), "\"text\"");
    EXPECT_EQ(encoded<const char*>("text"), "\"text\"");
}

TEST(JsonCodec, AppendsToWhatIsThere) {
    std::string out = "1.5,";
    json_codec<double>::encode(out, 2);
    EXPECT_EQ(out, "1.5,2.0");
}

TEST(JsonCodec, KeepsWhatItWrote) {
    expect_round_trip(true);
    expect_round_trip(false);
    expect_round_trip(std::numeric_limits<long long>::min());
    expect_round_trip(std::numeric_limits<long long>::max());
    expect_round_trip(std::numeric_limits<unsigned long long>::max());
    expect_round_trip(std::int8_t{-128});
    for (const double value : {0.0, -0.0, 1.0, 0.1, -2.5e-300, 1e22, 1.7976931348623157e308, 5e-324,
                               12345678901234567890.0}) {
        expect_round_trip(value);
    }
    expect_round_trip(0.1F);
    expect_round_trip(std::numeric_limits<float>::max());
}

TEST(JsonCodec, WritesDoublesThatStayDoubles) {
    EXPECT_EQ(encoded(1.0), "1.0");
    EXPECT_EQ(encoded(-0.0), "-0.0");
    EXPECT_EQ(encoded(0.5), "0.5");
    EXPECT_EQ(encoded(1e300), "1e+300");
    EXPECT_FALSE(decoded<int>(encoded(1.0)));
    EXPECT_FALSE(decoded<int>(encoded(1e300)));
}

TEST(JsonCodec, RefusesNumbersThatJsonCannotExpress) {
    EXPECT_THROW(encoded(std::numeric_limits<double>::infinity()), std::invalid_argument);
    EXPECT_THROW(encoded(std::nan("")), std::invalid_argument);
}

TEST(JsonCodec, ReadsIntegersAsNumbers) {
    EXPECT_EQ(decoded<double>("3"), 3.0);
}

TEST(JsonCodec, RefusesIntegersThatDoNotFit) {
    EXPECT_EQ(decoded<std::int8_t>("127"), 127);
    EXPECT_FALSE(decoded<std::int8_t>("128"));
    EXPECT_EQ(decoded<std::uint8_t>("255"), 255);
    EXPECT_FALSE(decoded<std::uint8_t>("256"));
    EXPECT_FALSE(decoded<unsigned>("-1"));
    EXPECT_FALSE(decoded<long long>("9223372036854775808"));
    EXPECT_FALSE(decoded<unsigned long long>("18446744073709551616"));
    EXPECT_FALSE(decoded<float>("1e39"));
    EXPECT_FALSE(decoded<double>("1e999"));
}

TEST(JsonCodec, IsStrictAboutNumbers) {
    for (const char* text : {"",   "-",    "+1",    "01",  "-01",  "00",    " 1",   "1 ",   "1.",
                             ".5", "1.e1", "1e",    "1e+", "0x10", "inf",   "nan",  "-inf", "NaN",
                             "1,", "true", "\"1\"", "--1", "1-",   "1.5.5", "1e5.5"}) {
        EXPECT_FALSE(decoded<double>(text)) << text;
        EXPECT_FALSE(decoded<int>(text)) << text;
        EXPECT_FALSE(decoded<unsigned>(text)) << text;
    }
    EXPECT_FALSE(decoded<int>("1.0"));
    EXPECT_FALSE(decoded<int>("1e2"));
    EXPECT_EQ(decoded<int>("0"), 0);
    EXPECT_EQ(decoded<int>("-0"), 0);
    EXPECT_EQ(decoded<int>("100"), 100);
    EXPECT_EQ(decoded<double>("1E2"), 100.0);
    EXPECT_EQ(decoded<double>("-0.5e-1"), -0.05);
}

TEST(JsonCodec, ReadsOnlyTrueAndFalseAsBool) {
    for (const char* text : {"", "1", "0", "True", "true ", "null", "\"true\""}) {
        EXPECT_FALSE(decoded<bool>(text)) << text;
    }
}

TEST(JsonCodec, KeepsAnyUtf8Text) {
    for (const std::string& text :
         {""s, "plain"s, "\"quoted\" \\ and / slash"s, "line\nfeed\ttab\0nul\x1F\x7F"s,
          "J\xC3\xBCrgen \xE2\x82\xAC \xF0\x9F\xA7\xA5"s, std::string(5000, '\\')}) {
        expect_round_trip(text);
    }
}

TEST(JsonCodec, ReplacesBytesThatAreNotUtf8) {
    EXPECT_EQ(decoded<std::string>(encoded("a\xFF\x62"s)), "a\xEF\xBF\xBD\x62");
    EXPECT_EQ(decoded<std::string>(encoded("\xC3"s)), "\xEF\xBF\xBD");
}

// So what sessions hold stays the same text.
TEST(JsonCodec, WritesTextAsNlohmannDoes) {
    const auto written = [](const std::string& text) {
        return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    };
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string text{'a', static_cast<char>(first), static_cast<char>(second), 'b'};
            ASSERT_EQ(encoded(text), written(text)) << first << " " << second;
        }
    }
    for (const std::string& text :
         {"\xE2\x82\xAC"s, "\xE2\x82"s, "\xE2\x82x"s, "\xF0\x9F\xA7\xA5"s, "\xF0\x9F\xA7"s,
          "\xED\xA0\x80"s, "\xF4\x90\x80\x80"s, "\xE0\x80\x80"s}) {
        EXPECT_EQ(encoded(text), written(text));
    }
}

TEST(JsonCodec, ReadsEscapes) {
    EXPECT_EQ(decoded<std::string>(R"("\u00fc\ud83e\udde5\n\/")"), "\xC3\xBC\xF0\x9F\xA7\xA5\n/");
}

TEST(JsonCodec, RefusesWhatIsNoString) {
    for (const char* text : {"", "\"", "1", "null", "[\"a\"]", "{}", "\"a", "a\"", R"("\")",
                             R"("\x")", R"("\ud83e")", R"("a" "b")", R"("a","\n")"}) {
        EXPECT_FALSE(decoded<std::string>(text)) << text;
    }
}

}  // namespace
}  // namespace cloakroom
