// SPDX-License-Identifier: MIT
#include "net/server.hpp"

#include <cloakroom/setup_error.hpp>

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <csignal>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace cloakroom::net {
namespace {

unsigned core_count() noexcept {
    return std::max(1U, std::thread::hardware_concurrency());
}

// Makes what the system refuses an error that says what to do.
template <class Work>
void explain_failure(Work work) {
    const auto explain = [](const std::exception& error) {
        throw setup_error(std::string{"the system does not give what the server needs: "} +
                          error.what() +
                          ". Use fewer --threads, or allow more: ulimit -n for open files, ulimit "
                          "-u for threads");
    };
    try {
        work();
    } catch (const std::system_error& error) {
        explain(error);
    } catch (const boost::system::system_error& error) {
        explain(error);
    }
}

}  // namespace

server::server(const run_options& options, std::atomic<bool>& is_leaving)
    : options_(options), is_leaving_(&is_leaving), socket_(options.host, options.port, true) {
    if (options_.notice_time.count() < 0) {
        throw setup_error("run_options: notice_time must not be negative");
    }
    if (options_.drain_time.count() < 0) {
        throw setup_error("run_options: drain_time must not be negative");
    }
    const unsigned threads =
        options_.workers != 0 ? options_.workers : std::max(16U, 4 * core_count());
    workers_ = std::make_unique<worker_pool>(threads, options_.worker_queue);
}

server::~server() {
    workers_.reset();  // they refer to exchanges and event loops
    signals_.reset();
    for (loop_thread& each : loops_) {
        each.loop->release();
        each.context.reset();  // ends what is suspended, before what it refers to
    }
}

void server::prepare(http1::service& app, const limits& limits) {
    explain_failure([&] { make_loops(app, limits); });
}

void server::make_loops(http1::service& app, const limits& limits) {
    const unsigned count = options_.threads != 0 ? options_.threads : core_count();
    for (unsigned index = 0; index < count; ++index) {
        auto context = std::make_unique<boost::asio::io_context>(1);
        auto loop = std::make_shared<event_loop>(
            *context,
            event_loop::setting{app, limits, *workers_, options_.notice_time, options_.drain_time,
                                [each = context.get()] { each->stop(); }});
        loops_.push_back({std::move(context), std::move(loop)});
    }
    const std::uint16_t port = socket_.port();
    loops_.front().loop->serve(std::move(socket_));
    for (std::size_t index = 1; index < loops_.size(); ++index) {
        loops_[index].loop->serve(listening_socket(options_.host, port, false));
    }
    signals_.emplace(*loops_.front().context, SIGINT, SIGTERM);
}

void server::serve_on(boost::asio::io_context& context, http1::service& app, const limits& limits) {
    explain_failure([&] {
        auto loop = std::make_shared<event_loop>(
            context, event_loop::setting{
                         app, limits, *workers_, options_.notice_time, options_.drain_time, {}});
        loop->serve(std::move(socket_));
        loops_.push_back({nullptr, std::move(loop)});
    });
}

void server::run() {
    signals_->async_wait([this](boost::system::error_code error, int /*signal*/) {
        if (!error) {
            signals_->clear();  // the next one ends the process
            stop();
        }
    });
    std::vector<std::thread> threads;
    try {
        explain_failure([&] { start(threads); });
    } catch (...) {
        fail(std::current_exception());
    }
    run_loop(loops_.front());
    for (std::thread& each : threads) {
        each.join();
    }
    workers_.reset();  // waits for what they run
    if (failure_) {
        std::rethrow_exception(failure_);
    }
}

void server::start(std::vector<std::thread>& threads) {
    for (std::size_t index = 1; index < loops_.size(); ++index) {
        threads.emplace_back([this, index] { run_loop(loops_[index]); });
    }
}

void server::run_loop(loop_thread& of) noexcept {
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        try {
            of.context->run();
        } catch (const std::bad_alloc&) {
            goes_on = true;  // Asio's, of a coroutine that has ended by it: the others go on
        } catch (...) {      // a completion handler of the program's own threw
            fail(std::current_exception());
        }
    }
}

void server::fail(std::exception_ptr error) noexcept {
    {
        const std::lock_guard lock(failure_mutex_);
        failure_ = failure_ ? failure_ : std::move(error);
    }
    stop();
}

void server::stop() noexcept {
    *is_leaving_ = true;
    for (const loop_thread& each : loops_) {
        each.loop->drain();
    }
}

}  // namespace cloakroom::net
