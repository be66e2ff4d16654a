// SPDX-License-Identifier: MIT
// expect: this is none of the machine's events
// at: knock
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {};
struct knock {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(knock{});
}
