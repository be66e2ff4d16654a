// SPDX-License-Identifier: MIT
// expect: no state takes this event
// at: knock
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {};
struct knock {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push, knock>;
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
