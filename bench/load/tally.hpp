// SPDX-License-Identifier: MIT
// What became of the requests, within the time that counts. Reads no clock; one thread each, merged
// at the end.
#pragma once

#include "arrivals.hpp"
#include "histogram.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace cloakroom::load {

/// Why a request got no good answer, or, `connect`, a connection could not be opened.
enum class failure { status, timeout, closed, framing, connect };

/// Each request that is sent within the time is answered, failed, or left unanswered.
class tally {
public:
    /// Counts what happens from `begin` on; until `end` it is throughput, too.
    void count_from(time_point begin, time_point end) noexcept {
        begin_ = begin;
        end_ = end;
    }

    /// A good answer came at `now`.
    ///
    /// @param start  From when it was waited for.
    void answered(time_point start, time_point now) noexcept {
        if (now >= begin_) {
            latency_.record(now - start);
            in_time_ += now < end_ ? 1 : 0;
        }
    }

    void failed(failure kind, time_point now, std::uint64_t count = 1) noexcept {
        failures_[index(kind)] += now >= begin_ ? count : 0;
    }

    /// A connection was opened once more.
    void reopened(time_point now) noexcept { reopened_ += now >= begin_ ? 1 : 0; }

    /// A request was sent so much after its intended time for the generator's own reasons.
    void sent_late(std::chrono::nanoseconds by, time_point now) noexcept {
        if (now >= begin_) {
            lateness_.record(by);
        }
    }

    /// Requests were not sent, or not answered, when all ended.
    void left_unanswered(std::uint64_t count) noexcept { unanswered_ += count; }

    void merge(const tally& other) noexcept {
        latency_.merge(other.latency_);
        lateness_.merge(other.lateness_);
        for (std::size_t i = 0; i < failures_.size(); ++i) {
            failures_[i] += other.failures_[i];
        }
        in_time_ += other.in_time_;
        reopened_ += other.reopened_;
        unanswered_ += other.unanswered_;
    }

    [[nodiscard]] std::uint64_t answers() const noexcept { return latency_.count(); }
    [[nodiscard]] std::uint64_t answers_in_time() const noexcept { return in_time_; }
    [[nodiscard]] std::uint64_t failures(failure kind) const noexcept {
        return failures_[index(kind)];
    }
    [[nodiscard]] std::uint64_t failures() const noexcept {
        std::uint64_t sum = 0;
        for (const std::uint64_t count : failures_) {
            sum += count;
        }
        return sum;
    }
    [[nodiscard]] std::uint64_t reopened() const noexcept { return reopened_; }
    [[nodiscard]] std::uint64_t unanswered() const noexcept { return unanswered_; }
    [[nodiscard]] const histogram& latency() const noexcept { return latency_; }
    [[nodiscard]] const histogram& lateness() const noexcept { return lateness_; }

private:
    static std::size_t index(failure kind) noexcept { return static_cast<std::size_t>(kind); }

    time_point begin_ = time_point::max();
    time_point end_ = time_point::max();
    histogram latency_;   // of good answers alone
    histogram lateness_;  // of requests whose connection was free at their time
    std::array<std::uint64_t, 5> failures_{};
    std::uint64_t in_time_ = 0;
    std::uint64_t reopened_ = 0;
    std::uint64_t unanswered_ = 0;
};

}  // namespace cloakroom::load
