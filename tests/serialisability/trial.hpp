// SPDX-License-Identifier: MIT
// One run of a workload, checked: what the tests of session transactions have in common.
#pragma once

#include "checker.hpp"
#include "workload.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <future>
#include <iostream>
#include <memory>
#include <string>

namespace cloakroom::serialisability {

/// How many transactions a test runs: what CLOAKROOM_CHECK_OPERATIONS in the environment says, else
/// what the build says, divided, but 1000 at least.
inline std::size_t operations(std::size_t divisor = 1) {
    constexpr std::size_t usual = CLOAKROOM_CHECK_OPERATIONS;
    const char* const asked = std::getenv("CLOAKROOM_CHECK_OPERATIONS");
    constexpr std::size_t least = 1'000;
    return asked == nullptr ? std::max(usual / divisor, least) : std::stoul(asked);
}

/// Runs `load`, and prints the figures.
class trial : public ::testing::Test {
protected:
    workload load{.transactions = operations()};
    recording recorded;
    std::size_t late = 0;  ///< Transactions that found their session ended.

    /// @param meanwhile  Called on this thread while the clients are at work.
    /// @param when_done  Called once they are not, whatever has become of them.
    verdict run(
        const std::function<transport()>& connect, const std::function<void()>& meanwhile = [] {},
        const std::function<void()>& when_done = [] {}) {
        using milliseconds = std::chrono::milliseconds;
        const auto start = std::chrono::steady_clock::now();
        auto clients = std::async(std::launch::async, [&] {
            const std::shared_ptr<void> end(nullptr, [&](void*) { when_done(); });
            return load.run(connect);
        });
        meanwhile();
        recorded = clients.get();
        const auto ran = std::chrono::steady_clock::now();
        verdict result = check(recorded.transactions);
        const auto checked = std::chrono::steady_clock::now();
        late = static_cast<std::size_t>(
            std::count_if(recorded.transactions.begin(), recorded.transactions.end(),
                          [](const transaction& each) { return each.saw == sighting::gone; }));
        std::cout << result.summary() << load.sent() << " transactions in "
                  << (ran - start) / milliseconds{1} << " ms, checked in "
                  << (checked - ran) / milliseconds{1} << " ms; " << recorded.conflicts
                  << " conflicts (409), " << recorded.unanswered << " unanswered, "
                  << recorded.renames << " renames, " << recorded.owner_ends
                  << " ends of all sessions of an owner, " << late << " found their session ended";
        return result;
    }
};

}  // namespace cloakroom::serialisability
