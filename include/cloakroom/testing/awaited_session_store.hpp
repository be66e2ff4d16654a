// SPDX-License-Identifier: MIT
// Makes an async_session_store a session_store, by waiting for each operation: for the contract
// (session_store_contract.hpp) and other tests. Not for an app: it blocks the calling thread.
#pragma once

#include <cloakroom/session_store.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace cloakroom {
class async_session_store;
}

namespace cloakroom::testing {

/// Runs the operations of another store on event loops of its own, in turn, as an app does. Throws
/// what they throw. Thread-safe, as every store.
class awaited_session_store final : public session_store {
public:
    /// @param loops  How many event loops, each with a thread; at least 1.
    explicit awaited_session_store(std::shared_ptr<async_session_store> inner, unsigned loops = 2);
    /// Ends the loops; what is still on them is destroyed.
    ~awaited_session_store() override;

    void prepare(const session_setting& setting) override;
    [[nodiscard]] session_capabilities capabilities() const noexcept override;
    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override;
    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override;
    [[nodiscard]] session_load list(std::string_view owner, const session_token& current,
                                    session_time now, std::vector<session_summary>& into) override;
    [[nodiscard]] session_commit end(std::string_view owner, std::string_view handle,
                                     session_time now) override;
    [[nodiscard]] session_commit end_all(std::string_view owner, const session_token* spared,
                                         session_time now) override;
    [[nodiscard]] bool ping(session_time now) override;
    [[nodiscard]] session_metrics metrics() const override;

private:
    class event_loops;

    std::shared_ptr<async_session_store> inner_;  // outlives what is on the loops
    std::unique_ptr<event_loops> loops_;
};

}  // namespace cloakroom::testing
