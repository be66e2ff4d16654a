// SPDX-License-Identifier: MIT
// expect: state_machine
// at: door
#include <cloakroom/app.hpp>
#include <cloakroom/machine.hpp>

struct door {};
void set_up(cloakroom::app& app) {
    app.get("/", [](cloakroom::machine<door>& flow) { return std::string{flow.state_name()}; });
}
