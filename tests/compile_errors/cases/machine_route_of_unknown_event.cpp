// SPDX-License-Identifier: MIT
// expect: this is none of the machine's events
// at: knock
#include <cloakroom/app.hpp>
#include <cloakroom/machine_routes.hpp>

struct opened {};
struct closed {};
struct push {};
struct knock {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return {}; }
};
void set_up(cloakroom::app& app) {
    app.machine<door>("/door").event<knock>().rerun_on_conflict();
}
