// SPDX-License-Identifier: MIT
// expect: the_handler_takes_another_number_of_path_parameters_than_the_pattern_has_placeholders
#include <cloakroom/app.hpp>

void set_up(cloakroom::app& app) {
    app.get("/users/{id}/posts/{post}", [](int id) { return std::to_string(id); });
}
