// SPDX-License-Identifier: MIT
#include "machine/diagram_layers.hpp"

#include "machine/diagram_ranks.hpp"
#include "machine/diagram_sizes.hpp"

#include <algorithm>
#include <utility>

namespace cloakroom::diagrams {
namespace {

/// Builds the layers: states first, then what is between them.
class builder {
public:
    builder(const machine_diagram& diagram, const std::vector<arrow>& arrows)
        : diagram_(diagram), arrows_(arrows), ranks_(ranks_of(diagram.states().size(), arrows)) {
        const auto deepest = std::max_element(ranks_.of_state.begin(), ranks_.of_state.end());
        result_.rows.resize(2 * *deepest + 3);
        text_widths_.resize(result_.rows.size());
        add_states();
        add_dots();
        add_arrows();
    }

    layers take() { return std::move(result_); }

private:
    std::size_t add_node(node added) {
        const std::size_t index = result_.nodes.size();
        auto& row = result_.rows[added.row];
        added.place = row.size();
        row.push_back(index);
        result_.nodes.push_back(std::move(added));
        return index;
    }

    std::size_t add_line(std::size_t upper, std::size_t lower) {
        const std::size_t index = result_.lines.size();
        result_.lines.push_back({upper, lower});
        result_.nodes[upper].below.push_back(index);
        result_.nodes[lower].above.push_back(index);
        return index;
    }

    [[nodiscard]] std::size_t row_of(std::size_t state) const {
        return 2 * ranks_.of_state[state] + 1;
    }

    void add_states() {
        for (std::size_t state = 0; state < diagram_.states().size(); ++state) {
            add_node({.what = node::kind::state,
                      .subject = state,
                      .row = row_of(state),
                      .left = 0,
                      .right = 0,
                      .height = sizes::box_height});
        }
        widen_boxes();
        make_room_for_loops();
    }

    /// Makes boxes as wide as their names and their arrows need.
    void widen_boxes() {
        std::vector<std::pair<std::size_t, std::size_t>> ports(diagram_.states().size());
        for (std::size_t index = 0; index < arrows_.size(); ++index) {
            if (arrows_[index].from != arrows_[index].to) {
                const auto [upper, lower] = ends_of(index);
                ++ports[upper].second;
                ++ports[lower].first;
            }
        }
        for (std::size_t state = 0; state < ports.size(); ++state) {
            // One more for a dot's arrow.
            const std::size_t most = std::max(ports[state].first, ports[state].second) + 1;
            const double width = std::max(
                {sizes::least_box_width,
                 sizes::name_width(diagram_.states()[state].name) + 2 * sizes::box_padding,
                 static_cast<double>(most) * sizes::least_port_distance + sizes::box_padding});
            result_.nodes[state].left = width / 2;
            result_.nodes[state].right = width / 2;
        }
    }

    void make_room_for_loops() {
        for (const arrow& each : arrows_) {
            if (each.from == each.to) {
                node& looped = result_.nodes[each.from];
                looped.right += sizes::loop_reach + sizes::text_width(each);
                looped.height = std::max(looped.height, sizes::text_height(each));
            }
        }
    }

    void add_dots() {
        const std::size_t beginning = add_node({.what = node::kind::beginning,
                                                .subject = 0,
                                                .row = row_of(0) - 1,
                                                .left = sizes::beginning_radius,
                                                .right = sizes::beginning_radius,
                                                .height = 2 * sizes::beginning_radius});
        result_.chains.push_back({{add_line(beginning, 0)}, false, std::nullopt});
        for (std::size_t state = 0; state < diagram_.states().size(); ++state) {
            if (diagram_.states()[state].is_final) {
                const std::size_t ending = add_node({.what = node::kind::ending,
                                                     .subject = state,
                                                     .row = row_of(state) + 1,
                                                     .left = sizes::ending_radius,
                                                     .right = sizes::ending_radius,
                                                     .height = 2 * sizes::ending_radius});
                result_.chains.push_back({{add_line(state, ending)}, false, std::nullopt});
            }
        }
    }

    /// Adds all arrows but loops, those first that have the least choice where their text stands.
    void add_arrows() {
        std::vector<std::size_t> order;
        for (std::size_t index = 0; index < arrows_.size(); ++index) {
            if (arrows_[index].from != arrows_[index].to) {
                order.push_back(index);
            }
        }
        std::stable_sort(order.begin(), order.end(), [this](std::size_t left, std::size_t right) {
            return length_of(left) < length_of(right);
        });
        for (const std::size_t index : order) {
            add_arrow(index);
        }
    }

    [[nodiscard]] std::pair<std::size_t, std::size_t> ends_of(std::size_t index) const {
        const arrow& each = arrows_[index];
        return ranks_.is_upward[index] ? std::pair{each.to, each.from}
                                       : std::pair{each.from, each.to};
    }

    [[nodiscard]] std::size_t length_of(std::size_t index) const {
        const auto [upper, lower] = ends_of(index);
        return row_of(lower) - row_of(upper);
    }

    /// The row for an arrow's text: where the least is written yet, near to where it begins.
    [[nodiscard]] std::size_t text_row(std::size_t index) const {
        const auto [upper, lower] = ends_of(index);
        std::size_t best = ranks_.is_upward[index] ? row_of(lower) - 1 : row_of(upper) + 1;
        const std::size_t first = best;
        for (std::size_t step = 0; 2 * step + 2 <= row_of(lower) - row_of(upper); ++step) {
            const std::size_t row = ranks_.is_upward[index] ? first - 2 * step : first + 2 * step;
            if (text_widths_[row] < text_widths_[best]) {
                best = row;
            }
        }
        return best;
    }

    void add_arrow(std::size_t index) {
        const auto [upper, lower] = ends_of(index);
        const std::size_t with_text = text_row(index);
        text_widths_[with_text] += sizes::text_width(arrows_[index]) + sizes::bend_distance;
        chain added{{}, ranks_.is_upward[index], index};
        std::size_t previous = upper;
        for (std::size_t row = row_of(upper) + 1; row < row_of(lower); ++row) {
            node passed{.what = node::kind::bend,
                        .subject = index,
                        .row = row,
                        .left = 0,
                        .right = 0,
                        .height = 0};
            if (row == with_text) {
                passed.what = node::kind::text;
                passed.right = sizes::text_distance + sizes::text_width(arrows_[index]);
                passed.height = sizes::text_height(arrows_[index]);
            }
            const std::size_t next = add_node(std::move(passed));
            added.lines.push_back(add_line(previous, next));
            previous = next;
        }
        added.lines.push_back(add_line(previous, lower));
        result_.chains.push_back(std::move(added));
    }

    const machine_diagram& diagram_;
    const std::vector<arrow>& arrows_;
    const state_ranks ranks_;
    std::vector<double> text_widths_;  ///< By row, of the texts that stand there.
    layers result_;
};

}  // namespace

layers layers_of(const machine_diagram& diagram, const std::vector<arrow>& arrows) {
    return builder{diagram, arrows}.take();
}

}  // namespace cloakroom::diagrams
