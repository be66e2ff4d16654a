// SPDX-License-Identifier: MIT
// expect: a_pattern_closes_each_brace_it_opens
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.get("/users/{id", [](int id) { return std::to_string(id); });
}
