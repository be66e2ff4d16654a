// SPDX-License-Identifier: MIT
#include "machine/diagram_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cloakroom::diagrams {
namespace {

using namespace std::string_view_literals;

TEST(DiagramText, ReadsUtf8AndReplacesWhatIsNone) {
    const struct {
        std::string_view text;
        std::u32string_view characters;
    } table[] = {
        {"", U""},
        {"paid", U"paid"},
        {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", U"\u00E4\u20AC\U0001F600"},
        {"a\nb\x7F\0c"sv, U"a\uFFFDb\uFFFD\uFFFDc"},
        {"\xC2\x85\xE2\x80\xA8", U"\uFFFD\uFFFD"},          // controls beyond ASCII
        {"\xC3", U"\uFFFD"},                                // cut off
        {"\xC3(", U"\uFFFD("},                              // goes on wrongly
        {"\xC0\xAF", U"\uFFFD\uFFFD"},                      // overlong
        {"\xE0\x80\xAF", U"\uFFFD\uFFFD\uFFFD"},            // overlong
        {"\xED\xA0\x80", U"\uFFFD\uFFFD\uFFFD"},            // a surrogate
        {"\xEF\xBF\xBE", U"\uFFFD\uFFFD\uFFFD"},            // no character, and not in XML
        {"\xF4\x90\x80\x80", U"\uFFFD\uFFFD\uFFFD\uFFFD"},  // beyond U+10FFFF
        {"\xFF", U"\uFFFD"},
    };
    for (const auto& [text, characters] : table) {
        EXPECT_EQ(characters_of(text), characters) << text;
    }
}

TEST(DiagramText, WritesWhatItHasRead) {
    const std::string text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
    std::string written;
    for (const char32_t character : characters_of(text)) {
        append_utf8(written, character);
    }
    EXPECT_EQ(written, text);
}

TEST(DiagramText, CountsColumns) {
    EXPECT_EQ(columns_of("paid"), 4U);
    EXPECT_EQ(columns_of("\xC3\xA4"), 1U);
    EXPECT_EQ(columns_of("\xE4\xB8\xAD"), 2U);
}

TEST(DiagramText, KnowsIdentifiers) {
    for (const std::string_view each : {"a", "_", "a1", "add_line", "Z9"}) {
        EXPECT_TRUE(is_identifier(each)) << each;
    }
    for (const std::string_view each : {"", "1a", "a b", "a-b", "a::b", "\xC3\xA4"}) {
        EXPECT_FALSE(is_identifier(each)) << each;
    }
}

}  // namespace
}  // namespace cloakroom::diagrams
