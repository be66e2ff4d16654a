// SPDX-License-Identifier: MIT
// When the requests of one connection are to be sent, whatever the server does meanwhile. Constant
// memory, however many of them wait: the times are computed, not kept. Reads no clock.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>

namespace cloakroom::load {

using time_point = std::chrono::steady_clock::time_point;

/// At equal distances, or as a Poisson process; connections with a Poisson process each make up one
/// of the sum of their rates.
class arrivals {
public:
    using period = std::chrono::duration<double, std::nano>;

    /// @param first  The first intended time; a Poisson process begins there.
    /// @param mean   Between two requests; above 0.
    /// @param seed   For a Poisson process.
    arrivals(time_point first, period mean, std::optional<std::uint32_t> seed = std::nullopt)
        : first_(first), mean_(mean), is_random_(seed.has_value()), random_(seed.value_or(1)) {
        if (is_random_) {
            advance();
        }
    }

    /// When the next request is to be sent.
    [[nodiscard]] time_point next() const noexcept {
        return first_ + std::chrono::nanoseconds(std::llround(offset_.count()));
    }

    void advance() {
        if (is_random_) {
            offset_ += mean_ * std::exponential_distribution<double>{}(random_);
        } else {
            offset_ = mean_ * static_cast<double>(++index_);  // no rounding adds up
        }
    }

    /// How many are still to be sent before `end`; of a Poisson process, on average.
    [[nodiscard]] std::uint64_t count_before(time_point end) const noexcept {
        const period left = end - next();
        return left.count() <= 0 ? 0 : static_cast<std::uint64_t>(std::ceil(left / mean_));
    }

private:
    time_point first_;
    period mean_;
    period offset_{0};
    std::uint64_t index_ = 0;
    bool is_random_;
    std::minstd_rand random_;  // 8 bytes; a connection's stream need not be better
};

}  // namespace cloakroom::load
