// SPDX-License-Identifier: MIT
// A name that is known when the program is compiled, to be recognised up to ASCII case in a few
// instructions: a word of it at a time, where equals_ignoring_case() takes character by character.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace cloakroom {

/// For example `constexpr known_name host("Host");`.
template <std::size_t Size>
class known_name {
public:
    consteval explicit known_name(const char (&name)[Size + 1]) {
        for (std::size_t index = 0; index < word_count; ++index) {
            std::array<char, sizeof(word)> lower{};
            std::array<char, sizeof(word)> case_bits{};
            for (std::size_t place = 0; place < sizeof(word); ++place) {
                const char character = name[offset(index) + place];
                const auto lowered = static_cast<char>(character | case_bit);
                const bool is_letter = lowered >= 'a' && lowered <= 'z';
                lower[place] = is_letter ? lowered : character;
                case_bits[place] = is_letter ? case_bit : '\0';
            }
            lower_[index] = std::bit_cast<word>(lower);
            case_bits_[index] = std::bit_cast<word>(case_bits);
        }
    }

    static constexpr std::size_t size = Size;

    /// As equals_ignoring_case(): only letters have a case.
    [[nodiscard]] bool matches(std::string_view text) const noexcept {
        if (text.size() != Size) {
            return false;
        }
        word difference = 0;
        for (std::size_t index = 0; index < word_count; ++index) {
            word bytes = 0;
            std::memcpy(&bytes, text.data() + offset(index), sizeof bytes);
            difference |= (bytes | case_bits_[index]) ^ lower_[index];
        }
        return difference == 0;
    }

private:
    using word = std::conditional_t<Size >= 8, std::uint64_t, std::uint32_t>;
    static_assert(Size >= sizeof(word));
    static constexpr std::size_t word_count = (Size + sizeof(word) - 1) / sizeof(word);
    static constexpr char case_bit = 0x20;

    // The last word ends where the name does, and has bytes of the one before it.
    static constexpr std::size_t offset(std::size_t index) noexcept {
        return index + 1 == word_count ? Size - sizeof(word) : index * sizeof(word);
    }

    std::array<word, word_count> lower_{};
    std::array<word, word_count> case_bits_{};
};

template <std::size_t Bytes>
known_name(const char (&)[Bytes]) -> known_name<Bytes - 1>;

}  // namespace cloakroom
