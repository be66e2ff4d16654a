// SPDX-License-Identifier: MIT
// The share of the load that one thread makes: an io_context with its connections, from opening
// them to the last answer. Knows nothing of the other threads.
#pragma once

#include "closed_loop.hpp"
#include "connection.hpp"
#include "open_loop.hpp"
#include "plan.hpp"
#include "slow_connection.hpp"
#include "tally.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace cloakroom::load {

/// When requests begin, from when they count, when the last ones begin, and when all is given up.
struct timetable {
    time_point start;
    time_point count_from;
    time_point end;
    time_point give_up;
};

class load_thread {
public:
    /// @param number  Of this thread, from 0; connection i belongs to thread i % threads.
    /// @param interrupted  Ends all within 100 ms once it is true. Outlives this object, as do
    /// `wanted` and `request`.
    load_thread(const plan& wanted, const request_text& request, const tcp::endpoint& server,
                std::size_t number, const std::atomic<bool>& interrupted);

    /// Opens the connections, some at a time, and returns when each is open or has failed.
    void open_connections();

    /// Loads the server, until the last answer or `when.give_up`.
    void run(const timetable& when);

    [[nodiscard]] const tally& counts() const noexcept { return share_.counts; }
    [[nodiscard]] const tally& slow_counts() const noexcept { return slow_counts_; }
    [[nodiscard]] boost::system::error_code connect_error() const noexcept {
        return share_.connect_error;
    }

    /// Good answers and failures so far, to be shown. From any thread.
    [[nodiscard]] std::uint64_t answers_so_far() const noexcept { return answers_; }
    [[nodiscard]] std::uint64_t failures_so_far() const noexcept { return failures_; }

private:
    void begin(const timetable& when);
    std::vector<arrivals> schedule(time_point start) const;
    void on_tick();
    bool is_over(time_point now) const;
    void finish(time_point now);

    const plan& wanted_;
    const std::size_t number_;
    const std::atomic<bool>& interrupted_;
    boost::asio::io_context io_;
    thread_share share_;
    tally slow_counts_;
    std::vector<std::unique_ptr<connection>> connections_;
    std::vector<std::unique_ptr<slow_connection>> slow_connections_;
    std::unique_ptr<closed_loop> closed_loop_;
    std::unique_ptr<open_loop> open_loop_;
    boost::asio::steady_timer tick_;
    timetable when_{};
    bool is_finished_ = false;
    std::atomic<std::uint64_t> answers_ = 0;
    std::atomic<std::uint64_t> failures_ = 0;
};

}  // namespace cloakroom::load
