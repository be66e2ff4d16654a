// SPDX-License-Identifier: MIT
#include "files/byte_range.hpp"

#include <cloakroom/text.hpp>

#include <algorithm>
#include <limits>
#include <optional>

namespace cloakroom::files {
namespace {

// Digits only; what is larger than any size is the largest.
std::optional<std::size_t> read_number(std::string_view digits) noexcept {
    constexpr std::size_t largest = std::numeric_limits<std::size_t>::max();
    if (digits.empty()) {
        return std::nullopt;
    }
    std::size_t value = 0;
    for (const char each : digits) {
        if (each < '0' || each > '9') {
            return std::nullopt;
        }
        const auto digit = static_cast<std::size_t>(each - '0');
        value = value > (largest - digit) / 10 ? largest : value * 10 + digit;
    }
    return value;
}

byte_range last_bytes(std::size_t count, std::size_t size) noexcept {
    if (count == 0) {
        return {byte_range::kind::unsatisfiable};
    }
    if (size == 0) {  // satisfiable, but no Content-Range can say so
        return {};
    }
    const std::size_t bytes = std::min(count, size);
    return {byte_range::kind::part, size - bytes, bytes};
}

}  // namespace

byte_range read_byte_range(std::string_view field, std::size_t size) noexcept {
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos ||
        !equals_ignoring_case(field.substr(0, equals), "bytes")) {
        return {};
    }
    const std::string_view range = trimmed(field.substr(equals + 1));
    const std::size_t dash = range.find('-');
    if (dash == std::string_view::npos) {
        return {};
    }
    const std::string_view end = range.substr(dash + 1);
    const std::optional<std::size_t> last = read_number(end);
    if (dash == 0) {
        return last ? last_bytes(*last, size) : byte_range{};
    }
    const std::optional<std::size_t> first = read_number(range.substr(0, dash));
    if (!first || (!last && !end.empty()) || (last && *last < *first)) {
        return {};
    }
    if (*first >= size) {
        return {byte_range::kind::unsatisfiable};
    }
    const std::size_t most = size - *first;
    const std::size_t bytes = last ? std::min(*last - *first, most - 1) + 1 : most;
    return {byte_range::kind::part, *first, bytes};
}

}  // namespace cloakroom::files
