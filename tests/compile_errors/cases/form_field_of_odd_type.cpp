// SPDX-License-Identifier: MIT
// expect: a field of a form or query is
#include <cloakroom/app.hpp>
#include <cloakroom/form.hpp>
struct odd {
    std::vector<int> numbers;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("numbers", &odd::numbers));
};
void set_up(cloakroom::app& app) {
    app.get("/", [](cloakroom::query<odd>) { return "ok"; });
}
