// SPDX-License-Identifier: MIT
// expect: a machine has at least one event
// at: door
#include <cloakroom/machine.hpp>

struct opened {};
struct push {};
struct door : cloakroom::machine_of<opened> {
    using events = cloakroom::events<>;
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
