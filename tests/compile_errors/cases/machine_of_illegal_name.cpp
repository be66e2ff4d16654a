// SPDX-License-Identifier: MIT
// expect: no name that can stand in a URL
// at: door<int>
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {};
template <class>
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door<int>>& flow) {
    flow.apply(push{});
}
