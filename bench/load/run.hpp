// SPDX-License-Identifier: MIT
// A load from its plan to its results: finds the server, runs the threads, minds Ctrl-C.
#pragma once

#include "plan.hpp"
#include "tally.hpp"

#include <cstdint>
#include <string>

namespace cloakroom::load {

struct results {
    tally counts;
    tally slow_counts;
    double seconds = 0;       ///< That were measured; less than planned after an interruption.
    double cpu_seconds = 0;   ///< Of this process, in user and kernel mode, over the whole run.
    double wall_seconds = 0;  ///< The same by the clock: with warm-up and the last answers.
    bool was_interrupted = false;
    std::string connect_error;  ///< Why a connection could not be opened, at the last; or empty.
};

/// Takes at most warm-up, time and timeout, and twice the timeout before that.
///
/// @param shows_progress  Keeps a line on standard error up to date.
/// @throws std::runtime_error that says what to do when the server is not reached.
results run(const plan& wanted, bool shows_progress);

}  // namespace cloakroom::load
