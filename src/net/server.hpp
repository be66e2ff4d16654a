// SPDX-License-Identifier: MIT
// A server on threads of its own, or on the io_context of a program that has one: event loops that
// share a service and a port.
#pragma once

#include "http1/service.hpp"
#include "net/event_loop.hpp"
#include "net/listener.hpp"
#include "net/worker_pool.hpp"
#include <cloakroom/limits.hpp>
#include <cloakroom/run_options.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace cloakroom::net {

/// Serves one port. Only stop() may be called from other threads.
class server {
public:
    /// Opens the port.
    ///
    /// @param is_leaving  Is set by stop(), and by a signal. Must outlive it.
    /// @throws setup_error when the port cannot be had.
    server(const cloakroom::run_options& options, std::atomic<bool>& is_leaving);
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    /// Waits for workers that run a handler.
    ~server();

    [[nodiscard]] std::uint16_t port() const noexcept { return socket_.port(); }
    [[nodiscard]] bool is_loopback() const noexcept { return socket_.is_loopback(); }

    /// Makes the event loops, for threads of their own.
    ///
    /// @throws setup_error when the system lacks descriptors.
    void prepare(http1::service& app, const cloakroom::limits& limits);

    /// Makes one event loop on `context`, and begins to serve when that runs. Throws as prepare().
    void serve_on(boost::asio::io_context& context, http1::service& app,
                  const cloakroom::limits& limits);

    /// Serves until stopped by a signal or by stop(), and waits for workers that run a handler. A
    /// second signal ends the process at once. REQUIRES: prepare().
    ///
    /// @throws setup_error when the system lacks threads; what a completion handler threw.
    void run();

    /// Begins to drain, after run_options::notice_time. Thread-safe and async-signal-safe. REQUIRES: prepare() or serve_on().
    void stop() noexcept;

private:
    struct loop_thread {
        std::unique_ptr<boost::asio::io_context> context;  // empty: the program's own
        std::shared_ptr<event_loop> loop;
    };

    void make_loops(http1::service& app, const cloakroom::limits& limits);
    void start(std::vector<std::thread>& threads);
    void run_loop(loop_thread& of) noexcept;
    void fail(std::exception_ptr error) noexcept;

    run_options options_;
    std::atomic<bool>* is_leaving_;
    listening_socket socket_;
    std::unique_ptr<worker_pool> workers_;
    std::vector<loop_thread> loops_;
    std::optional<boost::asio::signal_set> signals_;
    std::mutex failure_mutex_;
    std::exception_ptr failure_;
};

}  // namespace cloakroom::net
