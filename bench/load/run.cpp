// SPDX-License-Identifier: MIT
#include "run.hpp"

#include "load_thread.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/error_code.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <future>
#include <memory>
#include <stdexcept>
#include <vector>

namespace cloakroom::load {
namespace asio = boost::asio;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

namespace {

std::chrono::nanoseconds nanoseconds(plan::seconds time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time);
}

double seconds(std::chrono::nanoseconds time) {
    return plan::seconds(time).count();
}

// The first of the host's addresses that takes a connection.
tcp::endpoint find_server(const plan& wanted) {
    asio::io_context io;
    tcp::resolver resolver(io);
    error_code ec;
    const auto addresses =
        resolver.resolve(wanted.where.host, std::to_string(wanted.where.port), ec);
    if (ec) {
        throw std::runtime_error("the host " + wanted.where.host + " is not known (" +
                                 ec.message() + "): is its name right?");
    }
    tcp::socket socket(io);
    tcp::endpoint server;
    ec = asio::error::timed_out;
    asio::async_connect(socket, addresses, [&](const error_code& failed, const tcp::endpoint& at) {
        ec = failed;
        server = at;
    });
    io.run_for(nanoseconds(wanted.timeout));
    if (ec) {
        throw std::runtime_error(wanted.where.authority + " cannot be connected to (" +
                                 ec.message() + "): does the server run, and on that port?");
    }
    return server;
}

// Ctrl-C ends the run with what was measured; a second one ends the program.
class interruption {
public:
    interruption() : signals_(io_, SIGINT, SIGTERM) {
        signals_.async_wait([this](const error_code& ec, int) {
            if (!ec) {
                has_come_ = true;
                signals_.clear();
            }
        });
    }

    /// To be called now and then.
    void look() { io_.poll(); }
    [[nodiscard]] const std::atomic<bool>& has_come() const noexcept { return has_come_; }

private:
    asio::io_context io_;
    std::atomic<bool> has_come_ = false;
    asio::signal_set signals_;
};

using threads = std::vector<std::unique_ptr<load_thread>>;

void show_progress(const threads& all, time_point since) {
    std::uint64_t answers = 0;
    std::uint64_t failures = 0;
    for (const auto& thread : all) {
        answers += thread->answers_so_far();
        failures += thread->failures_so_far();
    }
    std::fprintf(stderr, "\r%7.1f s, %llu answers, %llu errors\033[K",
                 seconds(clock::now() - since), static_cast<unsigned long long>(answers),
                 static_cast<unsigned long long>(failures));
}

// Runs `action` for each thread, on one of its own, and returns when all have.
template <class Action>
void on_each(const threads& all, interruption& stop, bool shows_progress, Action action) {
    const time_point since = clock::now();
    std::vector<std::future<void>> running;
    running.reserve(all.size());
    for (const auto& thread : all) {
        running.push_back(std::async(std::launch::async, [&] { action(*thread); }));
    }
    for (const auto& each : running) {
        while (each.wait_for(std::chrono::milliseconds{50}) != std::future_status::ready) {
            stop.look();
            if (shows_progress) {
                show_progress(all, since);
            }
        }
    }
    if (shows_progress) {
        std::fputs("\r\033[K", stderr);
    }
    for (auto& each : running) {
        each.get();
    }
}

std::chrono::nanoseconds cpu_time() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto time = [](const timeval& value) {
        return std::chrono::seconds(value.tv_sec) + std::chrono::microseconds(value.tv_usec);
    };
    return time(used.ru_utime) + time(used.ru_stime);
}

results sum(const threads& all) {
    results totals;
    for (const auto& thread : all) {
        totals.counts.merge(thread->counts());
        totals.slow_counts.merge(thread->slow_counts());
        if (thread->connect_error()) {
            totals.connect_error = thread->connect_error().message();
        }
    }
    return totals;
}

}  // namespace

results run(const plan& wanted, bool shows_progress) {
    interruption stop;
    allow_connections(wanted.connections);
    const request_text request(wanted.where, wanted.what);
    const tcp::endpoint server = find_server(wanted);
    threads all;
    for (std::size_t number = 0; number < wanted.threads; ++number) {
        all.push_back(
            std::make_unique<load_thread>(wanted, request, server, number, stop.has_come()));
    }
    on_each(all, stop, false, [](load_thread& thread) { thread.open_connections(); });

    timetable when;
    when.start = clock::now() + std::chrono::milliseconds{1};  // by then each thread has begun
    when.count_from = when.start + nanoseconds(wanted.warm_up);
    when.end = when.count_from + nanoseconds(wanted.time);
    // Late enough that a request of the last moment can still be seen to time out.
    when.give_up = when.end + nanoseconds(wanted.timeout) + std::chrono::milliseconds{20};
    const std::chrono::nanoseconds cpu_before = cpu_time();
    const time_point before = clock::now();
    on_each(all, stop, shows_progress, [&](load_thread& thread) { thread.run(when); });
    const time_point after = clock::now();

    results totals = sum(all);
    totals.seconds = seconds(std::clamp(after, when.count_from, when.end) - when.count_from);
    totals.wall_seconds = seconds(after - before);
    totals.cpu_seconds = seconds(cpu_time() - cpu_before);
    totals.was_interrupted = stop.has_come();
    return totals;
}

}  // namespace cloakroom::load
