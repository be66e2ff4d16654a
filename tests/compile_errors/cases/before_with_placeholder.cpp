// SPDX-License-Identifier: MIT
// expect: a before takes no path placeholders
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.before([](int) -> std::optional<cloakroom::response> { return {}; });
}
