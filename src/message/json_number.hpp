// SPDX-License-Identifier: MIT
// The grammar of JSON's numbers. std::from_chars takes more: "01", "1.", ".5", "inf", "nan".
#pragma once

#include <cstddef>
#include <string_view>

namespace cloakroom {

/// A number at the beginning of a text.
struct json_number {
    std::size_t bytes = 0;  ///< 0 when there is none.
    bool is_integer = false;
};

/// The end of the digits that begin at `at`.
constexpr std::size_t end_of_digits(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
        ++at;
    }
    return at;
}

/// The number that `text` begins with, as long as it goes; of "01" that is "0", of "1." nothing.
/// Source: RFC 8259 section 6.
constexpr json_number first_json_number(std::string_view text) noexcept {
    const std::size_t first = text.starts_with('-') ? 1 : 0;
    const bool begins_with_zero = first < text.size() && text[first] == '0';
    std::size_t at = begins_with_zero ? first + 1 : end_of_digits(text, first);
    if (at == first) {
        return {};
    }
    bool is_integer = true;
    if (at < text.size() && text[at] == '.') {
        const std::size_t end = end_of_digits(text, at + 1);
        if (end == at + 1) {
            return {};
        }
        at = end;
        is_integer = false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
            ++at;
        }
        const std::size_t end = end_of_digits(text, at);
        if (end == at) {
            return {};
        }
        at = end;
        is_integer = false;
    }
    return {at, is_integer};
}

}  // namespace cloakroom
