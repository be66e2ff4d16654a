// SPDX-License-Identifier: MIT
// expect: internal_events names this type
// at: knock
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {};
struct knock {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    using internal_events = cloakroom::events<knock>;
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
