// SPDX-License-Identifier: MIT
// A picture as rows of nodes, before they have places: states, dots, the texts of arrows, and the
// points at which an arrow passes through a row. Each line leads from a row to the next.
#pragma once

#include "machine/diagram_arrows.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace cloakroom::diagrams {

/// What stands in a row. Lengths are in pixels.
struct node {
    enum class kind { beginning, state, ending, text, bend };

    kind what;
    std::size_t subject;  ///< Index of the state, or of the arrow.
    std::size_t row;
    double left;   ///< How far it reaches from its x: to the left,
    double right;  ///< and to the right.
    double height;
    std::vector<std::size_t> above{};  ///< Lines that come from the row above,
    std::vector<std::size_t> below{};  ///< and that go to the row below.
    std::size_t place = 0;             ///< Index in its row.
    double x = 0;
};

/// From a row to the next.
struct line {
    std::size_t upper;  ///< Index of a node.
    std::size_t lower;
    double upper_port = 0;  ///< Where it meets the node, from the node's x.
    double lower_port = 0;
};

/// The lines that make one arrow, from above to below.
struct chain {
    std::vector<std::size_t> lines;
    bool is_upward;
    std::optional<std::size_t> arrow;  ///< None for those of the dots.
};

/// Rows 1, 3, 5… have the states, those between them the texts.
struct layers {
    std::vector<node> nodes;  ///< The states first, by their index.
    std::vector<line> lines;
    std::vector<chain> chains;
    std::vector<std::vector<std::size_t>> rows;  ///< Indices of nodes, from left to right.

    /// Numbers the nodes of a row by their places in it.
    void renumber(std::size_t row) {
        for (std::size_t place = 0; place < rows[row].size(); ++place) {
            nodes[rows[row][place]].place = place;
        }
    }
};

[[nodiscard]] layers layers_of(const machine_diagram& diagram, const std::vector<arrow>& arrows);

}  // namespace cloakroom::diagrams
