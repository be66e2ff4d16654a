// SPDX-License-Identifier: MIT
// expect: a blocking handler returns its result itself
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
void set_up(cloakroom::app& app) {
    app.get("/", cloakroom::blocking([]() -> cloakroom::task<std::string> { co_return "x"; }));
}
