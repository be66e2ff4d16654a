// SPDX-License-Identifier: MIT
// expect: converts to another of the machine's types
// at: closed
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {
    operator opened() const { return {}; }
};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
