// SPDX-License-Identifier: MIT
#include "machine/diagram_layout.hpp"

#include "machine/diagram_columns.hpp"
#include "machine/diagram_curves.hpp"
#include "machine/diagram_order.hpp"
#include "machine/diagram_sizes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace cloakroom::diagrams {
namespace {

/// The space above a row: more where lines go far to a side.
double gap_above(const layers& drawn, const std::vector<std::size_t>& row) {
    double farthest = 0;
    for (const std::size_t index : row) {
        for (const std::size_t each : drawn.nodes[index].above) {
            const line& led = drawn.lines[each];
            const double from = drawn.nodes[led.upper].x + led.upper_port;
            const double to = drawn.nodes[led.lower].x + led.lower_port;
            farthest = std::max(farthest, std::abs(from - to));
        }
    }
    return sizes::least_row_gap + std::min(sizes::row_gap_growth, farthest / 5);
}

std::vector<band> bands_of(const layers& drawn) {
    std::vector<band> bands;
    double y = 0;
    for (const std::vector<std::size_t>& row : drawn.rows) {
        double height = 0;
        for (const std::size_t index : row) {
            height = std::max(height, drawn.nodes[index].height);
        }
        if (!bands.empty() && !row.empty()) {
            y += gap_above(drawn, row);
        }
        bands.push_back({y, y + height});
        y += height;
    }
    return bands;
}

box around(double left, double middle, double width, double height) {
    return {left, middle - height / 2, left + width, middle + height / 2};
}

/// All of a layout moved, and its size: its place before is of no account.
class frame {
public:
    explicit frame(layout& framed) : framed_(framed) {
        each_point([this](point& each) { include(each); });
        each_point([this](point& each) {
            each.x += sizes::border - left_;
            each.y += sizes::border - top_;
        });
        framed.width = right_ - left_ + 2 * sizes::border;
        framed.height = bottom_ - top_ + 2 * sizes::border;
    }

private:
    void include(const point& each) {
        left_ = std::min(left_, each.x);
        right_ = std::max(right_, each.x);
        top_ = std::min(top_, each.y);
        bottom_ = std::max(bottom_, each.y);
    }

    template <class Change>
    static void change_box(box& changed, Change change) {
        point upper{changed.left, changed.top};
        point lower{changed.right, changed.bottom};
        change(upper);
        change(lower);
        changed = {upper.x, upper.y, lower.x, lower.y};
    }

    template <class Change>
    void each_point(Change change) {
        for (box& each : framed_.states) {
            change_box(each, change);
        }
        change(framed_.beginning);
        for (placed_ending& each : framed_.endings) {
            change(each.center);
        }
        for (placed_arrow& each : framed_.arrows) {
            for (auto& [begin, leaving, arriving, end] : each.path) {
                for (point* const moved : {&begin, &leaving, &arriving, &end}) {
                    change(*moved);
                }
            }
            change(each.tip);
            if (each.arrow) {
                change_box(each.text, change);
            }
        }
    }

    layout& framed_;
    double left_ = std::numeric_limits<double>::max();
    double right_ = std::numeric_limits<double>::lowest();
    double top_ = -sizes::beginning_radius;  // rows begin at 0 with the dot's
    double bottom_ = 0;
};

void place_nodes(layout& placed, const layers& drawn, const std::vector<band>& bands) {
    for (const node& each : drawn.nodes) {
        const double middle = bands[each.row].middle();
        if (each.what == node::kind::state) {
            placed.states.push_back(
                around(each.x - each.left, middle, 2 * each.left, sizes::box_height));
        } else if (each.what == node::kind::beginning) {
            placed.beginning = {each.x, middle};
        } else if (each.what == node::kind::ending) {
            placed.endings.push_back({each.subject, {each.x, middle}});
        }
    }
}

/// The node of a chain that holds its text.
const node* text_of(const layers& drawn, const chain& followed) {
    for (const std::size_t each : followed.lines) {
        const node& lower = drawn.nodes[drawn.lines[each].lower];
        if (lower.what == node::kind::text) {
            return &lower;
        }
    }
    return nullptr;
}

void place_arrows(layout& placed, const layers& drawn, const std::vector<band>& bands,
                  const std::vector<arrow>& arrows) {
    for (const chain& each : drawn.chains) {
        placed_arrow added = arrow_through(drawn, bands, each);
        if (const node* const text = text_of(drawn, each)) {
            const double width = std::max(text->left, text->right) - sizes::text_distance;
            added.is_text_at_left = text->left > text->right;
            const double left =
                text->x + (added.is_text_at_left ? -text->left : sizes::text_distance);
            added.text = around(left, bands[text->row].middle(), width, text->height);
        }
        placed.arrows.push_back(std::move(added));
    }
    for (std::size_t index = 0; index < arrows.size(); ++index) {
        const arrow& each = arrows[index];
        if (each.from == each.to) {
            const box& state = placed.states[each.from];
            placed_arrow added = loop_at(state);
            added.arrow = index;
            added.text = around(state.right + sizes::loop_reach, (state.top + state.bottom) / 2,
                                sizes::text_width(each), sizes::text_height(each));
            placed.arrows.push_back(std::move(added));
        }
    }
}

}  // namespace

layout layout_of(const machine_diagram& diagram, const std::vector<arrow>& arrows) {
    layers drawn = layers_of(diagram, arrows);
    order_rows(drawn);
    place_columns(drawn);
    const std::vector<band> bands = bands_of(drawn);
    layout placed{};
    place_nodes(placed, drawn, bands);
    place_arrows(placed, drawn, bands, arrows);
    frame{placed};
    return placed;
}

}  // namespace cloakroom::diagrams
