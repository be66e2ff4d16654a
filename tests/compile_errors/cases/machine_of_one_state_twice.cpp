// SPDX-License-Identifier: MIT
// expect: has the same name on the outside
// at: opened
#include <cloakroom/machine.hpp>

struct opened {};
struct push {};
struct door : cloakroom::machine_of<opened, opened> {
    using events = cloakroom::events<push>;
    static opened apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
