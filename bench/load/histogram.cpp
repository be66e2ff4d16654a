// SPDX-License-Identifier: MIT
#include "histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <functional>

namespace cloakroom::load {
namespace {

// Each doubling of time is cut into 1024 buckets; the first 2048 are 1 ns wide.
constexpr unsigned precision_bits = 10;
constexpr std::uint64_t steps = 1ULL << precision_bits;
constexpr unsigned longest_bits = 42;  // 2^42 ns are 73 minutes
constexpr std::uint64_t longest = (1ULL << longest_bits) - 1;
constexpr std::size_t bucket_count = (longest_bits - precision_bits + 1) * steps;

std::size_t index_of(std::uint64_t time) noexcept {
    const auto bits = static_cast<unsigned>(std::bit_width(time));
    const unsigned shift = bits > precision_bits + 1 ? bits - precision_bits - 1 : 0;
    return shift * steps + (time >> shift);
}

// The longest time that is counted there.
std::chrono::nanoseconds upper_of(std::size_t index) noexcept {
    const std::uint64_t shift = index < 2 * steps ? 0 : index / steps - 1;
    const std::uint64_t step = index - shift * steps;
    return std::chrono::nanoseconds(((step + 1) << shift) - 1);
}

}  // namespace

histogram::histogram() : counts_(bucket_count) {}

void histogram::record(nanoseconds time) noexcept {
    time = std::max(time, nanoseconds{0});
    const auto ticks = static_cast<std::uint64_t>(time.count());
    ++counts_[index_of(std::min(ticks, longest))];
    ++count_;
    min_ = std::min(min_, time);
    max_ = std::max(max_, time);
    const auto value = static_cast<double>(ticks);
    sum_ += value;
    square_sum_ += value * value;
}

void histogram::merge(const histogram& other) noexcept {
    std::transform(counts_.begin(), counts_.end(), other.counts_.begin(), counts_.begin(),
                   std::plus<>{});
    count_ += other.count_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    sum_ += other.sum_;
    square_sum_ += other.square_sum_;
}

histogram::nanoseconds histogram::min() const noexcept {
    return count_ == 0 ? nanoseconds{0} : min_;
}

double histogram::mean() const noexcept {
    return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

double histogram::standard_deviation() const noexcept {
    if (count_ == 0) {
        return 0;
    }
    const double variance = square_sum_ / static_cast<double>(count_) - mean() * mean();
    return std::sqrt(std::max(variance, 0.0));  // rounding may take it below 0
}

histogram::nanoseconds histogram::percentile(double percent) const noexcept {
    if (count_ == 0) {
        return nanoseconds{0};
    }
    // 99.9 % of 1,000 is 999, though 0.999 * 1000 may come out a hair above that.
    const double exact = percent / 100 * static_cast<double>(count_);
    const double rounded = std::ceil(exact - exact * 1e-12);
    const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(rounded), 1, count_);
    std::uint64_t below = 0;
    for (std::size_t index = 0; index < counts_.size(); ++index) {
        below += counts_[index];
        if (below >= rank) {
            return index + 1 == counts_.size() ? max_ : std::min(upper_of(index), max_);
        }
    }
    return max_;
}

std::vector<histogram::bucket> histogram::buckets() const {
    std::vector<bucket> filled;
    for (std::size_t index = 0; index < counts_.size(); ++index) {
        if (counts_[index] != 0) {
            filled.push_back({upper_of(index), counts_[index]});
        }
    }
    return filled;
}

}  // namespace cloakroom::load
