// SPDX-License-Identifier: MIT
#include "session/base64url_blocks.hpp"

#ifdef __x86_64__
#include <tmmintrin.h>

#include <array>
#include <cstdint>
#include <cstring>
#endif

namespace cloakroom {

#ifdef __x86_64__
namespace {

constexpr std::size_t block_bytes = 12;
constexpr std::size_t block_characters = 16;

using bytes16 = std::array<std::uint8_t, 16>;

constexpr std::uint8_t wrapped(int number) noexcept {
    return static_cast<std::uint8_t>(number);
}

// What to add to six bits for their character, by the range that the bits are in: 0 to 25, 26 to 51,
// then each of 52 to 63 for itself.
constexpr bytes16 to_character = [] {
    bytes16 made{'A', 'a' - 26};
    for (std::uint8_t value = 52; value < 64; ++value) {
        made[value - 50U] = wrapped(base64url_alphabet[value] - value);
    }
    return made;
}();

// Characters by their high and their low four bits. The alphabet lies in the rows 2 to 7: each has a
// bit, and any other row the last one. In a column the bits of those rows are set that have there no
// character of the alphabet.
constexpr std::uint8_t other_row = 0x80;
constexpr bytes16 row_bits = [] {
    bytes16 made{};
    made.fill(other_row);
    for (unsigned row = 2; row < 8; ++row) {
        made[row] = wrapped(1 << (row - 2));
    }
    return made;
}();
constexpr bytes16 aliens_in_column = [] {
    bytes16 made{};
    made.fill(0xFF);
    for (const char character : base64url_alphabet) {
        const auto code = static_cast<std::uint8_t>(character);
        made[code & 0xFU] = wrapped(made[code & 0xFU] & ~row_bits[code >> 4]);
    }
    return made;
}();

// What to add to a character for its six bits, by its row. One row has two ranges: P to Z, and "_".
constexpr bytes16 from_row = {0,
                              0,
                              wrapped(62 - '-'),
                              wrapped(52 - '0'),
                              wrapped(-'A'),
                              wrapped(-'A'),
                              wrapped(26 - 'a'),
                              wrapped(26 - 'a')};
constexpr std::uint8_t underscore_more = wrapped(63 - '_' + 'A');

constexpr bytes16 spread = {1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10};
constexpr bytes16 gather = {2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0x80, 0x80, 0x80, 0x80};

bool has_shuffle() noexcept {
    return __builtin_cpu_supports("ssse3") != 0;
}

__attribute__((target("ssse3"))) inline __m128i load(const void* at) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(at));
}

__attribute__((target("ssse3"))) inline __m128i all_of(std::uint8_t byte) noexcept {
    return _mm_set1_epi8(static_cast<char>(byte));
}

