// SPDX-License-Identifier: MIT
// expect: a path placeholder is taken as a number, an enum, std::string
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.get("/{c}", [](bool c) { return c ? "on" : "off"; });
}
