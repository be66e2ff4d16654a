// SPDX-License-Identifier: MIT
#include <cloakroom/diagram.hpp>
#include <cloakroom/machine_record.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

std::chrono::seconds time_of(const machine_table& table, std::size_t state, std::size_t event) {
    const auto found = std::find_if(
        table.timeouts.begin(), table.timeouts.end(),
        [&](const timeout_entry& each) { return each.state == state && each.event == event; });
    return found == table.timeouts.end() ? std::chrono::seconds{0} : found->after;
}

// An arrow for each state that the event may lead to.
void add_arrows(const machine_table& table, std::size_t state, std::size_t event,
                std::vector<diagram_transition>& arrows) {
    const transition_cell& cell = table.cell(state, event);
    for (std::size_t target = 0; target < table.states.size(); ++target) {
        if ((cell.targets >> target & 1U) != 0) {
            arrows.push_back({std::string{table.states[state]}, std::string{table.events[event]},
                              std::string{table.states[target]}, cell.is_conditional,
                              time_of(table, state, event)});
        }
    }
}

}  // namespace

machine_diagram diagram_of(const machine_table& table) {
    std::vector<diagram_state> states;
    std::vector<diagram_transition> transitions;
    for (std::size_t state = 0; state < table.states.size(); ++state) {
        states.push_back({std::string{table.states[state]}, is_final(table, state)});
        for (std::size_t event = 0; event < table.events.size(); ++event) {
            add_arrows(table, state, event, transitions);
        }
    }
    return {std::string{table.name}, std::move(states), std::move(transitions)};
}

}  // namespace cloakroom
