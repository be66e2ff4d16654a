// SPDX-License-Identifier: MIT
#include "machine/diagram_curves.hpp"

#include "machine/diagram_sizes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace cloakroom::diagrams {
namespace {

constexpr double clearance = 5;
constexpr double text_clearance = 3;
constexpr double most_end_slope = 1;

curve straight(point begin, point end) {
    return {begin,
            {begin.x + (end.x - begin.x) / 3, begin.y + (end.y - begin.y) / 3},
            {begin.x + (end.x - begin.x) * 2 / 3, begin.y + (end.y - begin.y) * 2 / 3},
            end};
}

/// Leads down with these slopes (x by y) at its ends.
curve bent(point begin, double begin_slope, point end, double end_slope) {
    const double reach = (end.y - begin.y) / 2;
    return {begin,
            {begin.x + begin_slope * reach, begin.y + reach},
            {end.x - end_slope * reach, end.y - reach},
            end};
}

/// How far a line through `passed` may stray to either side within its row.
double room_beside(const layers& drawn, const node& passed) {
    double room = passed.what == node::kind::text ? sizes::text_distance - text_clearance
                                                  : std::numeric_limits<double>::max();
    const std::vector<std::size_t>& row = drawn.rows[passed.row];
    for (std::size_t place = passed.place; place > 0; --place) {
        const node& left = drawn.nodes[row[place - 1]];
        if (left.what != node::kind::bend) {
            room = std::min(room, passed.x - left.x - left.right - clearance);
            break;
        }
    }
    for (std::size_t place = passed.place + 1; place < row.size(); ++place) {
        const node& right = drawn.nodes[row[place]];
        if (right.what != node::kind::bend) {
            room = std::min(room, right.x - right.left - passed.x - clearance);
            break;
        }
    }
    return std::max(room, 0.0);
}

/// A chain's way from above to below.
class way {
public:
    way(const layers& drawn, const std::vector<band>& bands, const chain& followed)
        : drawn_(drawn), bands_(bands), followed_(followed) {}

    placed_arrow arrow() {
        const end upper = end_at(drawn_.lines[followed_.lines.front()], true);
        const end lower = end_at(drawn_.lines[followed_.lines.back()], false);
        at_ = followed_.is_upward ? upper.base : upper.tip;
        slope_ = upper.slope;
        go_straight({at_.x, std::max(at_.y, upper.edge)});
        for (std::size_t index = 0; index + 1 < followed_.lines.size(); ++index) {
            pass(drawn_.nodes[drawn_.lines[followed_.lines[index]].lower], index);
        }
        const point last = followed_.is_upward ? lower.tip : lower.base;
        const point entry{last.x, std::min(last.y, lower.edge)};
        curves_.push_back(bent(at_, slope_, entry, lower.slope));
        at_ = entry;
        go_straight(last);
        return {
            followed_.arrow, std::move(curves_), followed_.is_upward ? upper.tip : lower.tip, {}};
    }

private:
    /// Where the way ends at a box or a dot.
    struct end {
        point tip;
        point base;    ///< Of an arrow's head.
        double edge;   ///< Of the row.
        double slope;  ///< Not upright only where the box reaches to the row's edge.
    };

    [[nodiscard]] end end_at(const line& last, bool is_upper) const {
        const node& ended = drawn_.nodes[is_upper ? last.upper : last.lower];
        const node& other = drawn_.nodes[is_upper ? last.lower : last.upper];
        const double x = ended.x + (is_upper ? last.upper_port : last.lower_port);
        const double other_x = other.x + (is_upper ? last.lower_port : last.upper_port);
        const band& row = bands_[ended.row];
        const band& other_row = bands_[other.row];
        const double height = ended.what == node::kind::state ? sizes::box_height : ended.height;
        const double direction = is_upper ? 1 : -1;
        const double y = row.middle() + direction * height / 2;
        const double edge = is_upper ? row.bottom : row.top;
        const double gap = is_upper ? other_row.top - edge : edge - other_row.bottom;
        const bool is_at_edge = direction * (edge - y) < 0.5;
        const double slope = is_at_edge ? std::clamp(direction * (other_x - x) / gap,
                                                     -most_end_slope, most_end_slope)
                                        : 0;
        const double reach = direction * sizes::head_length / std::hypot(1, slope);
        return {{x, y}, {x + slope * reach, y + reach}, edge, slope};
    }

