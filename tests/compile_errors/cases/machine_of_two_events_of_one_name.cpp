// SPDX-License-Identifier: MIT
// expect: has the same name on the outside
// at: shut
#include <cloakroom/machine.hpp>

struct opened {};
struct closed {};
struct push {};
struct shut {
    static constexpr std::string_view name = "push";
};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push, shut>;
    static closed apply(const opened&, const push&) { return {}; }
    static opened apply(const closed&, const shut&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
