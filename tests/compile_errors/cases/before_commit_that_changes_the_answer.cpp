// SPDX-License-Identifier: MIT
// expect: a before_commit takes the answer as const response&
#include <cloakroom/app.hpp>

struct stamp {
    void before_commit(cloakroom::response& answer) const { answer.set("X-Stamp", "1"); }
};
void set_up(cloakroom::app& app) {
    app.use(stamp{});
}
