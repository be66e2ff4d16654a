// SPDX-License-Identifier: MIT
// Where and how an app is served.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace cloakroom {

/// Whether weak settings are tolerated.
enum class deployment {
    automatic,    ///< Development where `host` is a loopback address, else production.
    development,  ///< Session cookies without Secure, so that they work on plain HTTP.
    production,   ///< Session cookies "__Host-…; Secure"; short secrets are refused.
};

/// Settings of `app.run()` and `app.serve()`.
struct run_options {
    /// A numeric address, or "localhost".
    std::string host = "127.0.0.1";

    /// 0 picks a free one.
    std::uint16_t port = 8080;

    /// Event loops; 0 is one a core. `app.serve()` has one in any case.
    unsigned threads = 0;

    /// Threads for blocking handlers; 0 is four a core, and 16 at least.
    unsigned workers = 0;

    /// Blocking handlers that may wait for a worker; more get 503.
    std::size_t worker_queue = 1024;

    cloakroom::deployment deployment = cloakroom::deployment::automatic;

    /// How long after a signal or stop() all goes on as before, except that app::health() says "not
    /// ready", so that a load balancer sends its requests elsewhere before the port is closed. A
    /// little more than the balancer takes to notice. 0: the drain begins at once. Below 0 is a
    /// setup_error.
    std::chrono::milliseconds notice_time{0};

    /// How long requests may go on after that, before their connections are closed.
    std::chrono::milliseconds drain_time{10'000};

    /// Called once the port is open, with its number, on the thread that called run(). Empty:
    /// run() prints the address to standard output, and serve() says nothing.
    std::function<void(std::uint16_t port)> on_listening = {};
};

}  // namespace cloakroom
