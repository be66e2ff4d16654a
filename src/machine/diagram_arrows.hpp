// SPDX-License-Identifier: MIT
// What every format of a picture draws: states by number, and arrows with lines of text, each of
// which stands for all transitions between two states.
#pragma once

#include <cloakroom/machine_diagram.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::diagrams {

/// What stands at an arrow for one event.
struct arrow_line {
    std::string event;
    std::string note;  ///< " after 15 min [guard]", in our words; often empty.

    friend bool operator==(const arrow_line&, const arrow_line&) = default;
};

/// All transitions from one state to one, in the order in which they were given.
struct arrow {
    std::size_t from;  ///< Index of a state.
    std::size_t to;
    std::vector<arrow_line> lines;  ///< No line twice.
    bool is_conditional;            ///< Each of them is.
};

/// In the order of their first transitions.
[[nodiscard]] std::vector<arrow> arrows_of(const machine_diagram& diagram);

/// The index of the state of this name; that of no state when none has it.
[[nodiscard]] std::size_t state_index(const machine_diagram& diagram, std::string_view name);

/// "15 min", "1 h 30 min", "2 d"; nothing that is zero.
[[nodiscard]] std::string duration_text(std::chrono::seconds duration);

}  // namespace cloakroom::diagrams
