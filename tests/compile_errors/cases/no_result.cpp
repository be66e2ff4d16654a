// SPDX-License-Identifier: MIT
// expect: a handler cannot return this type
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.get("/", [] {});
}
