// SPDX-License-Identifier: MIT
#include <cloakroom/text.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {
namespace {

using namespace std::string_view_literals;

std::string json_string(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

/// A text of that one byte.
std::string one(int byte) {
    return std::string(1, static_cast<char>(byte));
}

TEST(Text, EqualsIgnoringCaseFoldsLettersOnly) {
    EXPECT_TRUE(equals_ignoring_case("", ""));
    EXPECT_TRUE(equals_ignoring_case("Content-Type", "cONTENT-tYPE"));
    EXPECT_FALSE(equals_ignoring_case("Content-Type", "Content-Typ"));
    EXPECT_FALSE(equals_ignoring_case("@", "`"));  // 0x40 and 0x60: as far apart as A and a
    EXPECT_FALSE(equals_ignoring_case("[", "{"));
    EXPECT_FALSE(equals_ignoring_case("\xC4", "\xE4"));
}

TEST(Text, TokenIsWhatTheGrammarSays) {
    const std::string_view others = "!#$%&'*+-.^_`|~";
    for (int byte = 0; byte < 256; ++byte) {
        const bool is_alphanumeric = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                                     (byte >= 'a' && byte <= 'z');
        const bool is_other = others.find(static_cast<char>(byte)) != std::string_view::npos;
        EXPECT_EQ(is_token(one(byte)), is_alphanumeric || is_other) << byte;
    }
    EXPECT_FALSE(is_token(""));
    EXPECT_FALSE(is_token("a b"));
}

TEST(Text, FieldValueHasNoControlButTab) {
    for (int byte = 0; byte < 256; ++byte) {
        const bool is_control = (byte < 0x20 && byte != '\t') || byte == 0x7F;
        EXPECT_EQ(is_field_value("some text before " + one(byte) + " and after"), !is_control)
            << byte;
    }
    EXPECT_TRUE(is_field_value(""));
}

TEST(Text, TrimmedLosesSpacesAndTabsAtItsEndsAlone) {
    EXPECT_EQ(trimmed(" \t a b\t "), "a b");
    EXPECT_EQ(trimmed(" \t "), "");
    EXPECT_EQ(trimmed(""), "");
    EXPECT_EQ(trimmed("\r\n"), "\r\n");
}

TEST(Text, ListContainsComparesWholeMembersWithoutCase) {
    EXPECT_TRUE(list_contains("keep-alive, Upgrade", "upgrade"));
    EXPECT_TRUE(list_contains(" ,,\tclose ,", "close"));
    EXPECT_FALSE(list_contains("closed, keep", "close"));
    EXPECT_FALSE(list_contains("", "close"));
    EXPECT_FALSE(list_contains(",", ""));
}

TEST(Text, PercentDecodedUndoesEscapes) {
    EXPECT_EQ(percent_decoded("a%20b%2Fc%c3%A4", plus::is_plus), "a b/c\xC3\xA4");
    EXPECT_EQ(percent_decoded("%25%2541", plus::is_plus), "%%41");  // once only
    EXPECT_EQ(percent_decoded("", plus::is_plus), "");
    EXPECT_EQ(percent_decoded("1+1%2B1", plus::is_plus), "1+1+1");
    EXPECT_EQ(percent_decoded("1+1%2B1", plus::is_space), "1 1+1");
}

TEST(Text, PercentDecodedRefusesBadEscapes) {
    for (const std::string_view text : {"%", "%4", "abc%", "abc%4", "%zz", "%4g", "%g4", "%%41",
                                        "%+1", "%-1", "% 1", "%00", "a%00b"}) {
        EXPECT_FALSE(percent_decoded(text, plus::is_plus)) << text;
    }
}

TEST(Text, PercentEncodedKeepsUnreservedCharactersAlone) {
    EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percent_encoded("a b/c+%\xC3\xBF\0"sv), "a%20b%2Fc%2B%25%C3%BF%00");
}

TEST(Text, PercentDecodedUndoesPercentEncoded) {
    std::string every_byte_but_nul;
    for (int byte = 1; byte < 256; ++byte) {
        every_byte_but_nul += one(byte);
    }
    const std::string encoded = percent_encoded(every_byte_but_nul);
    EXPECT_EQ(percent_decoded(encoded, plus::is_plus), every_byte_but_nul);
    EXPECT_EQ(percent_decoded(encoded, plus::is_space), every_byte_but_nul);
}

TEST(Text, JsonStringEscapesQuotesBackslashesAndControls) {
    EXPECT_EQ(json_string(""), R"("")");
    EXPECT_EQ(json_string("plain / text"), R"("plain / text")");
    EXPECT_EQ(json_string("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
    EXPECT_EQ(json_string("\0\x01\x1F\x7F"sv), "\"\\u0000\\u0001\\u001f\x7F\"");
}

TEST(Text, JsonStringKeepsUtf8) {
    // The first and last characters of two, three and four bytes, and those around the surrogates.
    for (const std::string_view character :
         {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
          "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        EXPECT_EQ(json_string(character), '"' + std::string{character} + '"');
    }
}

TEST(Text, JsonStringReplacesWhatIsNotUtf8) {
    const std::array<std::pair<std::string_view, std::string_view>, 15> cases{{
        {"\x80", "?"},                 // continuation without a beginning
        {"a\xFFz", "a?z"},             // never in UTF-8
        {"\xC0\x80", "??"},            // NUL, overlong
        {"\xC1\xBF", "??"},            // overlong
        {"\xE0\x9F\xBF", "???"},       // overlong
        {"\xED\xA0\x80", "???"},       // surrogate
        {"\xED\xBF\xBF", "???"},       // surrogate
        {"\xF0\x8F\xBF\xBF", "????"},  // overlong
        {"\xF4\x90\x80\x80", "????"},  // U+110000
        {"\xF5\x80\x80\x80", "????"},  // beyond
        {"\xC3", "?"},                 // ends too soon
        {"\xE2\x82", "?"},             // ends too soon: one character is missing
        {"\xF0\x9F\x98", "?"},         // ends too soon
        {"\xE2\x82z", "?z"},           // what follows stays
        {"\xF0\x9F\xC3\xA4", "?\xC3\xA4"},
    }};
    for (const auto& [text, expected] : cases) {
        std::string with_replacements = "\"";
        for (const char character : expected) {
            with_replacements += character == '?' ? "\xEF\xBF\xBD" : std::string(1, character);
        }
        EXPECT_EQ(json_string(text), with_replacements + '"') << percent_encoded(text);
    }
}

TEST(Text, AppendingKeepsWhatIsThere) {
    std::string out = "before";
    append_json_string(out, "a");
    append_html_text(out, "<");
    EXPECT_EQ(out, "before\"a\"&lt;");
}

TEST(Text, HtmlTextHasNoMarkup) {
    std::string out;
    append_html_text(out, R"(<a href="x" id='y'>&amp;</a>)");
    EXPECT_EQ(out, "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
}

}  // namespace
}  // namespace cloakroom
