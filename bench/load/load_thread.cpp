// SPDX-License-Identifier: MIT
#include "load_thread.hpp"

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

namespace cloakroom::load {
using clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t most_opening = 128;  // a thread; fits into the queue of any listener
constexpr std::chrono::milliseconds longest_tick{100};
constexpr std::chrono::milliseconds shortest_tick{1};

// How late a timeout may be noticed.
std::chrono::nanoseconds tick_period(const plan& wanted) {
    const auto part = std::chrono::duration_cast<std::chrono::nanoseconds>(wanted.timeout / 10);
    return std::clamp<std::chrono::nanoseconds>(part, shortest_tick, longest_tick);
}

// How many of `count` things, dealt out to the threads in turn, this one has.
std::size_t part(std::size_t count, std::size_t threads, std::size_t number) {
    return count / threads + (number < count % threads ? 1 : 0);
}

}  // namespace

// Without locks: nothing but this thread touches its io_context.
load_thread::load_thread(const plan& wanted, const request_text& request,
                         const tcp::endpoint& server, std::size_t number,
                         const std::atomic<bool>& interrupted)
    : wanted_(wanted),
      number_(number),
      interrupted_(interrupted),
      io_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE),
      share_{wanted, request, request.with({}), server},
      tick_(io_) {
    const std::size_t slow = wanted.slow_connections();
    connections_.resize(part(wanted.connections - slow, wanted.threads, number));
    for (std::size_t i = 0; i < connections_.size(); ++i) {
        connections_[i] = std::make_unique<connection>(io_, share_, i);
    }
    slow_connections_.resize(part(slow, wanted.threads, number));
    for (auto& peer : slow_connections_) {
        peer = std::make_unique<slow_connection>(io_, share_, slow_counts_);
    }
}

void load_thread::open_connections() {
    const auto wait_while = [this](std::size_t opening) {
        while (share_.opening > opening && !interrupted_) {
            io_.restart();
            io_.run_one_for(tick_period(wanted_));
            const time_point now = clock::now();
            for (const auto& peer : connections_) {
                peer->check(now);
            }
        }
    };
    share_.counts.count_from(time_point{}, time_point{});
    for (const auto& peer : connections_) {
        wait_while(most_opening - 1);
        if (interrupted_) {
            return;
        }
        peer->open(clock::now());
    }
    wait_while(0);
}

void load_thread::run(const timetable& when) {
    begin(when);
    on_tick();
    io_.restart();
    if (!wanted_.spins) {
        io_.run();
        return;
    }
    while (!is_finished_) {
        io_.poll();
        open_loop_->send_due();
    }
}

void load_thread::begin(const timetable& when) {
    when_ = when;
    share_.counts.count_from(when.count_from, when.end);
    slow_counts_.count_from(when.count_from, when.end);
    if (wanted_.rate) {
        open_loop_ = std::make_unique<open_loop>(io_, schedule(when.start), when.end, wanted_.spins,
                                                 share_.counts);
        share_.when = open_loop_.get();
    } else {
        closed_loop_ = std::make_unique<closed_loop>(wanted_.pipeline, when.end);
        share_.when = closed_loop_.get();
    }
    std::this_thread::sleep_until(when.start);
    for (const auto& peer : connections_) {
        if (peer->is_open() && closed_loop_) {
            closed_loop_->begin(*peer, clock::now());
        } else if (peer->is_open()) {
            open_loop_->on_room(*peer, clock::now());
        }
    }
    for (const auto& peer : slow_connections_) {
        peer->start();
    }
}

// The connections of all threads take turns, a request each.
std::vector<arrivals> load_thread::schedule(time_point start) const {
    const arrivals::period between{1e9 / *wanted_.rate};
    const std::size_t fast = wanted_.connections - wanted_.slow_connections();
    const arrivals::period mean = between * static_cast<double>(fast);
    std::mt19937 seeds(static_cast<std::uint32_t>(number_) + 1);
    std::vector<arrivals> times;
    for (std::size_t i = 0; i < connections_.size(); ++i) {
        if (wanted_.is_poisson) {
            times.emplace_back(start, mean, static_cast<std::uint32_t>(seeds()));
        } else {
            const arrivals::period turn =
                between * static_cast<double>(i * wanted_.threads + number_);
            times.emplace_back(start + std::chrono::duration_cast<std::chrono::nanoseconds>(turn),
                               mean);
        }
    }
    return times;
}

void load_thread::on_tick() {
    const time_point now = clock::now();
    for (const auto& peer : connections_) {
        peer->check(now);
    }
    answers_ = share_.counts.answers();
    failures_ = share_.counts.failures();
    if (interrupted_ || is_over(now)) {
        finish(now);
        return;
    }
    const auto next = std::min(now + tick_period(wanted_), when_.end);
    tick_.expires_at(now < when_.end ? next : now + shortest_tick);
    tick_.async_wait([this](const boost::system::error_code& ec) {
        if (!ec) {
            on_tick();
        }
    });
}

bool load_thread::is_over(time_point now) const {
    return now >= when_.give_up ||
           (now >= when_.end && std::all_of(connections_.begin(), connections_.end(),
                                            [&](const std::unique_ptr<connection>& peer) {
                                                return peer->is_idle() &&
                                                       !share_.when->has_work(*peer, now);
                                            }));
}

void load_thread::finish(time_point now) {
    for (const auto& peer : connections_) {
        if (now >= when_.count_from) {
            share_.counts.left_unanswered(peer->unanswered());
            if (open_loop_ && !interrupted_) {
                share_.counts.left_unanswered(open_loop_->unsent(*peer));
            }
        }
        peer->close();
    }
    is_finished_ = true;
    io_.stop();
}

}  // namespace cloakroom::load
