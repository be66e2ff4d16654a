// SPDX-License-Identifier: MIT
// expect: a handler must not be mutable
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.get("/", [count = 0]() mutable { return std::to_string(++count); });
}
