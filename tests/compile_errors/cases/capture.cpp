// SPDX-License-Identifier: MIT
// expect: a handler must not capture
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    int count = 0;
    app.get("/", [&count] { return std::to_string(count); });
}