// Twelve bytes to sixteen characters; the last four bytes are not looked at.
__attribute__((target("ssse3"))) inline __m128i encoded(__m128i bytes) noexcept {
    // Each three bytes become 32 bits with the middle one twice, so that a multiplication can move
    // two digits of each half to their places: one down from the top, one up.
    const __m128i groups = _mm_shuffle_epi8(bytes, load(spread.data()));
    const __m128i down = _mm_mulhi_epu16(_mm_and_si128(groups, _mm_set1_epi32(0x0FC0'FC00)),
                                         _mm_set1_epi32(0x0400'0040));
    const __m128i up = _mm_mullo_epi16(_mm_and_si128(groups, _mm_set1_epi32(0x003F'03F0)),
                                       _mm_set1_epi32(0x0100'0010));
    const __m128i digits = _mm_or_si128(down, up);
    // Counts from 1 at 52 on; and one more from 26 on, for a comparison gives -1.
    const __m128i range =
        _mm_sub_epi8(_mm_subs_epu8(digits, all_of(51)), _mm_cmpgt_epi8(digits, all_of(25)));
    return _mm_add_epi8(digits, _mm_shuffle_epi8(load(to_character.data()), range));
}

__attribute__((target("ssse3"))) inline void store(char* at, __m128i characters) noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at), characters);
}

// Encodes a block, reading the four bytes before it rather than those behind it.
__attribute__((target("ssse3"))) inline void encode_later_block(const char* block,
                                                                char* out) noexcept {
    constexpr int unused_bytes = sizeof(__m128i) - block_bytes;
    store(out, encoded(_mm_srli_si128(load(block - unused_bytes), unused_bytes)));
}

__attribute__((target("ssse3"))) std::size_t encode(std::string_view bytes, char* out) noexcept {
    if (bytes.size() < sizeof(__m128i)) {
        return 0;
    }
    store(out, encoded(load(bytes.data())));
    std::size_t done = block_bytes;
    char* end = out + block_characters;
    for (; bytes.size() - done >= block_bytes; done += block_bytes, end += block_characters) {
        encode_later_block(bytes.data() + done, end);
    }
    // Another block, over some that are done, to where the whole groups end.
    const std::size_t more = (bytes.size() - done) / 3;
    if (more == 0 || done + 3 * more < sizeof(__m128i)) {
        return done;
    }
    done += 3 * more;
    encode_later_block(bytes.data() + done - block_bytes, end + 4 * more - block_characters);
    return done;
}

// Writes twelve bytes. @return False, and writes none, where a character is not of the alphabet.
__attribute__((target("ssse3"))) inline bool decode_block(const char* text, char* out) noexcept {
    const __m128i characters = load(text);
    const __m128i row = _mm_and_si128(_mm_srli_epi16(characters, 4), all_of(0xF));
    const __m128i column = _mm_and_si128(characters, all_of(0xF));
    const __m128i alien = _mm_and_si128(_mm_shuffle_epi8(load(row_bits.data()), row),
                                        _mm_shuffle_epi8(load(aliens_in_column.data()), column));
    if (_mm_movemask_epi8(_mm_cmpeq_epi8(alien, _mm_setzero_si128())) != 0xFFFF) {
        return false;
    }
    const __m128i underscore =
        _mm_and_si128(_mm_cmpeq_epi8(characters, all_of('_')), all_of(underscore_more));
    const __m128i digits = _mm_add_epi8(_mm_add_epi8(characters, underscore),
                                        _mm_shuffle_epi8(load(from_row.data()), row));
    // Two digits to 12 bits, two of those to 24.
    const __m128i halves = _mm_maddubs_epi16(digits, _mm_set1_epi32(0x0140'0140));
    const __m128i groups = _mm_madd_epi16(halves, _mm_set1_epi32(0x0001'1000));
    const __m128i bytes = _mm_shuffle_epi8(groups, load(gather.data()));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out), bytes);
    const int last = _mm_cvtsi128_si32(_mm_srli_si128(bytes, 8));
    std::memcpy(out + 8, &last, sizeof last);
    return true;
}

__attribute__((target("ssse3"))) std::size_t decode(std::string_view text, char* out) noexcept {
    std::size_t done = 0;
    for (; text.size() - done >= block_characters; done += block_characters, out += block_bytes) {
        if (!decode_block(text.data() + done, out)) {
            return done;
        }
    }
    const std::size_t more = (text.size() - done) / 4;
    if (more == 0 || done == 0) {
        return done;
    }
    const std::size_t whole = done + 4 * more;  // as in encode()
    return decode_block(text.data() + whole - block_characters, out + 3 * more - block_bytes)
               ? whole
               : done;
}

}  // namespace

std::size_t base64url_encode_blocks(std::string_view bytes, char* out) noexcept {
    return has_shuffle() ? encode(bytes, out) : 0;
}

std::size_t base64url_decode_blocks(std::string_view text, char* out) noexcept {
    return has_shuffle() ? decode(text, out) : 0;
}

#else

std::size_t base64url_encode_blocks(std::string_view /*bytes*/, char* /*out*/) noexcept {
    return 0;
}

std::size_t base64url_decode_blocks(std::string_view /*text*/, char* /*out*/) noexcept {
    return 0;
}

#endif

}  // namespace cloakroom
