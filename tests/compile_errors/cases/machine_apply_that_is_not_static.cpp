// SPDX-License-Identifier: MIT
// expect: is not static
// at: push
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
