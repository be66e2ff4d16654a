// SPDX-License-Identifier: MIT
// expect: an enum in a path needs bool from_text(std::string_view, Enum&) beside it
#include <cloakroom/app.hpp>

enum class colour { red, green };
void set_up(cloakroom::app& app) {
    app.get("/{c}", [](colour c) { return c == colour::red ? "red" : "green"; });
}
