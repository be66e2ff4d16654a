// SPDX-License-Identifier: MIT
// expect: this state cannot be copied
// at: closed
#include <cloakroom/machine.hpp>

#include <memory>

struct opened {};
struct closed {
    std::unique_ptr<int> key;
};
struct push {};
struct door : cloakroom::machine_of<opened, closed> {
    using events = cloakroom::events<push>;
    static closed apply(const opened&, const push&) { return {}; }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(push{});
}
