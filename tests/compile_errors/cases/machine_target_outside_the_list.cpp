// SPDX-License-Identifier: MIT
// expect: returns what is not among the machine's states
// at: locked
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct ajar {};
struct push {};
struct locked {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push, locked>;
    static closed apply(const opened&, const push&) { return {}; }
    static std::variant<opened, ajar> apply(const closed&, const locked&) { return ajar{}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
