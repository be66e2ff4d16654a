// SPDX-License-Identifier: MIT
// Listening sockets: opening them, and accepting what arrives.
#pragma once

#include "net/poller.hpp"
#include "net/timer_wheel.hpp"

#include <cstdint>
#include <string>

struct addrinfo;

namespace cloakroom::net {

class event_loop;

/// A socket that listens, owned.
class listening_socket {
public:
    /// Opens `host`:`port`; port 0 picks one.
    ///
    /// @param is_first  Refuses a port that another process serves already. Further sockets of the
    ///                  same port share its connections, one for each event loop.
    /// @throws setup_error that says what to do.
    listening_socket(const std::string& host, std::uint16_t port, bool is_first);
    listening_socket(listening_socket&& other) noexcept;
    listening_socket& operator=(listening_socket&&) = delete;
    ~listening_socket();

    [[nodiscard]] int descriptor() const noexcept { return socket_; }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] bool is_loopback() const noexcept { return is_loopback_; }

    void close() noexcept;

private:
    listening_socket() = default;

    void open(const std::string& host, std::uint16_t port, const addrinfo& at);
    void bind(const std::string& host, std::uint16_t port, const addrinfo& at) const;

    int socket_ = -1;
    std::uint16_t port_ = 0;
    bool is_loopback_ = false;
};

/// Accepts connections for an event loop, and rests while it has as many as it may or the system
/// has no descriptor left.
class listener final : public pollable, public timer_entry {
public:
    /// @throws std::system_error when the socket cannot be watched.
    listener(event_loop& loop, listening_socket socket);

    void on_ready(readiness now) noexcept override;
    void on_deadline() noexcept override { go_on(); }

    /// Accepts again after a rest.
    void go_on() noexcept;

    /// Accepts what has arrived, and then no more.
    void close() noexcept;

private:
    enum class accepted : std::uint8_t { one, none, refused };
    accepted accept_one() noexcept;
    void rest() noexcept;

    event_loop& loop_;
    listening_socket socket_;
    bool is_resting_ = false;
};

}  // namespace cloakroom::net
