// SPDX-License-Identifier: MIT
// The grammar of JSON's numbers. std::from_chars takes more: "01", "1.", ".5", "inf", "nan".
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>
#include <type_traits>

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

/// Whether a number that no double holds is one because it is so near to 0. REQUIRES: `number` is
/// a whole number of the grammar, and not 0.
inline bool is_near_zero(std::string_view number) noexcept {
    const std::size_t mark = number.find_first_of("eE");
    const std::string_view digits = number.substr(0, mark);
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const std::size_t first = digits.find_first_of("123456789");
    const std::string_view exponent =
        mark == std::string_view::npos ? std::string_view{} : number.substr(mark + 1);
    const bool is_negative = exponent.starts_with('-');
    long long value = 0;
    const char* const begin = exponent.data() + (exponent.find_first_of("+-") == 0 ? 1 : 0);
    if (std::from_chars(begin, exponent.data() + exponent.size(), value).ec ==
        std::errc::result_out_of_range) {
        return is_negative;
    }
    const auto magnitude = static_cast<long long>(point) - static_cast<long long>(first);
    value = std::min(value, 1'000'000'000'000LL);  // no text has that many digits
    return (is_negative ? magnitude - value : magnitude + value) < 0;
}

/// Reads a whole number of the grammar. False when it is out of range, or no integer and one is
/// asked for; `value` then stays.
template <class Number>
bool read_json_number(std::string_view text, Number& value) noexcept {
    const char* const end = text.data() + text.size();
    Number read{};
    const auto [stop, error] = std::from_chars(text.data(), end, read);
    if constexpr (std::is_floating_point_v<Number>) {
        if (error == std::errc::result_out_of_range && is_near_zero(text)) {
            value = text.starts_with('-') ? -0.0 : 0.0;
            return true;
        }
    }
    if (error != std::errc{} || stop != end) {
        return false;
    }
    value = read;
    return true;
}

}  // namespace cloakroom
