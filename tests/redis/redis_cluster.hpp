// SPDX-License-Identifier: MIT
// A real Redis Cluster of the test's own: three masters, and a replica of each if wanted.
#pragma once

#include "redis_server.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::redis {

/// Redis gives no cluster less than 2 s to come up: share one. Not thread-safe.
class redis_cluster {
public:
    static constexpr std::size_t masters = 3;

    /// Waits until all nodes serve.
    ///
    /// @param extra  More lines of configuration.
    /// @throws std::runtime_error when that takes more than 20 s.
    explicit redis_cluster(bool has_replicas = false, const std::string& extra = {});

    /// The masters come first, then the replica of each.
    [[nodiscard]] redis_server& node(std::size_t number) { return *nodes_.at(number); }

    /// All masters.
    [[nodiscard]] std::string url() const;

    /// The number of the master that has had this slot from the beginning.
    [[nodiscard]] std::size_t master_of(std::uint16_t slot) const noexcept;

    /// Begins to move a slot: from now on its keys are on either node.
    void begin_move(std::uint16_t slot, std::size_t from, std::size_t to);

    /// Moves keys of a slot that is being moved. Those that are not there are left out.
    void move_keys(const std::vector<std::string>& keys, std::size_t from, std::size_t to);

    /// Ends the move of a slot, all of whose keys have been moved.
    void end_move(std::uint16_t slot, std::size_t to);

    /// Removes all keys.
    void clear();

private:
    void wait_until(std::string_view what, const std::string& line) const;

    std::vector<std::unique_ptr<redis_server>> nodes_;
    std::vector<std::string> ids_;
};

/// A cluster for all tests of a process, made for the first one that asks.
redis_cluster& shared_cluster();

}  // namespace cloakroom::redis
