// SPDX-License-Identifier: MIT
#include "open_loop.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <utility>

namespace cloakroom::load {
using clock = std::chrono::steady_clock;

open_loop::open_loop(boost::asio::io_context& io, std::vector<arrivals> schedule, time_point end,
                     bool spins, tally& counts)
    : schedule_(std::move(schedule)),
      is_waiting_(schedule_.size()),
      end_(end),
      spins_(spins),
      counts_(counts),
      timer_(io) {}

void open_loop::on_room(connection& peer, time_point now) {
    send(peer, now);
    send_due();  // being awake anyway
}

bool open_loop::has_work(const connection& peer, time_point /*now*/) const {
    return schedule_[peer.index()].next() < end_;
}

std::uint64_t open_loop::unsent(const connection& peer) const {
    return schedule_[peer.index()].count_before(end_);
}

void open_loop::send_due() {
    time_point now = clock::now();
    while (!waiting_.empty() && waiting_.top().until <= now) {
        connection& peer = *waiting_.top().peer;
        waiting_.pop();
        is_waiting_[peer.index()] = false;
        const time_point intended = schedule_[peer.index()].next();
        if (peer.has_room() && intended <= now && intended < end_) {
            counts_.sent_late(now - intended, now);
        }
        send(peer, now);
        now = clock::now();
    }
    set_timer();
}

// What is due, and may be on its way at once; then waits for the next intended time, if it is free.
// A connection that is not comes back by on_room().
void open_loop::send(connection& peer, time_point now) {
    arrivals& times = schedule_[peer.index()];
    bool has_asked = false;
    while (peer.has_room() && times.next() <= now && times.next() < end_) {
        peer.ask(times.next(), now);
        times.advance();
        has_asked = true;
    }
    if (has_asked) {
        peer.flush();
    }
    if (peer.has_room() && times.next() < end_ && !is_waiting_[peer.index()]) {
        is_waiting_[peer.index()] = true;
        waiting_.push({times.next(), &peer});
    }
}

void open_loop::set_timer() {
    if (spins_ || waiting_.empty() || waiting_.top().until == timer_set_to_) {
        return;
    }
    timer_set_to_ = waiting_.top().until;
    timer_.expires_at(timer_set_to_);
    timer_.async_wait([this](const boost::system::error_code& ec) {
        if (!ec) {
            timer_set_to_ = time_point::max();
            send_due();
        }
    });
}

}  // namespace cloakroom::load
