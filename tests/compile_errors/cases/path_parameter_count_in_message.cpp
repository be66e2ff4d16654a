// SPDX-License-Identifier: MIT
// expect: path_parameters<2>
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.get("/users/{id}", [](int id, int post) { return std::to_string(id + post); });
}
