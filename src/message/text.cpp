// SPDX-License-Identifier: MIT
#include "message/character_set.hpp"
#include "message/control_characters.hpp"
#include "message/hexadecimal.hpp"
#include "message/utf8.hpp"
#include <cloakroom/text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cloakroom {
namespace {

constexpr unsigned char to_byte(char character) noexcept {
    return static_cast<unsigned char>(character);
}

constexpr character_set unreserved_characters = alphanumeric_and("-._~");

/// What stands in a JSON string as it is, byte by byte: ASCII but controls, the quote and the
/// backslash.
constexpr character_set plain_json_characters = [] {
    character_set set{};
    for (std::size_t byte = 0x20; byte < 0x80; ++byte) {
        set[byte] = byte != '"' && byte != '\\';
    }
    return set;
}();

constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::string_view lower_hex_digits = "0123456789abcdef";   // as most writers of JSON do
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";  // U+FFFD

/// What uri_encoded() keeps.
constexpr character_set kept_uri_characters = [] {
    character_set set{};
    for (std::size_t byte = 0; byte < 0x80; ++byte) {
        set[byte] = byte != ' ';
    }
    for (const char each : std::string_view{"\"<>\\^`{|}"}) {
        set[to_byte(each)] = false;
    }
    return set;
}();

std::string percent_encoded_but(const character_set& kept, std::string_view text) {
    std::string encoded;
    encoded.reserve(text.size());
    for (const char character : text) {
        if (has(kept, character)) {
            encoded += character;
        } else {
            encoded += '%';
            encoded += hex_digits[to_byte(character) >> 4U];
            encoded += hex_digits[to_byte(character) & 0xFU];
        }
    }
    return encoded;
}

constexpr char to_lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

/// Appends an ASCII character that must not stand in a JSON string as it is.
void append_json_escape(std::string& out, char character) {
    switch (character) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            out += "\\u00";
            out += lower_hex_digits[to_byte(character) >> 4U];
            out += lower_hex_digits[to_byte(character) & 0xFU];
    }
}

}  // namespace

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) {
        return false;
    }
    for (std::size_t index = 0; index < left.size(); ++index) {
        if (left[index] != right[index] && to_lower(left[index]) != to_lower(right[index])) {
            return false;
        }
    }
    return true;
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char character) {
        return has(token_characters, character);
    });
}

bool is_field_value(std::string_view text) noexcept {
    const char* const end = text.data() + text.size();
    return find_control_but_tab(text.data(), end) == end;
}

std::string_view trimmed(std::string_view text) noexcept {
    const auto is_blank = [](char character) { return character == ' ' || character == '\t'; };
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

bool list_contains(std::string_view list, std::string_view token) noexcept {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string_view member = trimmed(list.substr(0, comma));
        if (!member.empty() && equals_ignoring_case(member, token)) {
            return true;
        }
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

std::optional<std::string> percent_decoded(std::string_view text, plus sign) {
    std::string decoded(text.size(), '\0');  // written in place: an append a character costs
    char* to = decoded.data();
    for (std::size_t index = 0; index < text.size(); ++index) {
        const char character = text[index];
        if (character == '+' && sign == plus::is_space) {
            *to++ = ' ';
        } else if (character != '%') {
            *to++ = character;
        } else {
            if (text.size() - index < 3) {
                return std::nullopt;
            }
            const int high = hex_value(text[index + 1]);
            const int low = hex_value(text[index + 2]);
            if (high < 0 || low < 0 || high + low == 0) {
                return std::nullopt;
            }
            *to++ = static_cast<char>(high * 16 + low);
            index += 2;
        }
    }
    decoded.resize(static_cast<std::size_t>(to - decoded.data()));
    return decoded;
}

std::string percent_encoded(std::string_view text) {
    return percent_encoded_but(unreserved_characters, text);
}

std::string uri_encoded(std::string_view text) {
    return percent_encoded_but(kept_uri_characters, text);
}

void append_json_string(std::string& out, std::string_view text) {
    // What is short and plain, as nearly all is, goes in one piece: of a fixed size, which is two
    // moves, and then cut off.
    std::array<char, 32> quoted{};
    if (text.size() <= quoted.size() - 2) {
        std::size_t plain = 0;
        for (; plain < text.size() && has(plain_json_characters, text[plain]); ++plain) {
            quoted[plain + 1] = text[plain];
        }
        if (plain == text.size()) {
            quoted[0] = quoted[plain + 1] = '"';
            const std::size_t begin = out.size();
            out.append(quoted.data(), quoted.size());
            out.resize(begin + plain + 2);
            return;
        }
    }
    out += '"';
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && has(plain_json_characters, text[plain])) {
            ++plain;
        }
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) {
            break;
        }
        const utf8_piece piece = first_utf8_piece(text);
        if (!piece.is_valid) {
            out += replacement_character;
        } else if (piece.bytes == 1) {
            append_json_escape(out, text[0]);
        } else {
            out += text.substr(0, piece.bytes);
        }
        text.remove_prefix(piece.bytes);
    }
    out += '"';
}

void append_html_text(std::string& out, std::string_view text) {
    for (const char character : text) {
        switch (character) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += character;
        }
    }
}

}  // namespace cloakroom
