// SPDX-License-Identifier: MIT
// Finds control characters eight bytes at a time: field values are the long part of a message.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cloakroom {

constexpr bool is_control(char character) noexcept {
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x20 || byte == 0x7F;
}

/// The first control character from `at` on that is not a tab; `end` where there is none.
inline const char* find_control_but_tab(const char* at, const char* end) noexcept {
    using word = std::uint64_t;
    constexpr word in_each_byte = 0x0101'0101'0101'0101;
    for (;;) {
        // On a big-endian machine the lowest bit found is not the first byte's: one at a time, then.
        while (std::endian::native == std::endian::little &&
               static_cast<std::size_t>(end - at) >= sizeof(word)) {
            word bytes = 0;
            std::memcpy(&bytes, at, sizeof bytes);
            // The high bit of each byte below 0x20 or equal to 0x7F. A borrow may put one too many
            // there, but only behind the first that is right.
            const word below_space = (bytes - in_each_byte * 0x20) & ~bytes;
            const word but_delete = bytes ^ (in_each_byte * 0x7F);
            const word is_delete = (but_delete - in_each_byte) & ~but_delete;
            const word found = (below_space | is_delete) & (in_each_byte * 0x80);
            if (found != 0) {
                at += std::countr_zero(found) / 8;
                break;
            }
            at += sizeof(word);
        }
        while (at != end && !is_control(*at)) {
            ++at;
        }
        if (at == end || *at != '\t') {
            return at;
        }
        ++at;
    }
}

}  // namespace cloakroom
