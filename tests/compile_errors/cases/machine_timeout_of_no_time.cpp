// SPDX-License-Identifier: MIT
// expect: a timeout is at least one second
// at: opened
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static constexpr auto timeouts =
        cloakroom::timeouts(cloakroom::timeout<opened, push>(std::chrono::seconds{0}));
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
