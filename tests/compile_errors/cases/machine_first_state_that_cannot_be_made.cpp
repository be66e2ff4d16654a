// SPDX-License-Identifier: MIT
// expect: this state cannot be made by default
// at: opened
#include <cloakroom/machine.hpp>

struct opened {
    explicit opened(int angle) : angle(angle) {}
    int angle;
};
struct closed {};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
