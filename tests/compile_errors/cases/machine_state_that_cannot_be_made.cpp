// SPDX-License-Identifier: MIT
// expect: this state cannot be made by default
// at: closed
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {
    explicit closed(int locks) : locks(locks) {}
    int locks;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("locks", &closed::locks));
};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return closed{1}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
