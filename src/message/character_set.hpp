// SPDX-License-Identifier: MIT
// Sets of bytes, to ask in one look-up whether a character belongs to one.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace cloakroom {

using character_set = std::array<bool, 256>;

constexpr bool has(const character_set& set, char character) noexcept {
    return set[static_cast<unsigned char>(character)];
}

/// ASCII letters and digits, and `others`.
constexpr character_set alphanumeric_and(std::string_view others) {
    character_set set{};
    for (std::size_t byte = '0'; byte <= 'z'; ++byte) {
        set[byte] = byte <= '9' || (byte >= 'A' && byte <= 'Z') || byte >= 'a';
    }
    for (const char other : others) {
        set[static_cast<unsigned char>(other)] = true;
    }
    return set;
}

/// Source: RFC 9110 section 5.6.2.
inline constexpr character_set token_characters = alphanumeric_and("!#$%&'*+-.^_`|~");

}  // namespace cloakroom
