// SPDX-License-Identifier: MIT
#include "session/base64url.hpp"

#include <array>
#include <cstdint>

namespace cloakroom {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Marks what is no digit; stands above the 6 bits of one.
constexpr std::uint32_t no_digit = 1U << 31;

constexpr std::array<std::uint32_t, 256> digits = [] {
    std::array<std::uint32_t, 256> made{};
    made.fill(no_digit);
    for (std::uint32_t value = 0; value < alphabet.size(); ++value) {
        made[static_cast<unsigned char>(alphabet[value])] = value;
    }
    return made;
}();

constexpr std::uint32_t digit(char character) noexcept {
    return digits[static_cast<unsigned char>(character)];
}

constexpr std::uint32_t octet(char byte) noexcept {
    return static_cast<unsigned char>(byte);
}

constexpr char character(std::uint32_t bits) noexcept {
    return alphabet[bits & 63U];
}

}  // namespace

void base64url_encode(std::string_view bytes, char* out) noexcept {
    while (bytes.size() >= 3) {
        const std::uint32_t group = octet(bytes[0]) << 16 | octet(bytes[1]) << 8 | octet(bytes[2]);
        *out++ = character(group >> 18);
        *out++ = character(group >> 12);
        *out++ = character(group >> 6);
        *out++ = character(group);
        bytes.remove_prefix(3);
    }
    if (bytes.size() == 1) {
        *out++ = character(octet(bytes[0]) >> 2);
        *out = character(octet(bytes[0]) << 4);
    } else if (bytes.size() == 2) {
        const std::uint32_t group = octet(bytes[0]) << 8 | octet(bytes[1]);
        *out++ = character(group >> 10);
        *out++ = character(group >> 4);
        *out = character(group << 2);
    }
}

std::optional<std::size_t> base64url_decode(std::string_view text, char* out) noexcept {
    const std::size_t size = base64url_decoded_size(text.size());
    while (text.size() >= 4) {
        const std::uint32_t bad = digit(text[0]) | digit(text[1]) | digit(text[2]) | digit(text[3]);
        if ((bad & no_digit) != 0) {
            return std::nullopt;
        }
        const std::uint32_t group =
            digit(text[0]) << 18 | digit(text[1]) << 12 | digit(text[2]) << 6 | digit(text[3]);
        *out++ = static_cast<char>(group >> 16);
        *out++ = static_cast<char>(group >> 8);
        *out++ = static_cast<char>(group);
        text.remove_prefix(4);
    }
    if (text.empty()) {
        return size;
    }
    // 2 characters carry a byte and 4 bits too many, 3 carry two bytes and 2 bits too many.
    const std::uint32_t third = text.size() == 3 ? digit(text[2]) : 0;
    if (text.size() == 1 || ((digit(text[0]) | digit(text[1]) | third) & no_digit) != 0) {
        return std::nullopt;
    }
    const std::uint32_t group = digit(text[0]) << 18 | digit(text[1]) << 12 | third << 6;
    *out++ = static_cast<char>(group >> 16);
    if (text.size() == 3) {
        *out = static_cast<char>(group >> 8);
    }
    const std::uint32_t surplus = text.size() == 3 ? 0xFFU : 0xFFFFU;
    return (group & surplus) == 0 ? std::optional{size} : std::nullopt;
}

}  // namespace cloakroom
