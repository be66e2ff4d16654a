// SPDX-License-Identifier: MIT
// Redis as one event loop uses it: one server, a cluster, or whom Sentinel names. Finds the server
// of a key, and follows where it has moved.
#pragma once

#include "redis/invalidation_feed.hpp"
#include "redis/node.hpp"
#include "redis/script.hpp"
#include "redis/server_address.hpp"
#include <cloakroom/async.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cloakroom::redis {

/// What all clients of a store have in common.
struct client_settings {
    server_url url{};
    std::shared_ptr<boost::asio::ssl::context> tls{};  ///< Null for no TLS.
    std::chrono::milliseconds connect_time{1'000};     ///< For one attempt to connect.
    std::chrono::milliseconds answer_time{2'000};      ///< For one command, with all it takes.
    std::string prefix{};                              ///< Of the keys that are cached.
    std::size_t cache_bytes = 0;                       ///< 0: nothing is cached.
    std::chrono::milliseconds stale_time{1'000};       ///< As redis_session_settings.
};

/// Used by one event loop.
///
/// Of a cluster it knows at first the servers of its URL alone: what a redirection (MOVED) says of
/// a slot it remembers. A server that does not answer loses its slots, and another one is asked.
class client {
public:
    client(boost::asio::any_io_executor executor, std::shared_ptr<const client_settings> settings);
    client(const client&) = delete;
    client& operator=(const client&) = delete;
    ~client() { close(); }

    /// Executes a command on keys of that slot. It has to be one that may be executed twice
    /// (reply::sent tells). Waits no longer than client_settings::answer_time.
    ///
    /// @param stays  While the slot is moving to another node of a cluster, wait until that is over.
    /// @return The reply, or reply::kind::none.
    [[nodiscard]] task<reply> run(std::uint16_t slot, std::string command, bool stays = false);

    /// Executes a script on keys of that slot.
    [[nodiscard]] task<reply> run(std::uint16_t slot, script_call call);

    /// Whether changes() and changes_others() are of use.
    [[nodiscard]] bool has_cache() const noexcept { return feed_ != nullptr; }

    /// What is remembered of the keys, if that may be used now; null otherwise.
    [[nodiscard]] std::shared_ptr<session_cache> cache();

    /// From here a key was changed.
    void changes(std::string_view key);

    /// From here keys were changed that are not known by name.
    void changes_others();

    /// As node::close(), for all.
    void close() noexcept;

    [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept {
        return executor_;
    }

private:
    using clock = node::clock;
    using node_pointer = std::shared_ptr<node>;

    // A command on its way through the servers.
    struct journey {
        std::uint16_t slot;
        std::string command;
        clock::time_point deadline;
        node_pointer at;
        bool stays;         // it does not follow a slot that is just moving (ASK)
        bool asks = false;  // the next server has to be told that it was asked for (ASK)
        unsigned sent = 0;  // and not answered
        unsigned hops = 0;
    };

    [[nodiscard]] task<bool> goes_on(journey& on, reply& answer);
    void follow(journey& on, std::string_view redirection, bool is_for_good);
    [[nodiscard]] bool try_another(journey& on);
    [[nodiscard]] task<bool> pause(const journey& on) const;
    [[nodiscard]] node_pointer node_of(std::uint16_t slot) const;
    [[nodiscard]] node_pointer node_at(const server_address& address);
    [[nodiscard]] node::locator locator() const;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<const client_settings> settings_;
    std::shared_ptr<const node_settings> node_settings_;
    node_pointer home_;  // the server, or the one of a cluster that is asked first
    std::unordered_map<std::string, node_pointer> others_;  // of a cluster, by address
    std::unordered_map<std::uint16_t, node_pointer> slots_;
    std::shared_ptr<invalidation_feed> feed_;  // null without a cache
};

}  // namespace cloakroom::redis
