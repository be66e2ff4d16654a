// SPDX-License-Identifier: MIT
#include "session/flask_text.hpp"

#include "message/json_string.hpp"

#include <cstddef>

namespace cloakroom {
namespace {

constexpr bool is_surrogate(std::uint32_t character) noexcept {
    return character >= 0xD800 && character <= 0xDFFF;
}

constexpr std::uint32_t to_byte(char character) noexcept {
    return static_cast<unsigned char>(character);
}

// The value of the four digits of an \uXXXX; no_character where they are not.
std::uint32_t hex_quad(std::string_view text) noexcept {
    if (text.size() < 4) {
        return no_character;
    }
    const int unit = utf16_unit(text.data());
    return unit < 0 ? no_character : static_cast<std::uint32_t>(unit);
}

// What follows \u. Two escapes may be one character.
std::uint32_t take_unicode_escape(std::string_view& content) noexcept {
    const std::uint32_t first = hex_quad(content);
    if (first == no_character) {
        return no_character;
    }
    content.remove_prefix(4);
    const bool is_high = first >= 0xD800 && first <= 0xDBFF;
    if (is_high && content.starts_with("\\u")) {
        const std::uint32_t second = hex_quad(content.substr(2));
        if (second >= 0xDC00 && second <= 0xDFFF) {
            content.remove_prefix(6);
            return 0x10000 + ((first & 0x3FF) << 10 | (second & 0x3FF));
        }
    }
    return first;
}

std::uint32_t take_escape(std::string_view& content) noexcept {
    if (content.empty()) {
        return no_character;
    }
    const char kind = content.front();
    content.remove_prefix(1);
    if (kind == 'u') {
        return take_unicode_escape(content);
    }
    const char meant = json_escape(kind);
    return meant == 0 ? no_character : to_byte(meant);
}

void append_hex_escape(std::pmr::string& out, std::uint32_t unit) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) {
        out += digits[unit >> static_cast<unsigned>(shift) & 0xF];
    }
}

// Where JSON has an escape of two characters.
bool append_short_escape(std::pmr::string& out, std::uint32_t character) {
    constexpr std::string_view escaped = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    const std::size_t at =
        character < 0x80 ? escaped.find(static_cast<char>(character)) : std::string_view::npos;
    if (at == std::string_view::npos) {
        return false;
    }
    out += '\\';
    out += letters[at];
    return true;
}

}  // namespace

std::uint32_t take_character(std::string_view& text) noexcept {
    const std::uint32_t first = to_byte(text.front());
    if (first < 0x80) {
        text.remove_prefix(1);
        return first;
    }
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size) {
        return no_character;
    }
    std::uint32_t character = first & (0x7FU >> size);
    for (const char next : text.substr(1, size - 1)) {
        if ((to_byte(next) & 0xC0U) != 0x80) {
            return no_character;
        }
        character = character << 6 | (to_byte(next) & 0x3FU);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (character < least[size] || character > 0x10FFFF) {
        return no_character;
    }
    text.remove_prefix(size);
    return character;
}

std::uint32_t take_json_character(std::string_view& content) noexcept {
    if (content.front() == '\\') {
        content.remove_prefix(1);
        return take_escape(content);
    }
    const std::uint32_t character = take_character(content);
    return character < 0x20 || is_surrogate(character) ? no_character : character;
}

void append_flask_character(std::pmr::string& out, std::uint32_t character) {
    if (append_short_escape(out, character)) {
        return;
    }
    if (character >= 0x10000) {
        append_hex_escape(out, 0xD7C0 + (character >> 10));  // 0xD800 - (0x10000 >> 10)
        append_hex_escape(out, 0xDC00 | (character & 0x3FF));
    } else if (character < 0x20 || character > '~') {
        append_hex_escape(out, character);
    } else {
        out += static_cast<char>(character);
    }
}

void append_session_character(std::pmr::string& out, std::uint32_t character) {
    if (append_short_escape(out, character)) {
        return;
    }
    if (character < 0x20 || is_surrogate(character)) {
        append_hex_escape(out, character);
    } else {
        append_character(out, character);
    }
}

void append_character(std::pmr::string& out, std::uint32_t character) {
    if (character < 0x80) {
        out += static_cast<char>(character);
        return;
    }
    const unsigned more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    out += static_cast<char>((0xFF00U >> (more + 1) & 0xFFU) | character >> (6 * more));
    for (unsigned left = more; left > 0; --left) {
        out += static_cast<char>(0x80U | (character >> (6 * (left - 1)) & 0x3FU));
    }
}

bool append_flask_string(std::pmr::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        if (is_plain_in_json(text.front())) {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        const std::uint32_t character = take_character(text);
        if (character == no_character) {
            return false;
        }
        append_flask_character(out, character);
    }
    out += '"';
    return true;
}

bool append_json_content(std::pmr::string& out, std::string_view content) {
    while (!content.empty()) {
        if (is_plain_in_json(content.front())) {
            out += content.front();
            content.remove_prefix(1);
            continue;
        }
        const std::uint32_t character =
            content.front() == '"' ? no_character : take_json_character(content);
        if (character == no_character) {
            return false;
        }
        append_character(out, character);
    }
    return true;
}

}  // namespace cloakroom
