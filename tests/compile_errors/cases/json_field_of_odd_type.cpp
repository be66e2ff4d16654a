// SPDX-License-Identifier: MIT
// expect: JSON does not convert to this type
#include <cloakroom/app.hpp>
#include <cloakroom/json_fields.hpp>
struct mystery {
    int number;
};
struct line {
    mystery sku;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("sku", &line::sku));
};
void set_up(cloakroom::app& app) {
    app.get("/", [](cloakroom::session& session) {
        return session.get<line>("line") ? "there" : "not there";
    });
}
