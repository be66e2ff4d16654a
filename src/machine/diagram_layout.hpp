// SPDX-License-Identifier: MIT
// Where everything in a drawn picture is: boxes and curves, no colours and no SVG.
#pragma once

#include "machine/diagram_arrows.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace cloakroom::diagrams {

/// In pixels, from the picture's upper left corner to the right and downward.
struct point {
    double x;
    double y;
};

struct box {
    double left;
    double top;
    double right;
    double bottom;
};

/// A cubic Bézier curve.
struct curve {
    point begin;
    point leaving;
    point arriving;
    point end;
};

/// Whether it cannot be told from a line.
[[nodiscard]] bool is_straight(const curve& drawn);

/// An arrow, to be drawn along its path with a head on the tip.
struct placed_arrow {
    std::optional<std::size_t> arrow;  ///< Index; none for the arrow of a dot.
    std::vector<curve> path;           ///< From its tail to the base of its head.
    point tip;
    box text;                      ///< Around its lines of text; empty for the arrow of a dot.
    bool is_text_at_left = false;  ///< Of the path, so its lines end there.
};

struct placed_ending {
    std::size_t state;
    point center;
};

/// Boxes of states and texts are apart from each other, and a path meets no box but at its ends.
struct layout {
    double width;
    double height;
    std::vector<box> states;  ///< By index.
    point beginning;          ///< The center of the first dot.
    std::vector<placed_ending> endings;
    std::vector<placed_arrow> arrows;
};

/// The same machine gives the same layout.
[[nodiscard]] layout layout_of(const machine_diagram& diagram, const std::vector<arrow>& arrows);

}  // namespace cloakroom::diagrams
