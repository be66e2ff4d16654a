// SPDX-License-Identifier: MIT
// What a fuzz target is: one function that aborts when its input shows a property not to hold.
// libfuzzer.cpp gives it to libFuzzer, replay.cpp to the normal tests. No target keeps anything
// from one input to the next that could change a result.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace cloakroom::fuzz {

/// The target, defined once in each executable.
void check(std::string_view input);

/// Aborts with `rule` when it does not hold.
inline void require(bool holds, const char* rule) {
    if (!holds) {
        std::fprintf(stderr, "fuzz: does not hold: %s\n", rule);
        std::abort();
    }
}

/// The same for what should be the same text twice; shows both.
inline void require_same(std::string_view left, std::string_view right, const char* rule) {
    if (left != right) {
        std::fprintf(stderr, "fuzz: does not hold: %s\n--- one\n%.*s\n--- other\n%.*s\n", rule,
                     static_cast<int>(left.size()), left.data(), static_cast<int>(right.size()),
                     right.data());
        std::abort();
    }
}

/// Takes the first line off `rest`, without its LF.
inline std::string_view take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return line;
}

/// A text and how it comes in pieces. The input's first line says how: each of its characters is
/// the length of a piece (A is 2, B is 3), again from the first when they are used up. Without any,
/// the text comes byte by byte.
struct cut_text {
    explicit cut_text(std::string_view input) : lengths(take_line(input)), whole(input) {}

    [[nodiscard]] std::vector<std::string_view> pieces() const {
        std::vector<std::string_view> all;
        std::string_view rest = whole;
        for (std::size_t index = 0; !rest.empty(); ++index) {
            const std::size_t length =
                lengths.empty() ? 1 : 1U + (lengths[index % lengths.size()] & 0x3F);
            all.push_back(rest.substr(0, length));
            rest.remove_prefix(all.back().size());
        }
        return all;
    }

    std::string_view lengths;
    std::string_view whole;
};

}  // namespace cloakroom::fuzz
