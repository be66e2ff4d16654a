// SPDX-License-Identifier: MIT
// Runs an app on a free port in a thread, and stops it at the end of the test.
#pragma once

#include "socket_client.hpp"
#include <cloakroom/app.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <future>
#include <stdexcept>
#include <utility>

namespace cloakroom::net {

/// When a test gives up on what takes a fraction of it.
inline constexpr std::chrono::milliseconds at_last{20'000};

/// A served app. Must not outlive it.
class running_app {
public:
    /// One event loop on a free port, unless said otherwise.
    static run_options one_loop() {
        run_options options;
        options.port = 0;
        options.threads = 1;
        return options;
    }

    explicit running_app(app& served, run_options options = one_loop()) : app_(&served) {
        std::promise<std::uint16_t> listening;
        options.on_listening = [&listening](std::uint16_t port) { listening.set_value(port); };
        result_ = std::async(std::launch::async, [&served, options = std::move(options)] {
            return served.run(options);
        });
        std::future<std::uint16_t> port = listening.get_future();
        while (port.wait_for(std::chrono::milliseconds{10}) != std::future_status::ready) {
            if (result_.wait_for(std::chrono::seconds{0}) == std::future_status::ready) {
                result_.get();
                throw std::logic_error("run() returned without listening");
            }
        }
        port_ = port.get();
    }

    running_app(const running_app&) = delete;
    running_app& operator=(const running_app&) = delete;
    ~running_app() { app_->stop(); }  // and the future waits for run() to return

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] socket_client connect() const { return socket_client(port_); }
    void stop() { app_->stop(); }

    /// From the next connection on, the system takes some 16 KiB of what is sent, and not megabytes.
    void shrink_send_buffers() const {
        const int bytes = 8 * 1024;  // which the system doubles; accepted sockets inherit it
        bool was_found = false;
        for (int socket = 0; socket < 1024; ++socket) {
            sockaddr_in address{};
            socklen_t size = sizeof address;
            if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
                address.sin_family == AF_INET && ntohs(address.sin_port) == port_) {
                was_found = ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes) == 0;
            }
        }
        if (!was_found) {
            throw std::logic_error("the listening socket was not found");
        }
    }

    /// Waits for run() to return.
    int result() { return result_.get(); }

    /// Whether run() has returned, or does within that time.
    [[nodiscard]] bool has_returned(std::chrono::milliseconds within) const {
        return result_.wait_for(within) == std::future_status::ready;
    }

    /// Waits until the event loop has handled all that was sent before. REQUIRES: one loop, a route
    /// "/", and room for a connection.
    void settle() const { static_cast<void>(connect().get("/")); }

private:
    app* app_;
    std::future<int> result_;
    std::uint16_t port_ = 0;
};

}  // namespace cloakroom::net
