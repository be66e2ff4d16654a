// SPDX-License-Identifier: MIT
// Counts times so that percentiles can be told to three significant digits, in constant memory.
// Log-linear buckets after HdrHistogram. Not thread-safe: each thread has its own, merged later.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace cloakroom::load {

/// Times up to 2,047 ns are counted exactly, longer ones in buckets that are at most 1/1024 of
/// their least time wide. Buckets go up to 73 minutes; what is longer counts in the last one.
class histogram {
public:
    using nanoseconds = std::chrono::nanoseconds;

    /// How many recorded times lie above the bucket before this one, and not above `upper`.
    struct bucket {
        nanoseconds upper{};
        std::uint64_t count = 0;
    };

    histogram();

    /// One array access. A negative time counts as 0.
    void record(nanoseconds time) noexcept;

    /// Adds what `other` has recorded.
    void merge(const histogram& other) noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] nanoseconds min() const noexcept;                  ///< Exact; 0 when empty.
    [[nodiscard]] nanoseconds max() const noexcept { return max_; }  ///< Exact; 0 when empty.
    [[nodiscard]] double mean() const noexcept;                      ///< ns, exact; 0 when empty.
    [[nodiscard]] double standard_deviation() const noexcept;        ///< ns; 0 when empty.

    /// The least time that so many of the recorded ones do not exceed.
    ///
    /// @param percent  Above 0, up to 100. The rank among the sorted times is rounded up.
    /// @return Never less than the time of that rank, and by 1/1024 of it more at most; 0 when
    /// empty.
    [[nodiscard]] nanoseconds percentile(double percent) const noexcept;

    /// Those that are not empty, ascending.
    [[nodiscard]] std::vector<bucket> buckets() const;

private:
    std::vector<std::uint64_t> counts_;
    std::uint64_t count_ = 0;
    nanoseconds min_ = nanoseconds::max();
    nanoseconds max_{0};
    double sum_ = 0;         // ns
    double square_sum_ = 0;  // ns²
};

}  // namespace cloakroom::load
