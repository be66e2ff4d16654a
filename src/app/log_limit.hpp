// SPDX-License-Identifier: MIT
// How many lines a second go to the log. Whatever makes many requests fail, such as a store that is
// away, must not fill a disk. Writes nothing itself.
#pragma once

#include <atomic>
#include <cstdint>

namespace cloakroom {

/// Used by any thread.
class log_limit {
public:
    struct verdict {
        bool passes;             ///< Whether the line is written.
        std::uint32_t left_out;  ///< Of the last second that had lines, told once it is over.
    };

    /// One more line.
    ///
    /// @param second  Which one it is, of a clock that does not go back.
    /// @param most    Lines a second, from 1.
    [[nodiscard]] verdict take(std::uint32_t second, std::uint32_t most) noexcept {
        std::uint64_t before = state_.load(std::memory_order_relaxed);
        while (true) {
            const auto lines = static_cast<std::uint32_t>(before);
            const bool is_next = static_cast<std::uint32_t>(before >> 32U) != second;
            const bool is_full = lines == ~std::uint32_t{0};
            const std::uint64_t after =
                is_next ? std::uint64_t{second} << 32U | 1U : before + (is_full ? 0 : 1);
            if (state_.compare_exchange_weak(before, after, std::memory_order_relaxed)) {
                return is_next ? verdict{true, lines > most ? lines - most : 0}
                               : verdict{lines < most, 0};
            }
        }
    }

private:
    std::atomic<std::uint64_t> state_ = 0;  // the second, and how many lines it had
};

}  // namespace cloakroom
