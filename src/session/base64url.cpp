// SPDX-License-Identifier: MIT
#include "session/base64url.hpp"

#include "session/base64url_blocks.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace cloakroom {
namespace {

constexpr std::string_view alphabet = base64url_alphabet;

// For each 12 bits their two characters: half the look-ups of one character at a time.
constexpr std::array<std::array<char, 2>, 4096> pairs = [] {
    std::array<std::array<char, 2>, 4096> made{};
    for (std::size_t bits = 0; bits < made.size(); ++bits) {
        made[bits] = {alphabet[bits >> 6], alphabet[bits & 63U]};
    }
    return made;
}();

// Marks what is no digit; stands above the 24 bits of a group.
constexpr std::uint32_t no_digit = 1U << 31;

// For each place in a group of four characters, the bits that a character has there.
constexpr std::array<std::array<std::uint32_t, 256>, 4> digits = [] {
    std::array<std::array<std::uint32_t, 256>, 4> made{};
    for (std::size_t place = 0; place < made.size(); ++place) {
        made[place].fill(no_digit);
        for (std::uint32_t value = 0; value < alphabet.size(); ++value) {
            made[place][static_cast<unsigned char>(alphabet[value])] = value << (18 - 6 * place);
        }
    }
    return made;
}();

constexpr std::uint32_t digit(std::size_t place, char character) noexcept {
    return digits[place][static_cast<unsigned char>(character)];
}

constexpr std::uint32_t octet(char byte) noexcept {
    return static_cast<unsigned char>(byte);
}

constexpr char character(std::uint32_t bits) noexcept {
    return alphabet[bits & 63U];
}

}  // namespace

void base64url_encode(std::string_view bytes, char* out) noexcept {
    const std::size_t encoded = base64url_encode_blocks(bytes, out);
    out += encoded / 3 * 4;
    bytes.remove_prefix(encoded);
    while (bytes.size() >= 3) {
        const std::uint32_t group = octet(bytes[0]) << 16 | octet(bytes[1]) << 8 | octet(bytes[2]);
        std::memcpy(out, pairs[group >> 12].data(), 2);
        std::memcpy(out + 2, pairs[group & 0xFFFU].data(), 2);
        out += 4;
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
    const std::size_t decoded = base64url_decode_blocks(text, out);
    out += decoded / 4 * 3;
    text.remove_prefix(decoded);
    while (text.size() >= 4) {
        const std::uint32_t group =
            digit(0, text[0]) | digit(1, text[1]) | digit(2, text[2]) | digit(3, text[3]);
        if ((group & no_digit) != 0) {
            return std::nullopt;
        }
        *out++ = static_cast<char>(group >> 16);
        *out++ = static_cast<char>(group >> 8);
        *out++ = static_cast<char>(group);
        text.remove_prefix(4);
    }
    if (text.empty()) {
        return size;
    }
    // 2 characters carry a byte and 4 bits too many, 3 carry two bytes and 2 bits too many.
    if (text.size() == 1) {
        return std::nullopt;
    }
    const std::uint32_t third = text.size() == 3 ? digit(2, text[2]) : 0;
    const std::uint32_t group = digit(0, text[0]) | digit(1, text[1]) | third;
    if ((group & no_digit) != 0) {
        return std::nullopt;
    }
    *out++ = static_cast<char>(group >> 16);
    if (text.size() == 3) {
        *out = static_cast<char>(group >> 8);
    }
    const std::uint32_t surplus = text.size() == 3 ? 0xFFU : 0xFFFFU;
    return (group & surplus) == 0 ? std::optional{size} : std::nullopt;
}

}  // namespace cloakroom
