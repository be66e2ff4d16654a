// SPDX-License-Identifier: MIT
// What a session store may answer. Stores are the user's code: an answer that none may give counts
// as no answer, before anything is done with it.
#pragma once

#include <cloakroom/session_store.hpp>

namespace cloakroom {

/// The outcome of a load, checked. A session that has expired is absent, whatever the store says.
///
/// @throws std::runtime_error for an outcome that is none, and for a record that is larger than
///         records are.
[[nodiscard]] session_load checked_load(session_load outcome, const stored_session& into,
                                        session_time now);

/// The outcome of a commit, checked.
///
/// @throws std::runtime_error for an outcome that is none or cannot come of that operation, and
///         for a token that no cookie can hold.
[[nodiscard]] session_commit checked_commit(session_commit outcome, session_change::operation what,
                                            const session_committed& into);

/// The outcome of a list(), checked.
///
/// @throws std::runtime_error unless it is found or failed.
[[nodiscard]] session_load checked_list(session_load outcome);

/// The outcome of an end() or end_all(), checked.
///
/// @throws std::runtime_error unless it is committed or unavailable.
[[nodiscard]] session_commit checked_end(session_commit outcome);

}  // namespace cloakroom
