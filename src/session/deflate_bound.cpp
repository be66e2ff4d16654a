// SPDX-License-Identifier: MIT
#include "session/deflate_bound.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>

namespace cloakroom {
namespace {

// What zlib puts around its blocks, and the longest text that is looked at.
constexpr std::size_t frame_bytes = 6;
constexpr std::size_t most_bounded_bytes = 128;

// 2^16 * n * log2(n), cut off below.
constexpr unsigned fraction_bits = 16;
constexpr std::array<std::uint64_t, most_bounded_bytes + 2> n_log2_n = [] {
    std::array<std::uint64_t, most_bounded_bytes + 2> made{};
    for (unsigned n = 2; n < made.size(); ++n) {
        double mantissa = n;
        std::uint64_t log2 = 0;
        while (mantissa >= 2) {
            mantissa /= 2;
            log2 += std::uint64_t{1} << fraction_bits;
        }
        // Each squaring finds one more binary digit.
        for (unsigned digit = 1U << (fraction_bits - 1); digit != 0; digit /= 2) {
            mantissa *= mantissa;
            if (mantissa >= 2) {
                mantissa /= 2;
                log2 += digit;
            }
        }
        made[n] = n * log2;
    }
    return made;
}();

// What deflate has to do with a text of ASCII in any case.
struct deflate_needs {
    std::array<std::uint8_t, 128> counts{};  // of certain literals, by byte
    std::array<bool, 129> occurs{};          // by byte
    std::size_t literals = 0;                // certain ones: no match can cover them
    std::size_t covered = 0;                 // the other bytes

    explicit deflate_needs(std::string_view text) noexcept {
        // A match takes three bytes or more that occurred before. Two triples may share a bit: then
        // one more is taken for covered.
        std::bitset<4096> seen;
        std::size_t covered_end = 0;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (at + 3 <= text.size()) {
                const auto triple =
                    static_cast<std::size_t>(text[at] << 8 ^ text[at + 1] << 4 ^ text[at + 2]);
                const auto bit = triple % seen.size();
                covered_end = seen[bit] ? at + 3 : covered_end;
                seen[bit] = true;
            }
            const std::size_t byte = static_cast<unsigned char>(text[at]) % counts.size();
            const bool is_covered = at < covered_end;
            occurs[byte] = true;
            counts[byte] = static_cast<std::uint8_t>(counts[byte] + (is_covered ? 0 : 1));
            covered += is_covered ? 1 : 0;
        }
        literals = text.size() - covered;
    }

    // A block of fixed codes: 10 bits around it, 8 for a literal, at least 12 for a match.
    [[nodiscard]] std::size_t least_fixed_bits() const noexcept {
        return 10 + 8 * literals + (covered == 0 ? 0 : 12);
    }

    // A block of codes of its own: 17 bits in front; 3 for each code length that has a code, in an
    // order in which those of 6, 5 and 4 bits are the 8th, 10th and 12th (and the shortest of N codes
    // has at most log2(N) bits); the lengths of the codes; and for the literals and the end of the
    // block at least their entropy.
    [[nodiscard]] std::size_t least_dynamic_bits() const noexcept {
        std::size_t distinct = 0;
        std::size_t runs = 0;
        std::uint64_t entropy = n_log2_n[literals + 1];
        for (std::size_t byte = 0; byte < counts.size(); ++byte) {
            distinct += occurs[byte] ? 1 : 0;
            runs += occurs[byte] && !occurs[byte + 1] ? 1 : 0;
            entropy -= n_log2_n[counts[byte]];
        }
        const std::size_t codes = distinct + 1 + covered;
        const std::size_t lengths = codes < 32 ? 12 : codes < 64 ? 10 : 8;
        // Of the lengths, each run of bytes that occur takes a bit or more, and so does each gap
        // between two; 8 those below space and beyond ASCII; one each the end and the distances.
        return 17 + 3 * lengths + (2 * runs - 1) + 8 + 8 + 2 +
               static_cast<std::size_t>(entropy >> fraction_bits) - 1;
    }
};

}  // namespace

// Zlib makes one block of such a short text.
bool deflating_surely_gains_nothing(std::string_view text) noexcept {
    if (text.empty() || text.size() > most_bounded_bytes) {
        return text.empty();
    }
    const deflate_needs needs(text);
    const std::size_t bits = std::min(needs.least_fixed_bits(), needs.least_dynamic_bits());
    return frame_bytes + (bits + 7) / 8 + 1 >= text.size();
}

}  // namespace cloakroom
