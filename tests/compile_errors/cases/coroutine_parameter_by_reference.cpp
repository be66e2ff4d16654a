// SPDX-License-Identifier: MIT
// expect: a coroutine handler takes its parameters by value
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
void set_up(cloakroom::app& app) {
    app.get("/{name}",
            [](const std::string& name) -> cloakroom::task<std::string> { co_return name; });
}
