// SPDX-License-Identifier: MIT
// Several instances of one service, each a transaction_server process, and the way to them: every
// request of a client may go to another one. No load balancer, but as hard on sessions as one
// without stickiness.
#pragma once

#include "redis/child_process.hpp"
#include "redis/temporary_directory.hpp"
#include "workload.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace cloakroom::serialisability {

/// The ports of those that are up. Thread-safe.
class directory_of_instances {
public:
    explicit directory_of_instances(std::size_t count) : ports_(count) {}

    [[nodiscard]] std::size_t size() const noexcept { return ports_.size(); }
    /// 0 while it is down.
    [[nodiscard]] std::uint16_t port(std::size_t which) const;
    void set(std::size_t which, std::uint16_t port);
    /// Waits until one is up. @throws std::runtime_error after 20 s.
    void wait_for_any() const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<std::uint16_t> ports_;
};

/// The processes. Made, killed and restarted by one thread.
class instances {
public:
    /// Starts them and waits until they listen.
    ///
    /// @param words  Those of transaction_server.
    /// @throws std::runtime_error with its output for one that does not serve within 20 s.
    instances(std::size_t count, std::vector<std::string> words);

    [[nodiscard]] std::size_t size() const noexcept { return processes_.size(); }

    /// Ends one at once (SIGKILL), and starts another one in its place, on another port.
    void restart(std::size_t which);

    /// The transport of one client, for its thread. It chooses an instance at random for each
    /// request. A request that an instance did not take goes to another one; one that was sent and
    /// not answered has status 0. It must not outlive the instances.
    ///
    /// @throws std::runtime_error when none is up for 20 s, or one does not answer for 30 s.
    [[nodiscard]] transport connect(unsigned seed) const;

    /// What those that are up have counted since they were started.
    struct counts {
        std::size_t runs = 0;       ///< Of handlers with a plan, those run again included.
        std::size_t conflicts = 0;  ///< Commits for which another one came first.
    };
    [[nodiscard]] counts count() const;

private:
    void start(std::size_t which);

    redis::temporary_directory logs_;
    std::vector<std::string> words_;
    std::vector<std::optional<redis::child_process>> processes_;
    directory_of_instances directory_;
    unsigned starts_ = 0;
};

}  // namespace cloakroom::serialisability
