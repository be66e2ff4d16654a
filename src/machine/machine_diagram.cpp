// SPDX-License-Identifier: MIT
#include <cloakroom/machine_diagram.hpp>
#include <cloakroom/setup_error.hpp>

#include <set>
#include <utility>

namespace cloakroom {
namespace {

[[noreturn]] void refuse(const std::string& machine, const std::string& reason) {
    throw setup_error("The picture of machine \"" + machine + "\": " + reason);
}

void check_name(const std::string& machine, const std::string& what, const std::string& name) {
    if (name.empty()) {
        refuse(machine, what + " has no name; give it one");
    }
    if (name.size() > machine_diagram::max_name_bytes) {
        refuse(machine, what + " has a name of " + std::to_string(name.size()) +
                            " bytes; shorten it to " +
                            std::to_string(machine_diagram::max_name_bytes));
    }
}

void check_count(const std::string& machine, const std::string& what, std::size_t count,
                 std::size_t most) {
    if (count > most) {
        refuse(machine, std::to_string(count) + " " + what + " are more than the " +
                            std::to_string(most) + " it can show; split the machine");
    }
}

std::set<std::string_view> checked_names(const std::string& machine,
                                         const std::vector<diagram_state>& states) {
    std::set<std::string_view> names;
    for (const diagram_state& each : states) {
        check_name(machine, "a state", each.name);
        if (!names.insert(each.name).second) {
            refuse(machine, "two states are named \"" + each.name + "\"; rename one");
        }
    }
    return names;
}

void check_transition(const std::string& machine, const std::set<std::string_view>& names,
                      const diagram_transition& transition) {
    check_name(machine, "an event", transition.event);
    for (const std::string* const end : {&transition.from, &transition.to}) {
        if (!names.contains(*end)) {
            refuse(machine, "event \"" + transition.event + "\" has an arrow at state \"" + *end +
                                "\", which is not among the states; add it to them");
        }
    }
    if (transition.after.count() < 0) {
        refuse(machine, "event \"" + transition.event +
                            "\" happens after less than no time; give it a positive one");
    }
}

}  // namespace

machine_diagram::machine_diagram(std::string name, std::vector<diagram_state> states,
                                 std::vector<diagram_transition> transitions)
    : name_(std::move(name)), states_(std::move(states)), transitions_(std::move(transitions)) {
    check_name(name_, "the machine", name_);
    if (states_.empty()) {
        refuse(name_, "there are no states; name at least the one where it begins");
    }
    check_count(name_, "states", states_.size(), max_states);
    check_count(name_, "transitions", transitions_.size(), max_transitions);
    const std::set<std::string_view> names = checked_names(name_, states_);
    for (const diagram_transition& each : transitions_) {
        check_transition(name_, names, each);
    }
}

}  // namespace cloakroom
