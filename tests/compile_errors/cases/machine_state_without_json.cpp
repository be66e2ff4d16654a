// SPDX-License-Identifier: MIT
// expect: this state is to be stored as JSON
// at: closed
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {
    int locks = 0;
};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
