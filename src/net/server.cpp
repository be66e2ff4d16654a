// SPDX-License-Identifier: MIT
#include "net/server.hpp"

#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace cloakroom::net {
namespace {

unsigned core_count() noexcept {
    return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

server::server(const run_options& options)
    : options_(options), socket_(options.host, options.port, true) {
    const unsigned threads =
        options_.workers != 0 ? options_.workers : std::max(16U, 4 * core_count());
    workers_ = std::make_unique<worker_pool>(threads, options_.worker_queue);
}

server::~server() {
    workers_.reset();  // they refer to exchanges and event loops
    for (loop_thread& each : loops_) {
        each.loop->release();
        each.context.reset();  // ends what is suspended, before what it refers to
    }
}

void server::prepare(http1::service& app, const limits& limits) {
    const unsigned count = options_.threads != 0 ? options_.threads : core_count();
    for (unsigned index = 0; index < count; ++index) {
        auto context = std::make_unique<boost::asio::io_context>(1);
        auto loop = std::make_shared<event_loop>(
            *context, event_loop::setting{app, limits, *workers_, options_.drain_time,
                                          [each = context.get()] { each->stop(); }});
        loops_.push_back({std::move(context), std::move(loop)});
    }
    const std::uint16_t port = socket_.port();
    loops_.front().loop->serve(std::move(socket_));
    for (std::size_t index = 1; index < loops_.size(); ++index) {
        loops_[index].loop->serve(listening_socket(options_.host, port, false));
    }
}

void server::serve_on(boost::asio::io_context& context, http1::service& app, const limits& limits) {
    auto loop = std::make_shared<event_loop>(
        context, event_loop::setting{app, limits, *workers_, options_.drain_time, {}});
    loop->serve(std::move(socket_));
    loops_.push_back({nullptr, std::move(loop)});
}

void server::run() {
    boost::asio::signal_set signals(*loops_.front().context, SIGINT, SIGTERM);
    signals.async_wait([this](boost::system::error_code error, int /*signal*/) {
        if (!error) {
            stop();
        }
    });
    std::exception_ptr failure;
    std::mutex failure_mutex;
    const auto run_loop = [&](loop_thread& each) {
        try {
            each.context->run();
        } catch (...) {  // a completion handler of the program's own threw
            const std::lock_guard lock(failure_mutex);
            failure = failure ? failure : std::current_exception();
            stop();
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t index = 1; index < loops_.size(); ++index) {
        threads.emplace_back([&, index] { run_loop(loops_[index]); });
    }
    run_loop(loops_.front());
    for (std::thread& each : threads) {
        each.join();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

void server::stop() noexcept {
    for (const loop_thread& each : loops_) {
        each.loop->drain();
    }
}

}  // namespace cloakroom::net
