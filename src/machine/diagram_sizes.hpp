// SPDX-License-Identifier: MIT
// Lengths in a drawn picture, in pixels.
#pragma once

#include "machine/diagram_arrows.hpp"
#include "machine/diagram_text.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace cloakroom::diagrams::sizes {

constexpr double name_font = 14;
constexpr double text_font = 12;
constexpr double column_em = 0.62;  ///< Of the widest among the fonts that are asked for, and some.

constexpr double box_height = 36;
constexpr double box_padding = 16;
constexpr double least_box_width = 72;
constexpr double port_distance = 22;  ///< Between arrows at a box, where it has room.
constexpr double least_port_distance = 12;

constexpr double beginning_radius = 6;
constexpr double ending_radius = 8;

constexpr double text_line_height = 16;
constexpr double text_distance = 7;  ///< From an arrow to its text.
constexpr double loop_reach = 30;    ///< From a box to the outside of its loop.

constexpr double least_row_gap = 20;
constexpr double row_gap_growth = 36;  ///< At most so much more where arrows go far to a side.
constexpr double bend_distance = 14;   ///< Between arrows in a row, and from one to a box.
constexpr double box_distance = 28;
constexpr double border = 12;  ///< Around the whole.

constexpr double head_length = 9;
constexpr double head_half_width = 4;

[[nodiscard]] inline double text_width(const arrow& labelled) {
    std::size_t columns = 0;
    for (const arrow_line& each : labelled.lines) {
        columns = std::max(columns, columns_of(each.event) + columns_of(each.note));
    }
    return static_cast<double>(columns) * text_font * column_em;
}

[[nodiscard]] inline double text_height(const arrow& labelled) {
    return static_cast<double>(labelled.lines.size()) * text_line_height;
}

[[nodiscard]] inline double name_width(std::string_view name) {
    return static_cast<double>(columns_of(name)) * name_font * column_em;
}

}  // namespace cloakroom::diagrams::sizes
