// SPDX-License-Identifier: MIT
// expect: this is no state machine
// at: door
#include <cloakroom/app.hpp>
#include <cloakroom/machine_routes.hpp>

struct door {};
void set_up(cloakroom::app& app) {
    app.machine<door>("/door");
}
