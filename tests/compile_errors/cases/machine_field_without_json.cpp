// SPDX-License-Identifier: MIT
// expect: JSON does not convert to this type
// at: lock
#include <cloakroom/machine.hpp>

struct lock {
    int pins = 0;
};
struct opened {};
struct closed {
    lock on;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("on", &closed::on));
};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::session& visitor) {
    cloakroom::machine<door> flow(visitor, {});
    flow.apply(push{});
}
