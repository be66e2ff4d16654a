// SPDX-License-Identifier: MIT
#include "machine/diagram_columns.hpp"

#include "machine/diagram_sizes.hpp"

#include <algorithm>
#include <vector>

namespace cloakroom::diagrams {
namespace {

// Until nothing moves any more in a picture that can be read; those of more nodes get fewer.
constexpr std::size_t one_sided_passes = 8;
constexpr std::size_t most_column_passes = 400;
constexpr std::size_t least_column_passes = 16;
constexpr std::size_t column_node_visits = 200'000;

bool is_point(const node& each) {
    return each.what == node::kind::bend || each.what == node::kind::text;
}

/// How much a line tends to be straight: less at a box, where it may lean.
double weight_of(const layers& drawn, const line& each) {
    const int points =
        (is_point(drawn.nodes[each.upper]) ? 1 : 0) + (is_point(drawn.nodes[each.lower]) ? 1 : 0);
    return points == 1 ? 2 : 4;
}

double half_box_width(const node& state) {
    return state.left;  // to the right there may be a loop
}

/// Spreads the lines at one edge of a state over it, in the order of their other ends.
template <class OtherPlace, class SetPort>
void spread_ports(const node& state, std::vector<std::size_t> lines, OtherPlace other_place,
                  SetPort set_port) {
    std::stable_sort(lines.begin(), lines.end(), [&](std::size_t left, std::size_t right) {
        return other_place(left) < other_place(right);
    });
    const double room = 2 * half_box_width(state) - sizes::box_padding;
    const auto gaps = static_cast<double>(lines.size() - 1);
    const double distance = lines.size() < 2 ? 0 : std::min(sizes::port_distance, room / gaps);
    for (std::size_t index = 0; index < lines.size(); ++index) {
        set_port(lines[index], (static_cast<double>(index) - gaps / 2) * distance);
    }
}

void place_ports(layers& drawn) {
    for (const node& each : drawn.nodes) {
        if (each.what != node::kind::state) {
            continue;
        }
        spread_ports(
            each, each.above,
            [&](std::size_t line) { return drawn.nodes[drawn.lines[line].upper].place; },
            [&](std::size_t line, double port) { drawn.lines[line].lower_port = port; });
        spread_ports(
            each, each.below,
            [&](std::size_t line) { return drawn.nodes[drawn.lines[line].lower].place; },
            [&](std::size_t line, double port) { drawn.lines[line].upper_port = port; });
    }
}

/// The states that a text's arrow is between.
struct ends {
    std::size_t upper;
    std::size_t lower;
};

/// Puts the text of the first among arrows that have an end in common to its left, so that they
/// run side by side with their texts outside.
void choose_text_sides(layers& drawn) {
    std::vector<ends> ends_of(drawn.nodes.size());
    for (const chain& each : drawn.chains) {
        for (const std::size_t index : each.lines) {
            ends_of[drawn.lines[index].lower] = {drawn.lines[each.lines.front()].upper,
                                                 drawn.lines[each.lines.back()].lower};
        }
    }
    const auto are_siblings = [&](std::size_t left, std::size_t right) {
        return drawn.nodes[left].what == node::kind::text && is_point(drawn.nodes[right]) &&
               (ends_of[left].upper == ends_of[right].upper ||
                ends_of[left].lower == ends_of[right].lower);
    };
    for (const std::vector<std::size_t>& row : drawn.rows) {
        bool has_left_sibling = false;
        for (std::size_t place = 0; place + 1 < row.size(); ++place) {
            const bool has_right_sibling = are_siblings(row[place], row[place + 1]);
            if (has_right_sibling && !has_left_sibling) {
                std::swap(drawn.nodes[row[place]].left, drawn.nodes[row[place]].right);
            }
            has_left_sibling = has_right_sibling;
        }
    }
}

double distance_between(const node& left, const node& right) {
    const bool has_bend = is_point(left) || is_point(right);
    return left.right + right.left + (has_bend ? sizes::bend_distance : sizes::box_distance);
}

/// Where a node would stand by its lines alone, and how much they insist.
struct wish {
    double x = 0;
    double weight = 0;
};

void add_wish(wish& sum, double x, double weight) {
    sum.x += x * weight;
    sum.weight += weight;
}

wish wish_of(const layers& drawn, const node& each, bool by_above, bool by_below) {
    wish sum;
    if (by_above) {
        for (const std::size_t index : each.above) {
            const line& led = drawn.lines[index];
            add_wish(sum, drawn.nodes[led.upper].x + led.upper_port - led.lower_port,
                     weight_of(drawn, led));
        }
    }
    if (by_below) {
        for (const std::size_t index : each.below) {
            const line& led = drawn.lines[index];
            add_wish(sum, drawn.nodes[led.lower].x + led.lower_port - led.upper_port,
                     weight_of(drawn, led));
        }
    }
    if (sum.weight == 0) {
        return {each.x, 0.01};
    }
    return {sum.x / sum.weight, sum.weight};
}

/// Nodes that stand as near to each other as they may.
struct cluster {
    std::size_t first;  ///< Place in the row.
    wish at;            ///< Of the row's left, so that each stands where it wishes to.
};

/// Places a row: of all places that keep the distances, those whose squared differences from the
/// wishes have the least sum. Nodes that would come too near become a cluster, which stands at its
/// mean. Source: Ayer et al., 1955 (pool adjacent violators).
void place_row(layers& drawn, const std::vector<std::size_t>& row, bool by_above, bool by_below) {
    std::vector<double> offsets;  // of each node from the row's first
    std::vector<cluster> clusters;
    double offset = 0;
    for (std::size_t place = 0; place < row.size(); ++place) {
        const node& each = drawn.nodes[row[place]];
        if (place > 0) {
            offset += distance_between(drawn.nodes[row[place - 1]], each);
        }
        offsets.push_back(offset);
        wish at = wish_of(drawn, each, by_above, by_below);
        at.x -= offset;
        clusters.push_back({place, at});
        while (clusters.size() > 1 && clusters[clusters.size() - 2].at.x > clusters.back().at.x) {
            const wish last = clusters.back().at;
            clusters.pop_back();
            wish& merged = clusters.back().at;
            const double weight = merged.weight + last.weight;
            merged = {(merged.x * merged.weight + last.x * last.weight) / weight, weight};
        }
    }
    std::size_t of_cluster = 0;
    for (std::size_t place = 0; place < row.size(); ++place) {
        if (of_cluster + 1 < clusters.size() && clusters[of_cluster + 1].first == place) {
            ++of_cluster;
        }
        drawn.nodes[row[place]].x = clusters[of_cluster].at.x + offsets[place];
    }
}

}  // namespace

void place_columns(layers& drawn) {
    place_ports(drawn);
    choose_text_sides(drawn);
    for (std::size_t pass = 0; pass < one_sided_passes; ++pass) {
        const bool downward = pass % 2 == 0;
        for (std::size_t step = 0; step < drawn.rows.size(); ++step) {
            const std::size_t row = downward ? step : drawn.rows.size() - 1 - step;
            place_row(drawn, drawn.rows[row], downward, !downward);
        }
    }
    const std::size_t passes = std::clamp(column_node_visits / drawn.nodes.size(),
                                          least_column_passes, most_column_passes);
    for (std::size_t pass = 0; pass < passes; ++pass) {
        for (std::size_t step = 0; step < drawn.rows.size(); ++step) {
            const std::size_t row = pass % 2 == 0 ? step : drawn.rows.size() - 1 - step;
            place_row(drawn, drawn.rows[row], true, true);
        }
    }
}

}  // namespace cloakroom::diagrams
