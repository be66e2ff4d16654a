// SPDX-License-Identifier: MIT
// expect: a path placeholder is taken as a number, an enum, std::string
#include <cloakroom/app.hpp>

#include <optional>
void set_up(cloakroom::app& app) {
    app.get("/{c}", [](std::optional<int> c) { return std::to_string(c.value_or(0)); });
}
