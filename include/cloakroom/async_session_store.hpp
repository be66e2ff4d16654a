// SPDX-License-Identifier: MIT
// The interface of session stores that wait for something: a network, a disk.
#pragma once

#include <cloakroom/async.hpp>
#include <cloakroom/session_store.hpp>

#include <string_view>
#include <vector>

namespace cloakroom {

/// Where sessions are kept, as session_store, but answering later. Operations, results and rules
/// are those of session_store. All members but prepare() are called from many event loops at once;
/// a coroutine runs on the loop that called it. One that takes longer than
/// session_options::store_time counts as failed or unavailable, and is cancelled: what it awaits
/// ends with operation_aborted, as far as it supports cancellation.
///
/// The references it is given stay valid until its coroutine ends.
class async_session_store {
public:
    async_session_store() = default;
    async_session_store(const async_session_store&) = delete;
    async_session_store& operator=(const async_session_store&) = delete;
    virtual ~async_session_store() = default;

    /// As session_store::prepare().
    virtual void prepare(const session_setting& setting) { static_cast<void>(setting); }

    /// As session_store::capabilities().
    [[nodiscard]] virtual session_capabilities capabilities() const noexcept = 0;

    /// As session_store::load(). `token` and `into` stay valid until the task ends; what it throws
    /// counts as failed, and is logged.
    [[nodiscard]] virtual task<session_load> load(const session_token& token, session_time now,
                                                  stored_session& into) = 0;

    /// As session_store::commit(). What `change` refers to and `into` stay valid until the task
    /// ends; what it throws counts as unavailable, and is logged.
    [[nodiscard]] virtual task<session_commit> commit(session_change change, session_time now,
                                                      session_committed& into) = 0;

    /// As session_store::list().
    [[nodiscard]] virtual task<session_load> list(std::string_view owner,
                                                  const session_token& current, session_time now,
                                                  std::vector<session_summary>& into);

    /// As session_store::end().
    [[nodiscard]] virtual task<session_commit> end(std::string_view owner, std::string_view handle,
                                                   session_time now);

    /// As session_store::end_all().
    [[nodiscard]] virtual task<session_commit> end_all(std::string_view owner,
                                                       const session_token* spared,
                                                       session_time now);

    /// As session_store::ping(). One that takes longer than session_options::store_time is a no.
    [[nodiscard]] virtual task<bool> ping(session_time now);

    /// As session_store::metrics().
    [[nodiscard]] virtual session_metrics metrics() const { return {}; }
};

}  // namespace cloakroom
