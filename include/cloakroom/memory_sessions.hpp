// SPDX-License-Identifier: MIT
// Sessions in the memory of this process: fast, revocable, gone when it ends, and not shared with
// other processes.
#pragma once

#include <cloakroom/session_store.hpp>

#include <cstddef>
#include <memory>

namespace cloakroom {

/// Settings of memory_sessions().
struct memory_session_settings {
    /// Bound on all sessions together, their overhead included: some 180 bytes each, and some 220
    /// more and the lengths of both names for one with an owner.
    std::size_t capacity_bytes = 256UL * 1024 * 1024;

    /// Bound on one session's contents; more is `session_commit::too_large`.
    std::size_t session_bytes = 1024UL * 1024;

    /// Bound on the sessions of one owner, at least 1. One more ends the one of them that has been
    /// used least recently, to the second.
    std::size_t sessions_per_owner = 1000;
};

/// A store in memory, sharded so that threads seldom meet. It has all of session_capabilities.
///
/// Where a session needs room that is not there, others go, in this order: one that has expired, as
/// far as a few steps find it; the least recently used one without an owner; the least recently
/// used one with an owner. Each shard keeps that order, and its part of `capacity_bytes`, for
/// itself; a store has 64 shards at most, and so few that each holds some sessions of
/// `session_bytes`.
///
/// No call waits for the store to be cleared or to be laid out anew: each drops a few expired
/// sessions in passing, and the tables grow by single steps. What takes longer is what its caller
/// asks for: end_all() and list() take time by the number of the owner's sessions, and a large
/// session by the number of small ones that make room for it.
///
/// @throws setup_error for a capacity under 64 KiB or no session per owner; std::system_error when
///         the operating system gives no random bytes.
[[nodiscard]] std::unique_ptr<session_store> memory_sessions(memory_session_settings settings = {});

}  // namespace cloakroom
