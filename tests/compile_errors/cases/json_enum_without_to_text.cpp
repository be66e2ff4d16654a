// SPDX-License-Identifier: MIT
// expect: an enum with a from_text needs std::string_view to_text(Enum) beside it
#include <cloakroom/app.hpp>
#include <cloakroom/json.hpp>
enum class colour { red, green };
bool from_text(std::string_view text, colour& value);
void set_up(cloakroom::app& app) {
    app.get("/", [] { return cloakroom::json{{"colour", colour::red}}; });
}
