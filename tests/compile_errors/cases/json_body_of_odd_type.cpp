// SPDX-License-Identifier: MIT
// expect: JSON does not convert to this type
#include <cloakroom/app.hpp>
#include <cloakroom/json.hpp>
struct mystery {};
void set_up(cloakroom::app& app) {
    app.post("/", [](cloakroom::json_body<std::vector<mystery>>) { return "ok"; });
}
