// SPDX-License-Identifier: MIT
// Which bytes are UTF-8, character by character.
#pragma once

#include <cstddef>
#include <string_view>

namespace cloakroom {

/// What begins a UTF-8 text: a character, or bytes that are none.
struct utf8_piece {
    std::size_t bytes;
    bool is_valid;
};

/// The range of a character's second byte and the number of its bytes, by its first byte. The
/// ranges are what keeps overlong forms, surrogates and all beyond U+10FFFF out.
/// Source: Unicode 15, table 3-7.
struct utf8_form {
    unsigned char lowest_second = 0x80;
    unsigned char highest_second = 0xBF;
    std::size_t bytes = 0;  ///< 0 for what begins no character.
};

constexpr utf8_form utf8_form_of(unsigned char first) noexcept {
    if (first < 0x80) {
        return {.bytes = 1};
    }
    if (first < 0xC2 || first > 0xF4) {
        return {};
    }
    switch (first) {
        case 0xE0:
            return {.lowest_second = 0xA0, .bytes = 3};
        case 0xED:
            return {.highest_second = 0x9F, .bytes = 3};
        case 0xF0:
            return {.lowest_second = 0x90, .bytes = 4};
        case 0xF4:
            return {.highest_second = 0x8F, .bytes = 4};
        default:
            return {.bytes = first < 0xE0 ? std::size_t{2} : first < 0xF0 ? 3U : 4U};
    }
}

/// The first character of `text`, or the longest beginning of one there (which one U+FFFD stands
/// for, as the Unicode Standard recommends in section 3.9). REQUIRES: `text` is not empty.
[[nodiscard]] inline utf8_piece first_utf8_piece(std::string_view text) noexcept {
    const utf8_form form = utf8_form_of(static_cast<unsigned char>(text[0]));
    if (form.bytes == 0) {
        return {1, false};
    }
    for (std::size_t index = 1; index < form.bytes; ++index) {
        const unsigned char lowest = index == 1 ? form.lowest_second : 0x80;
        const unsigned char highest = index == 1 ? form.highest_second : 0xBF;
        if (index == text.size() || static_cast<unsigned char>(text[index]) < lowest ||
            static_cast<unsigned char>(text[index]) > highest) {
            return {index, false};
        }
    }
    return {form.bytes, true};
}

}  // namespace cloakroom
