// SPDX-License-Identifier: MIT
// Brings stores that answer at once and stores that answer later behind one interface, so that an
// exchange has one path for both.
#pragma once

#include <cloakroom/exchange.hpp>
#include <cloakroom/session_store.hpp>

#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

namespace cloakroom {

class async_session_store;

/// A session store as the dispatcher uses it. An operation either has its result when it returns,
/// or has suspended the exchange, which resumes once the result is there.
///
/// An operation that fails says so by an exception, thrown or given to exchange::fail(); `outcome`
/// then is failed or unavailable, and `answers` false. An answer that no store may give is such a
/// failure.
class session_backend {
public:
    session_backend() = default;
    session_backend(const session_backend&) = delete;
    session_backend& operator=(const session_backend&) = delete;
    virtual ~session_backend() = default;

    virtual void prepare(const session_setting& setting) = 0;
    [[nodiscard]] virtual session_capabilities capabilities() const noexcept = 0;
    virtual void ping(exchange& on, session_time now, bool& answers) = 0;
    virtual void load(exchange& on, const session_token& token, session_time now,
                      stored_session& into, session_load& outcome) = 0;
    virtual void commit(exchange& on, const session_change& change, session_time now,
                        session_committed& into, session_commit& outcome) = 0;
    virtual void list(exchange& on, std::string_view owner, const session_token& current,
                      session_time now, std::vector<session_summary>& into,
                      session_load& outcome) = 0;
    virtual void end(exchange& on, std::string_view owner, std::string_view handle,
                     session_time now, session_commit& outcome) = 0;
    virtual void end_all(exchange& on, std::string_view owner, const session_token* spared,
                         session_time now, session_commit& outcome) = 0;
};

[[nodiscard]] std::unique_ptr<session_backend> make_backend(std::shared_ptr<session_store> store);

/// @param store_time  An operation that takes longer has failed, and is cancelled.
[[nodiscard]] std::unique_ptr<session_backend> make_backend(
    std::shared_ptr<async_session_store> store, std::chrono::milliseconds store_time);

}  // namespace cloakroom
