// SPDX-License-Identifier: MIT
// Machines whose pictures the tests look at.
#pragma once

#include <cloakroom/machine_diagram.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::diagrams {

/// A loop, a guard, a choice, a timeout, a way back, several events on one arrow.
inline machine_diagram checkout() {
    return {"checkout",
            {{"browsing"}, {"paying"}, {"charging"}, {"paid", true}, {"cancelled", true}},
            {{"browsing", "add_line", "browsing"},
             {"browsing", "remove_line", "browsing", true},
             {"browsing", "check_out", "paying", true},
             {"paying", "change", "browsing"},
             {"paying", "confirm", "charging"},
             {"charging", "settle", "paid", true},
             {"charging", "settle", "paying", true},
             {"paying", "cancel", "cancelled"},
             {"paying", "expire", "cancelled", false, std::chrono::minutes{15}},
             {"browsing", "abandon", "cancelled"}}};
}

/// Names that mean something in Mermaid, Graphviz, XML or JavaScript, one arrow after the other.
inline std::vector<std::string> awkward_names() {
    return {"end",
            "state",
            "graph",
            "node",
            "class",
            "Note",
            "default",
            "digraph",
            "subgraph",
            "strict",
            "edge",
            "direction",
            "style",
            "root",
            "constructor",
            "_paid_",
            "toString",
            "__proto__",
            "a::b<int>",
            "say \"hi\"\\",
            "\\N",
            "direction LR",
            "&amp; &#35;",
            "[*]",
            "x --> y : z; %% no",
            "]]>",
            "\xC3\xA4\xE4\xB8\xAD"};
}

inline machine_diagram awkward() {
    std::vector<diagram_state> states;
    std::vector<diagram_transition> transitions;
    for (const std::string& each : awkward_names()) {
        if (!states.empty()) {
            transitions.push_back({states.back().name, each, each});
        }
        states.push_back({each});
    }
    states.back().is_final = true;
    return {"awkward", std::move(states), std::move(transitions)};
}

/// A machine of so many states with about three arrows each: loops, ways back, long ways, texts of
/// several lines, states that nothing reaches. The same for the same seed.
class generated_machine {
public:
    generated_machine(std::size_t states, std::uint32_t seed) : count_(states), state_(seed) {}

    machine_diagram diagram() {
        for (std::size_t index = 0; index < count_; ++index) {
            states_.push_back({name("state", index), below(6) == 0});
        }
        for (std::size_t index = 1; index < count_; ++index) {
            if (below(12) != 0) {
                add(index - 1 - below(index < 4 ? index : 4), index);
            }
        }
        for (std::size_t more = 2 * count_; more > 0; --more) {
            add(below(count_), below(3) == 0 ? below(count_) : near(below(count_)));
        }
        return {"generated", states_, transitions_};
    }

private:
    std::size_t below(std::size_t limit) {
        state_ = state_ * 1664525U + 1013904223U;
        return (state_ >> 8U) % limit;
    }

    std::size_t near(std::size_t index) {
        const std::size_t moved = index + below(5);
        return moved < 2 ? 0 : moved - 2 < count_ ? moved - 2 : count_ - 1;
    }

    std::string name(std::string_view stem, std::size_t number) {
        return std::string{stem} + '_' + std::to_string(number) + std::string(below(9), 'x');
    }

    void add(std::size_t from, std::size_t to) {
        transitions_.push_back({states_[from].name, name("event", below(9)), states_[to].name,
                                below(4) == 0, std::chrono::minutes{below(8) == 0 ? 15 : 0}});
    }

    const std::size_t count_;
    std::uint32_t state_;
    std::vector<diagram_state> states_;
    std::vector<diagram_transition> transitions_;
};

}  // namespace cloakroom::diagrams
