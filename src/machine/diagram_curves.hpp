// SPDX-License-Identifier: MIT
// The curves of arrows through rows of nodes that have their places.
#pragma once

#include "machine/diagram_layers.hpp"
#include "machine/diagram_layout.hpp"

#include <vector>

namespace cloakroom::diagrams {

/// A row's upper and lower edge; equal where nothing in it is higher than a line.
struct band {
    double top;
    double bottom;

    [[nodiscard]] double middle() const { return (top + bottom) / 2; }
};

/// The arrow of a chain, without its text.
///
/// Between rows, where nothing else is, its path bends; through a row it is straight and stays
/// between the boxes that its node stands between.
[[nodiscard]] placed_arrow arrow_through(const layers& drawn, const std::vector<band>& bands,
                                         const chain& followed);

/// The arrow from a state's right side back to it, without its text.
[[nodiscard]] placed_arrow loop_at(const box& state);

}  // namespace cloakroom::diagrams
