// SPDX-License-Identifier: MIT
// A state machine that counts: one state with a number, one event, one refusal.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/machine_of.hpp>

#include <variant>

namespace counting_machine {

struct counting {
    int count = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("count", &counting::count));
};

struct count {
    int by = 1;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("by", &count::by));
};

struct flow : cloakroom::machine_of<counting> {
    using events = cloakroom::events<count>;
    static std::variant<counting, cloakroom::refused> apply(const counting& from,
                                                            const count& event) {
        if (event.by < 1 || event.by > 9) {
            return cloakroom::refused{"Count by 1 to 9."};
        }
        return counting{from.count + event.by};
    }
};

}  // namespace counting_machine
