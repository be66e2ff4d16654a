// SPDX-License-Identifier: MIT
// Tells a session_cache which keys have changed in Redis: a connection beside the one of the
// commands, on which Redis names them (CLIENT TRACKING in broadcasting mode, Redis 6).
// Source: https://redis.io/docs/manual/client-side-caching
#pragma once

#include "redis/link.hpp"
#include "redis/node.hpp"
#include "redis/session_cache.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace cloakroom::redis {

/// Used by one event loop. Whenever news may have been missed, the cache is cleared and not to be
/// used until the feed is there again.
class invalidation_feed : public std::enable_shared_from_this<invalidation_feed> {
public:
    using clock = std::chrono::steady_clock;

    /// @param prefix  Of the keys whose changes count.
    /// @param most_stale  How old the last proof that no news is missing may be.
    invalidation_feed(boost::asio::any_io_executor executor,
                      std::shared_ptr<const node_settings> settings, std::shared_ptr<node> of,
                      std::string prefix, std::chrono::milliseconds most_stale,
                      std::size_t capacity_bytes);

    /// The cache, if it may be used now; null otherwise. Starts the feed when it is not there.
    [[nodiscard]] std::shared_ptr<session_cache> current();

    /// A key of the cache was changed from here.
    void drop(std::string_view key) { cache_->drop(key); }

    /// From here several keys were changed whose names are not known.
    void clear() { cache_->clear(); }

    void close() noexcept;

private:
    static task<void> serve(std::shared_ptr<invalidation_feed> self);
    static task<void> beat(std::shared_ptr<invalidation_feed> self, std::shared_ptr<link> on);
    static task<void> subscribe(std::shared_ptr<link> on, std::string prefix);
    void begin(const std::shared_ptr<link>& on, unsigned connection);
    void take(const reply& news);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<const node_settings> settings_;
    std::shared_ptr<node> of_;
    std::string prefix_;
    std::chrono::milliseconds most_stale_;
    std::shared_ptr<session_cache> cache_;
    std::shared_ptr<link> link_;        // while news come
    clock::time_point asked_at_{};      // when the last sign of life was asked for
    clock::time_point confirmed_at_{};  // when the last one that came was asked for
    clock::time_point wanted_at_{};
    unsigned connection_ = 0;  // of the node, when the feed began
    bool is_running_ = false;
    bool is_closed_ = false;
    boost::asio::steady_timer pause_;
};

}  // namespace cloakroom::redis
