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
    /// Bound on all sessions together, their overhead included. When it is reached, the sessions
    /// that have been used least recently go first.
    std::size_t capacity_bytes = 256UL * 1024 * 1024;

    /// Bound on one session's contents; more is `session_commit::too_large`.
    std::size_t session_bytes = 1024UL * 1024;
};

/// A store in memory, sharded so that threads seldom meet. It compares and swaps, it is revocable,
/// confidential and bounded.
///
/// @throws setup_error for a capacity under 64 KiB.
[[nodiscard]] std::unique_ptr<session_store> memory_sessions(memory_session_settings settings = {});

}  // namespace cloakroom
