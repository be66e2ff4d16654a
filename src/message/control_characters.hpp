// SPDX-License-Identifier: MIT
// Finds control characters many bytes at a time: field values are the long part of a message.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cloakroom {

constexpr bool is_control(char character) noexcept {
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x20 || byte == 0x7F;
}

/// Goes on from `at` in steps of eight bytes, up to the first control character or, if none comes
/// before, until less than a step is left.
inline const char* skip_words_without_control(const char* at, const char* end) noexcept {
    using word = std::uint64_t;
    constexpr word in_each_byte = 0x0101'0101'0101'0101;
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
            return at + std::countr_zero(found) / 8;
        }
        at += sizeof(word);
    }
    return at;
}

/// The same in steps of sixteen bytes, where the processor can.
inline const char* skip_blocks_without_control(const char* at, const char* end) noexcept {
#ifdef __SSE2__
    const __m128i last_control = _mm_set1_epi8(0x1F);
    const __m128i del = _mm_set1_epi8(0x7F);
    for (; static_cast<std::size_t>(end - at) >= sizeof(__m128i); at += sizeof(__m128i)) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const __m128i is_low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
        const int found = _mm_movemask_epi8(_mm_or_si128(is_low, _mm_cmpeq_epi8(bytes, del)));
        if (found != 0) {
            return at + std::countr_zero(static_cast<unsigned>(found));
        }
    }
#else
    static_cast<void>(end);
#endif
    return at;
}

/// The first control character from `at` on that is not a tab; `end` where there is none.
inline const char* find_control_but_tab(const char* at, const char* end) noexcept {
    for (;; ++at) {
        at = skip_blocks_without_control(at, end);
        if (at != end && !is_control(*at)) {  // less than a block is left, or there are none
            at = skip_words_without_control(at, end);
            while (at != end && !is_control(*at)) {
                ++at;
            }
        }
        if (at == end || *at != '\t') {
            return at;
        }
    }
}

}  // namespace cloakroom
