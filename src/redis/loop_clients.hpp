// SPDX-License-Identifier: MIT
// Which event loop has which client: one for each store that it uses. Asio keeps it beside the
// loop, so that clients end with their loop.
#pragma once

#include "redis/client.hpp"

#include <boost/asio/execution_context.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace cloakroom::redis {

/// The clients of one store, on all event loops. Thread-safe.
class client_roster {
public:
    explicit client_roster(client_settings settings)
        : settings_(std::make_shared<const client_settings>(std::move(settings))) {}

    [[nodiscard]] const std::shared_ptr<const client_settings>& settings() const noexcept {
        return settings_;
    }

    void add(const std::shared_ptr<client>& which);
    void remove(const client& which) noexcept;

    /// Has each loop close its client, some time.
    void close_all();

private:
    std::shared_ptr<const client_settings> settings_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<client>> clients_;
};

/// The clients of one event loop. Used by its thread.
class loop_clients final : public boost::asio::execution_context::service {
public:
    using key_type = loop_clients;

    // Asio identifies the kind of service by it.
    static boost::asio::execution_context::id id;  // NOLINT: Asio's protocol; holds nothing

    explicit loop_clients(boost::asio::execution_context& context) : service(context) {}

    /// The client of a store, made when it is asked for first.
    [[nodiscard]] client& of(const std::shared_ptr<client_roster>& store,
                             const boost::asio::any_io_executor& executor);

private:
    void shutdown() noexcept override;

    struct entry {
        std::weak_ptr<client_roster> store;
        std::shared_ptr<client> used;
    };
    std::map<const client_roster*, entry> entries_;
};

}  // namespace cloakroom::redis
