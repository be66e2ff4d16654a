// SPDX-License-Identifier: MIT
// expect: an enum in a form or query needs bool from_text(std::string_view, Enum&)
#include <cloakroom/app.hpp>
#include <cloakroom/form.hpp>
enum class order_by { name, price };
struct search {
    order_by by = order_by::name;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("by", &search::by));
};
void set_up(cloakroom::app& app) {
    app.get("/", [](cloakroom::query<search>) { return "ok"; });
}
