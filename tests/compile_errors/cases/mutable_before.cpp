// SPDX-License-Identifier: MIT
// expect: a before must not be mutable
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.before([n = 0]() mutable -> std::optional<cloakroom::response> {
        ++n;
        return {};
    });
}
