// SPDX-License-Identifier: MIT
// expect: a before returns std::optional<response>
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.before([](const cloakroom::request&) { return true; });
}
