// SPDX-License-Identifier: MIT
#include "machine/diagram_text.hpp"

#include <algorithm>

namespace cloakroom::diagrams {
namespace {

constexpr char32_t replacement = 0xFFFD;

constexpr bool is_letter_or_digit(char character) noexcept {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9');
}

/// How many bytes a character has that begins so; 0 for what begins none.
constexpr std::size_t bytes_after(unsigned char first) noexcept {
    return first < 0x80   ? 1
           : first < 0xC2 ? 0
           : first < 0xE0 ? 2
           : first < 0xF0 ? 3
           : first < 0xF5 ? 4
                          : 0;
}

constexpr char32_t lowest_of_bytes(std::size_t bytes) noexcept {
    return bytes == 4 ? 0x10000 : bytes == 3 ? 0x800 : bytes == 2 ? 0x80 : 0;
}

constexpr bool is_control(char32_t value) noexcept {
    return value < 0x20 || (value >= 0x7F && value < 0xA0) || value == 0x2028 || value == 0x2029;
}

/// Whether Unicode has it as a character that XML can hold.
constexpr bool is_character(char32_t value) noexcept {
    return value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF) && value != 0xFFFE &&
           value != 0xFFFF;
}

/// The character at the front of `text`, which it is taken from.
char32_t take_character(std::string_view& text) noexcept {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t bytes = bytes_after(first);
    char32_t value = bytes < 2 ? first : first & (0x7FU >> bytes);
    bool is_whole = bytes != 0 && bytes <= text.size();
    for (std::size_t index = 1; is_whole && index < bytes; ++index) {
        const auto next = static_cast<unsigned char>(text[index]);
        is_whole = (next & 0xC0U) == 0x80U;
        value = (value << 6U) | (next & 0x3FU);
    }
    is_whole = is_whole && value >= lowest_of_bytes(bytes) && is_character(value);
    text.remove_prefix(is_whole ? bytes : 1);
    return is_whole && !is_control(value) ? value : replacement;
}

}  // namespace

std::u32string characters_of(std::string_view text) {
    std::u32string characters;
    characters.reserve(text.size());
    while (!text.empty()) {
        characters += take_character(text);
    }
    return characters;
}

void append_utf8(std::string& out, char32_t character) {
    const auto append = [&out](char32_t byte) { out += static_cast<char>(byte); };
    if (character < 0x80) {
        append(character);
        return;
    }
    if (character < 0x800) {
        append(0xC0U | (character >> 6U));
    } else {
        if (character < 0x10000) {
            append(0xE0U | (character >> 12U));
        } else {
            append(0xF0U | (character >> 18U));
            append(0x80U | ((character >> 12U) & 0x3FU));
        }
        append(0x80U | ((character >> 6U) & 0x3FU));
    }
    append(0x80U | (character & 0x3FU));
}

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    for (const char32_t character : characters_of(text)) {
        columns += character < 0x1100 ? 1U : 2U;
    }
    return columns;
}

bool is_identifier(std::string_view text) noexcept {
    return !text.empty() && (text[0] < '0' || text[0] > '9') &&
           std::all_of(text.begin(), text.end(), [](char character) {
               return is_letter_or_digit(character) || character == '_';
           });
}

}  // namespace cloakroom::diagrams
