// SPDX-License-Identifier: MIT
// expect: no name that can stand in a URL
// at: move<1>
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
template <int>
struct move {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<move<1>>;
    static closed apply(const opened&, const move<1>&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(move<1>{});
}
