// SPDX-License-Identifier: MIT
// expect: take the request as const request&, and the session as session&
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.get("/", [](cloakroom::session session) { return session.value("name", "nobody"); });
}
