// SPDX-License-Identifier: MIT
// expect: no name that can stand in a URL
// at: closed
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {
    static constexpr std::string_view name = "closed/locked";
};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
