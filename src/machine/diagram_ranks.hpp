// SPDX-License-Identifier: MIT
// How far down in a picture each state stands, so that most arrows point downward.
#pragma once

#include "machine/diagram_arrows.hpp"

#include <cstddef>
#include <vector>

namespace cloakroom::diagrams {

/// A rank for each state; 0 is on top, where the first state is.
struct state_ranks {
    std::vector<std::size_t> of_state;
    /// For each arrow, whether it points upward. The others point downward, but for loops.
    std::vector<bool> is_upward;
};

/// Arrows that close a cycle point upward, seen from the first state; by the others, each state is
/// as near as it can be to what leads there.
[[nodiscard]] state_ranks ranks_of(std::size_t states, const std::vector<arrow>& arrows);

}  // namespace cloakroom::diagrams
