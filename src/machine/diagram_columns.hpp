// SPDX-License-Identifier: MIT
// Gives each node of a picture its x, and each line its ports: lines as straight as may be, and
// nothing over anything else.
#pragma once

#include "machine/diagram_layers.hpp"

namespace cloakroom::diagrams {

/// REQUIRES: the rows are in order.
void place_columns(layers& drawn);

}  // namespace cloakroom::diagrams
