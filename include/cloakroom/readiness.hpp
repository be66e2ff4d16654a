// SPDX-License-Identifier: MIT
// The handler parameter for a readiness check: whether this instance should be sent requests.
#pragma once

#include <cloakroom/parameter.hpp>

namespace cloakroom {

/// What app::health() answers from. A handler takes it as `const readiness&`, a coroutine by value.
struct readiness {
    /// A signal or app::stop() has come: this instance ends soon (run_options::notice_time).
    bool is_leaving = false;

    /// The session store answered just now (session_store::ping()), or the app has none.
    bool store_answers = true;
};

template <>
struct parameter<readiness> {
    static readiness from(exchange& on) { return {on.is_leaving(), on.store_answers()}; }
    static void declare(needs& needed) { needed.store_answer = true; }
};

}  // namespace cloakroom
