// SPDX-License-Identifier: MIT
// expect: a handler is a function or a lambda whose parameters have types
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.get("/", [](auto req) { return req.path(); });
}
