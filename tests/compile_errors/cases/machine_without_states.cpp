// SPDX-License-Identifier: MIT
// expect: a machine has at least one state
// at: machine_of<>
#include <cloakroom/machine.hpp>

struct push {};
struct door : cloakroom::machine_of<> {
    using events = cloakroom::events<push>;
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
