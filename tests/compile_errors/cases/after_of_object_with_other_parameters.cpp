// SPDX-License-Identifier: MIT
// expect: an after is called with (const request&, response&)
#include <cloakroom/app.hpp>

struct stamp {
    void after(cloakroom::response& res) const { res.set("X-Stamp", "1"); }
};
void set_up(cloakroom::app& app) {
    app.use(stamp{});
}
