// SPDX-License-Identifier: MIT
// One Redis server as one event loop uses it: commands are pipelined over one connection, which is
// made when it is needed and made anew when it breaks. Knows nothing of clusters and of sessions.
#pragma once

#include "redis/link.hpp"
#include "redis/reply.hpp"
#include "redis/server_address.hpp"
#include <cloakroom/async.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>

namespace cloakroom::redis {

/// How a node is reached.
struct node_settings {
    login as{};
    std::shared_ptr<boost::asio::ssl::context> tls{};  ///< Null for no TLS.
    std::chrono::milliseconds connect_time{1'000};     ///< For all of one attempt.
};

/// Used by one event loop.
///
/// A command whose connection breaks before its reply is sent again on the next one, if that can
/// be had at once: every command has to be one that may be executed twice. When no connection can
/// be had, all commands fail, and further ones do without waiting (the circuit is open), until an
/// attempt in the background succeeds: those come after 50 ms, then ever later, up to a second.
class node : public std::enable_shared_from_this<node> {
public:
    using clock = std::chrono::steady_clock;

    /// Where the server is now. The argument counts the attempts that failed, to try several
    /// addresses in turn.
    using locator = std::function<task<server_address>(unsigned attempt)>;

    /// @param addresses  So many `where` gives in turn: all are tried before commands fail.
    node(boost::asio::any_io_executor executor, std::shared_ptr<const node_settings> settings,
         locator where, unsigned addresses = 1);
    node(const node&) = delete;
    node& operator=(const node&) = delete;
    ~node() = default;

    /// Executes a command. Fails at once while 16,384 commands wait, or 64 MiB of them.
    ///
    /// @param replies  How many replies the bytes bring; the last one counts.
    /// @return The reply, or reply::kind::none.
    [[nodiscard]] task<reply> run(std::string command, clock::time_point deadline,
                                  unsigned replies = 1);

    /// Connects anew: the server is not what it was.
    void reconnect() noexcept;

    /// Fails what waits, and everything from now on.
    void close() noexcept;

    /// Counts its connections; 0 before the first.
    [[nodiscard]] unsigned connection() const noexcept { return connection_; }

    /// Where it is connected, or was last.
    [[nodiscard]] const server_address& address() const noexcept { return address_; }

private:
    enum class state : std::uint8_t { idle, connecting, ready, broken };

    class waiter;
    struct expected_reply {
        waiter* by;  // null where nobody waits any longer
        unsigned left;
    };

    void start();
    task<void> serve(std::shared_ptr<node> self);
    task<std::string> connect();
    task<std::string> take_replies();
    void take(reply&& next);
    void flush();
    void abandon(const waiter& which) noexcept;
    void expire() noexcept;
    void fail_sent_often(const std::string& why);
    void fail_all(const std::string& why);
    void drop_link() noexcept;
    [[nodiscard]] std::chrono::milliseconds pause_after(unsigned pauses);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<const node_settings> settings_;
    locator where_;
    unsigned addresses_;
    unsigned attempt_ = 0;  // so many have failed
    server_address address_;
    state state_ = state::idle;
    std::string why_;  // broken
    bool is_closed_ = false;
    unsigned connection_ = 0;
    std::shared_ptr<link> link_;           // connected, or connecting
    std::deque<expected_reply> expected_;  // in the order of their commands
    std::size_t sent_ = 0;                 // so many of them are on the connection
    std::size_t waiting_bytes_ = 0;        // of their commands
    clock::time_point wanted_at_{};
    boost::asio::steady_timer pause_;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace cloakroom::redis
