// SPDX-License-Identifier: MIT
// expect: what a before takes, returns void, and is one const member function
#include <cloakroom/app.hpp>

struct counter {
    int answers = 0;
    void before_commit(const cloakroom::response& /*answer*/) { ++answers; }
};
void set_up(cloakroom::app& app) {
    app.use(counter{});
}
