// SPDX-License-Identifier: MIT
// expect: a field of JSON is std::string, not a view
#include <cloakroom/app.hpp>
#include <cloakroom/json_fields.hpp>
struct line {
    std::string_view sku;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("sku", &line::sku));
};
void set_up(cloakroom::app& app) {
    app.get("/", [](cloakroom::session& session) {
        session.set("line", line{"apple"});
        return "ok";
    });
}
