// SPDX-License-Identifier: MIT
// expect: form_body<T> needs a struct T that names its members
#include <cloakroom/app.hpp>
#include <cloakroom/form.hpp>
void set_up(cloakroom::app& app) {
    app.post("/", [](const cloakroom::form_body<int>&) { return "ok"; });
}
