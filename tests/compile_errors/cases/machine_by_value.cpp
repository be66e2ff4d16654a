// SPDX-License-Identifier: MIT
// expect: so too a machine<M>
// at: door
#include <cloakroom/app.hpp>
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return {}; }
};
void set_up(cloakroom::app& app) {
    app.get("/", [](cloakroom::machine<door> flow) { return std::string{flow.state_name()}; });
}
