// SPDX-License-Identifier: MIT
// expect: const references or values
// at: push
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
