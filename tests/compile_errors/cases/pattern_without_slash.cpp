// SPDX-License-Identifier: MIT
// expect: a_pattern_begins_with_a_slash
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.get("users", [] { return "users"; });
}
