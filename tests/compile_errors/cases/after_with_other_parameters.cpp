// SPDX-License-Identifier: MIT
// expect: an after is called with (const request&, response&)
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.after([](cloakroom::response& res) { res.set("X-Stamp", "1"); });
}
