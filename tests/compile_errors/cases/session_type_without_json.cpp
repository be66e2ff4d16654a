// SPDX-License-Identifier: MIT
// expect: include <cloakroom/json.hpp>
#include <cloakroom/app.hpp>

#include <vector>
void set_up(cloakroom::app& app) {
    app.get("/", [](cloakroom::session& session) {
        session.set("cart", std::vector<int>{1, 2});
        return "ok";
    });
}
