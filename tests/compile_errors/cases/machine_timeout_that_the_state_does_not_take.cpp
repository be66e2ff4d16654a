// SPDX-License-Identifier: MIT
// expect: the timeout's state does not take its event
// at: closed
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static constexpr auto timeouts =
        cloakroom::timeouts(cloakroom::timeout<closed, push>(std::chrono::seconds{5}));
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
