// SPDX-License-Identifier: MIT
// expect: unknown handler parameter
#include <cloakroom/app.hpp>

struct mystery {};
void set_up(cloakroom::app& app) {
    app.before([](mystery) -> std::optional<cloakroom::response> { return {}; });
}
