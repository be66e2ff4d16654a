// SPDX-License-Identifier: MIT
// expect: a timeout is of one of the machine's states
// at: knock
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {};
struct knock {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static constexpr auto timeouts =
        cloakroom::timeouts(cloakroom::timeout<opened, knock>(std::chrono::seconds{5}));
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
