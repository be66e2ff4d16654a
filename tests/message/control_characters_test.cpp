// SPDX-License-Identifier: MIT
#include "message/control_characters.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cloakroom {
namespace {

bool is_control_but_tab(int byte) {
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
}

TEST(ControlCharacters, AreFoundAtEveryPlaceBeforeEveryEnd) {
    for (std::size_t size = 1; size <= 40; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(size, at % 2 == 0 ? '\t' : '\xA0');
                text[at] = static_cast<char>(byte);
                const char* const end = text.data() + size;
                const char* const found = find_control_but_tab(text.data(), end);
                ASSERT_EQ(found, is_control_but_tab(byte) ? &text[at] : end) << size << ' ' << byte;
            }
        }
    }
}

TEST(ControlCharacters, TheFirstOfSeveralIsFound) {
    std::string text(40, '\n');
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
        text[at] = ' ';
        ASSERT_EQ(find_control_but_tab(text.data(), text.data() + text.size()), &text[at + 1]);
    }
}

// Which of them finds it differs from one processor to another.
TEST(ControlCharacters, NoStepGoesBeyondOne) {
    for (const auto skip : {skip_words_without_control, skip_blocks_without_control}) {
        for (std::size_t at = 0; at < 40; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(40, '\xFF');
                text[at] = static_cast<char>(byte);
                const char* const found = skip(text.data(), text.data() + text.size());
                ASSERT_TRUE(!is_control(text[at]) || found <= &text[at]) << at << ' ' << byte;
                ASSERT_TRUE(found == &text[at] || (found - text.data()) % 8 == 0);
            }
        }
    }
}

}  // namespace
}  // namespace cloakroom
