// SPDX-License-Identifier: MIT
// An app whose handlers do with their session what the request says (plan), and answer with what
// they saw (observation).
#pragma once

#include <cloakroom/app.hpp>

#include <atomic>
#include <cstdint>

namespace cloakroom::serialisability {

/// The routes, all with a plan as the second segment:
///   /plain   any method. A handler that answers at once.
///   /later   any method. A coroutine that waits a turn between reading and writing.
///   /worker  any method. A blocking handler.
///   /again   POST, runs again on conflict.
/// and POST /begin/{number}, which begins the session of that number.
struct transaction_app : app {
    transaction_app();

    std::atomic<std::uint64_t> runs = 0;  ///< Of handlers with a plan; those run again included.
};

}  // namespace cloakroom::serialisability
