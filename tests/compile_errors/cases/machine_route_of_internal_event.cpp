// SPDX-License-Identifier: MIT
// expect: an internal event has no route
// at: slam
#include <cloakroom/app.hpp>
#include <cloakroom/machine_routes.hpp>

struct opened {};
struct closed {};
struct push {};
struct slam {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push, slam>;
    using internal_events = cloakroom::events<slam>;
    static closed apply(const opened&, const push&) { return {}; }
    static closed apply(const opened&, const slam&) { return {}; }
};
void set_up(cloakroom::app& app) {
    app.machine<door>("/door").event<slam>().rerun_on_conflict();
}
