// SPDX-License-Identifier: MIT
// expect: has the same name on the outside
// at: front::closed
#include <cloakroom/machine.hpp>

struct opened {};
struct push {};
namespace front {
struct closed {};
}  // namespace front
namespace back {
struct closed {};
}  // namespace back
struct door : cloakroom::machine_of<opened, front::closed, back::closed> {
    using events = cloakroom::events<push>;
    static front::closed apply(const opened&, const push&) { return {}; }
    static back::closed apply(const front::closed&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
