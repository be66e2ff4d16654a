// SPDX-License-Identifier: MIT
// expect: query<T> needs a struct T that names its members
#include <cloakroom/app.hpp>
#include <cloakroom/form.hpp>
struct search {
    std::string text;
};
void set_up(cloakroom::app& app) {
    app.get("/", [](cloakroom::query<search> asked) { return asked->text; });
}
