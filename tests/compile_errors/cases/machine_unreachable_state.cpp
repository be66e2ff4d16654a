// SPDX-License-Identifier: MIT
// expect: nothing reaches this state
// at: island
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct island {};
struct push {};
struct door : cloakroom::machine_of<opened, closed, island> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
