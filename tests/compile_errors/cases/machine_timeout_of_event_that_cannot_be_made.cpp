// SPDX-License-Identifier: MIT
// expect: the event of this timeout cannot be made by default
// at: push
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {
    explicit push(int force) : force(force) {}
    int force;
};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static constexpr auto timeouts =
        cloakroom::timeouts(cloakroom::timeout<opened, push>(std::chrono::seconds{5}));
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{1});
}
