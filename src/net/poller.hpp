// SPDX-License-Identifier: MIT
// Readiness of many sockets: an epoll set. Its own descriptor becomes readable when one of them is
// ready, so that Asio can watch the whole set as one.
#pragma once

#include <cstdint>

namespace cloakroom::net {

/// What has become of a socket since it was last looked at.
struct readiness {
    bool is_readable;
    bool is_writable;
    bool has_ended;   ///< The peer will send no more.
    bool has_failed;  ///< The connection is gone in both directions.
};

/// What waits for a socket.
class pollable {
public:
    virtual void on_ready(readiness now) noexcept = 0;

protected:
    ~pollable() = default;
};

/// An epoll set. Used by one thread.
class poller {
public:
    /// @throws std::system_error when the system gives no descriptor.
    poller();
    poller(const poller&) = delete;
    poller& operator=(const poller&) = delete;
    ~poller();

    /// Watches a socket for changes: it is reported once when it becomes ready, and again only
    /// after it was found not to be (edge-triggered). Closing the socket ends it.
    ///
    /// @return False where the system refuses.
    [[nodiscard]] bool watch_changes(int socket, pollable& waits) noexcept;

    /// Watches a socket for as long as it is readable (level-triggered).
    [[nodiscard]] bool watch_readable(int socket, pollable& waits) noexcept;

    /// Stops and restarts watching a socket of watch_readable().
    void pause(int socket, pollable& waits) noexcept;
    void go_on(int socket, pollable& waits) noexcept;

    /// Calls on_ready() of what is ready now, without waiting.
    ///
    /// @return How many were called.
    unsigned dispatch() noexcept;

    [[nodiscard]] int descriptor() const noexcept { return epoll_; }

private:
    [[nodiscard]] bool control(int operation, int socket, std::uint32_t events,
                               pollable& waits) noexcept;

    int epoll_;
};

}  // namespace cloakroom::net
