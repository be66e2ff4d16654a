// SPDX-License-Identifier: MIT
// expect: a pointer to a member function is no handler
#include <cloakroom/app.hpp>

struct desk {
    std::string greet(int number) const { return std::to_string(number); }
};
void set_up(cloakroom::app& app) {
    app.get("/{number}", &desk::greet);
}
