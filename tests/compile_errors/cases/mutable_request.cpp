// SPDX-License-Identifier: MIT
// expect: take handler parameters by value or const reference
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.get("/", [](cloakroom::request& req) { return req.path(); });
}
