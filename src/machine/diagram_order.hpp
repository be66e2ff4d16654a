// SPDX-License-Identifier: MIT
// Puts each row of a picture into an order in which few lines cross.
#pragma once

#include "machine/diagram_layers.hpp"

namespace cloakroom::diagrams {

/// Changes the rows' order. A heuristic: by barycenters and by swaps of neighbours, in a bounded
/// number of passes. Source: Sugiyama, Tagawa, Toda, 1981.
void order_rows(layers& drawn);

/// How often lines cross.
[[nodiscard]] std::size_t crossings_of(const layers& drawn);

}  // namespace cloakroom::diagrams
