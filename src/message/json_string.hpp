// SPDX-License-Identifier: MIT
// The escapes of JSON's strings (RFC 8259 section 7). What else a string may hold is json_cursor's.
#pragma once

#include "message/hexadecimal.hpp"

#include <string>
#include <string_view>

namespace cloakroom {

/// The UTF-16 unit of the four hexadecimal digits at `digits`; -1 when they are none.
[[nodiscard]] constexpr int utf16_unit(const char* digits) noexcept {
    int unit = 0;
    for (int index = 0; index < 4; ++index) {
        const int value = hex_value(digits[index]);
        if (value < 0) {
            return -1;
        }
        unit = unit * 16 + value;
    }
    return unit;
}

[[nodiscard]] constexpr bool is_high_surrogate(int unit) noexcept {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

[[nodiscard]] constexpr bool is_low_surrogate(int unit) noexcept {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// What the letter behind a backslash means; 0 for what means nothing, and for "u".
[[nodiscard]] constexpr char json_escape(char letter) noexcept {
    switch (letter) {
        case '"':
        case '\\':
        case '/':
            return letter;
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return 0;
    }
}

/// What stands between a string's quotes, without its escapes. REQUIRES: `raw` is well-formed.
void unescape_json(std::string_view raw, std::string& into);

}  // namespace cloakroom
