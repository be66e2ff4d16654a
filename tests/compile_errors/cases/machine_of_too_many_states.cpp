// SPDX-License-Identifier: MIT
// expect: at most 64 states and 64 events
// at: door
#include <cloakroom/machine.hpp>

#include <utility>

template <std::size_t Number>
struct floor {};
struct climb {};
template <class Numbers>
struct stairs;
template <std::size_t... Numbers>
struct stairs<std::index_sequence<Numbers...>> : cloakroom::machine_of<floor<Numbers>...> {};
struct door : stairs<std::make_index_sequence<65>> {
    using events = cloakroom::events<climb>;
    template <std::size_t Number>
    static floor<(Number + 1) % 65> apply(const floor<Number>&, const climb&) {
        return {};
    }
};
void use(cloakroom::machine<door>& flow) {
    flow.apply(climb{});
}