    void go_straight(point to) {
        if (to.y > at_.y) {
            curves_.push_back(straight(at_, to));
        }
        at_ = to;
    }

    /// Through the row of `passed`, where the line of this index ends.
    void pass(const node& passed, std::size_t index) {
        const band& row = bands_[passed.row];
        const double slope = slope_at(passed, index);
        const double stray = slope * (row.bottom - row.top) / 2;
        const point entry{passed.x - stray, row.top};
        curves_.push_back(bent(at_, slope_, entry, slope));
        at_ = entry;
        slope_ = slope;
        go_straight({passed.x + stray, row.bottom});
    }

    /// The slope with which the path goes on smoothly: upright at a turn, else between the slopes
    /// above and below, as far as there is room.
    [[nodiscard]] double slope_at(const node& passed, std::size_t index) const {
        const line& above = drawn_.lines[followed_.lines[index]];
        const line& below = drawn_.lines[followed_.lines[index + 1]];
        const node& upper = drawn_.nodes[above.upper];
        const node& lower = drawn_.nodes[below.lower];
        const double middle = bands_[passed.row].middle();
        const double from_above =
            (passed.x - upper.x - above.upper_port) / (middle - bands_[upper.row].middle());
        const double to_below =
            (lower.x + below.lower_port - passed.x) / (bands_[lower.row].middle() - middle);
        if (from_above * to_below <= 0) {
            return 0;
        }
        const double mean = 2 * from_above * to_below / (from_above + to_below);
        const double half_height = (bands_[passed.row].bottom - bands_[passed.row].top) / 2;
        if (half_height == 0) {
            return mean;
        }
        const double most = room_beside(drawn_, passed) / half_height;
        return std::clamp(mean, -most, most);
    }

    const layers& drawn_;
    const std::vector<band>& bands_;
    const chain& followed_;
    std::vector<curve> curves_;
    point at_{};
    double slope_ = 0;
};

}  // namespace

bool is_straight(const curve& drawn) {
    const double across = drawn.end.x - drawn.begin.x;
    const double down = drawn.end.y - drawn.begin.y;
    const auto is_near = [&](point each) {
        const double area = across * (each.y - drawn.begin.y) - down * (each.x - drawn.begin.x);
        return std::abs(area) <= 0.1 * std::hypot(across, down);
    };
    return is_near(drawn.leaving) && is_near(drawn.arriving);
}

placed_arrow arrow_through(const layers& drawn, const std::vector<band>& bands,
                           const chain& followed) {
    placed_arrow placed = way{drawn, bands, followed}.arrow();
    if (followed.is_upward) {
        std::reverse(placed.path.begin(), placed.path.end());
        for (auto& [begin, leaving, arriving, end] : placed.path) {
            std::swap(begin, end);
            std::swap(leaving, arriving);
        }
    }
    return placed;
}

placed_arrow loop_at(const box& state) {
    constexpr double half_height = 9;
    const double middle = (state.top + state.bottom) / 2;
    const double outside = state.right + sizes::loop_reach - 3;  // the curve stays within 3/4
    const point tip{state.right, middle + half_height};
    const curve around{{state.right, middle - half_height},
                       {outside, middle - half_height - 5},
                       {outside + 4, middle + half_height + 1},
                       {tip.x + sizes::head_length, tip.y}};
    return {std::nullopt, {around}, tip, {}};
}

}  // namespace cloakroom::diagrams
