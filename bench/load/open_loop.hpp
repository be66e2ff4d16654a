// SPDX-License-Identifier: MIT
// The open loop: each connection has its intended times, and an answer is waited for from those on,
// also while the connection is busy. So what a stalled server makes others wait counts.
#pragma once

#include "arrivals.hpp"
#include "connection.hpp"
#include "tally.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace cloakroom::load {

class open_loop final : public pacing {
public:
    /// @param schedule  Of each connection, by its index.
    /// @param end       Requests that are intended for later are not sent.
    /// @param spins     The owner calls send_due() all the time, so there is no need for a timer.
    open_loop(boost::asio::io_context& io, std::vector<arrivals> schedule, time_point end,
              bool spins, tally& counts);

    void on_room(connection& peer, time_point now) override;
    [[nodiscard]] bool has_work(const connection& peer, time_point now) const override;

    /// Sends what is due.
    void send_due();

    /// How many requests of this connection were not even sent.
    [[nodiscard]] std::uint64_t unsent(const connection& peer) const;

private:
    // A free connection, waiting for its next intended time.
    struct waiting {
        time_point until;
        connection* peer;
        bool operator>(const waiting& other) const noexcept { return until > other.until; }
    };

    void send(connection& peer, time_point now);
    void set_timer();

    std::vector<arrivals> schedule_;
    std::vector<bool> is_waiting_;
    std::priority_queue<waiting, std::vector<waiting>, std::greater<>> waiting_;
    time_point end_;
    bool spins_;
    tally& counts_;
    boost::asio::steady_timer timer_;
    time_point timer_set_to_ = time_point::max();
};

}  // namespace cloakroom::load
