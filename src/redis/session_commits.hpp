// SPDX-License-Identifier: MIT
// The changes of sessions in Redis: which script with which arguments, and what its answer means.
#pragma once

#include "redis/client.hpp"
#include "redis/session_scripts.hpp"
#include <cloakroom/async.hpp>
#include <cloakroom/session_store.hpp>

#include <cstddef>
#include <string>

namespace cloakroom::redis {

/// What the sessions of one store have in common.
struct session_keeping {
    std::string prefix{};
    std::size_t session_bytes = 0;
    std::size_t sessions_per_owner = 0;
    session_scripts scripts{};
};

/// Ends an operation whose answer is of no use. @throws std::runtime_error, always.
[[noreturn]] void fail(const reply& answer);

/// What the answer of a script means, but for a conflict.
///
/// @throws std::runtime_error when the script was not executed, or nobody knows whether it was.
[[nodiscard]] session_commit outcome_of(const reply& answer);

/// As session_store::commit(), for a token that is well-formed where there is one. What cannot be
/// known or done is thrown, as outcome_of() does. The references stay valid until the task ends.
[[nodiscard]] task<session_commit> commit(client& redis, const session_keeping& keeping,
                                          session_change change, session_time now,
                                          session_committed& into);

}  // namespace cloakroom::redis
