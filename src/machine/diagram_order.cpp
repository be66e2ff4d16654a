// SPDX-License-Identifier: MIT
#include "machine/diagram_order.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace cloakroom::diagrams {
namespace {

// Sixteen passes suffice for any picture that can be read; those of more nodes get fewer.
constexpr std::size_t most_order_passes = 16;
constexpr std::size_t least_order_passes = 2;
constexpr std::size_t order_node_visits = 40'000;
constexpr std::size_t most_swap_rounds = 8;

enum class side { above, below };

/// For each node of a row, the places of those it has lines to, ascending.
class neighbours {
public:
    neighbours(const layers& drawn, std::size_t row, side where) {
        ends_.reserve(drawn.rows[row].size());
        for (const std::size_t index : drawn.rows[row]) {
            const std::size_t begin = places_.size();
            const node& each = drawn.nodes[index];
            for (const std::size_t line : where == side::above ? each.above : each.below) {
                const std::size_t other =
                    where == side::above ? drawn.lines[line].upper : drawn.lines[line].lower;
                places_.push_back(drawn.nodes[other].place);
            }
            std::sort(places_.begin() + static_cast<std::ptrdiff_t>(begin), places_.end());
            ends_.push_back(places_.size());
        }
    }

    [[nodiscard]] std::span<const std::size_t> of(std::size_t place) const {
        const std::size_t begin = place == 0 ? 0 : ends_[place - 1];
        return {places_.data() + begin, ends_[place] - begin};
    }

    [[nodiscard]] const std::vector<std::size_t>& all() const { return places_; }

private:
    std::vector<std::size_t> places_;
    std::vector<std::size_t> ends_;
};

/// How many pairs there are of one of `left` and a smaller one of `right`; both ascending.
std::size_t inversions(std::span<const std::size_t> left, std::span<const std::size_t> right) {
    std::size_t count = 0;
    std::size_t smaller = 0;
    for (const std::size_t each : left) {
        while (smaller < right.size() && right[smaller] < each) {
            ++smaller;
        }
        count += smaller;
    }
    return count;
}

/// How many pairs in `places` are in descending order. `limit` is above each of them.
std::size_t inversions_within(const std::vector<std::size_t>& places, std::size_t limit) {
    std::vector<std::size_t> tree(limit + 1);  // counts in binary indexed sums (Fenwick, 1994)
    std::size_t count = 0;
    std::size_t seen = 0;
    for (const std::size_t place : places) {
        std::size_t not_larger = 0;
        for (std::size_t at = place + 1; at > 0; at &= at - 1) {
            not_larger += tree[at];
        }
        count += seen - not_larger;
        ++seen;
        for (std::size_t at = place + 1; at < tree.size(); at += at & (~at + 1)) {
            ++tree[at];
        }
    }
    return count;
}

/// What is done with nodes of equal means. Now the one and now the other finds more.
enum class ties { keep, reverse };

/// Sorts a row by the means of its nodes' neighbours; what has none keeps its place.
void sort_row(layers& drawn, std::size_t row, side where, ties equal) {
    const neighbours beside{drawn, row, where};
    std::vector<std::pair<double, std::size_t>> weighed;
    for (std::size_t place = 0; place < drawn.rows[row].size(); ++place) {
        const auto places = beside.of(place);
        double sum = places.empty() ? static_cast<double>(place) : 0;
        for (const std::size_t each : places) {
            sum += static_cast<double>(each);
        }
        const auto count = static_cast<double>(std::max<std::size_t>(places.size(), 1));
        weighed.emplace_back(sum / count, drawn.rows[row][place]);
    }
    if (equal == ties::reverse) {
        std::reverse(weighed.begin(), weighed.end());
    }
    std::stable_sort(weighed.begin(), weighed.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
    for (std::size_t place = 0; place < weighed.size(); ++place) {
        drawn.rows[row][place] = weighed[place].second;
    }
    drawn.renumber(row);
}

void sort_rows(layers& drawn, side where, ties equal) {
    for (std::size_t step = 1; step < drawn.rows.size(); ++step) {
        sort_row(drawn, where == side::above ? step : drawn.rows.size() - 1 - step, where, equal);
    }
}

/// Swaps neighbours where that leaves fewer crossings. @return Whether any were.
bool swap_in_row(layers& drawn, std::size_t row) {
    const neighbours above{drawn, row, side::above};
    const neighbours below{drawn, row, side::below};
    auto& nodes = drawn.rows[row];
    bool has_swapped = false;
    std::size_t left = 0;  // where the node now at the left of the pair was
    for (std::size_t place = 0; place + 1 < nodes.size(); ++place) {
        const std::size_t right = place + 1;
        const std::size_t as_is = inversions(above.of(left), above.of(right)) +
                                  inversions(below.of(left), below.of(right));
        const std::size_t swapped = inversions(above.of(right), above.of(left)) +
                                    inversions(below.of(right), below.of(left));
        if (swapped < as_is) {
            std::swap(nodes[place], nodes[place + 1]);
            has_swapped = true;
        } else {
            left = right;
        }
    }
    drawn.renumber(row);
    return has_swapped;
}

/// Swaps in all rows, then again in those beside which something has changed.
void swap_in_rows(layers& drawn) {
    std::vector<bool> is_due(drawn.rows.size(), true);
    for (std::size_t round = 0; round < most_swap_rounds; ++round) {
        for (std::size_t row = 0; row < drawn.rows.size(); ++row) {
            if (!is_due[row]) {
                continue;
            }
            is_due[row] = swap_in_row(drawn, row);
            if (is_due[row]) {
                is_due[row == 0 ? 0 : row - 1] = true;
                is_due[std::min(row + 1, drawn.rows.size() - 1)] = true;
            }
        }
    }
}

/// Orders the rows as a walk in depth from the beginning meets their nodes.
void order_by_depth(layers& drawn) {
    std::vector<std::vector<std::size_t>> given(drawn.rows.size());
    given.swap(drawn.rows);
    std::vector<std::size_t> open;
    for (auto row = given.rbegin(); row != given.rend(); ++row) {
        open.insert(open.end(), row->rbegin(), row->rend());
    }
    std::vector<bool> is_met(drawn.nodes.size());
    while (!open.empty()) {
        const std::size_t index = open.back();
        open.pop_back();
        if (is_met[index]) {
            continue;
        }
        is_met[index] = true;
        node& each = drawn.nodes[index];
        each.place = drawn.rows[each.row].size();
        drawn.rows[each.row].push_back(index);
        for (auto line = each.below.rbegin(); line != each.below.rend(); ++line) {
            open.push_back(drawn.lines[*line].lower);
        }
    }
}

}  // namespace

std::size_t crossings_of(const layers& drawn) {
    std::size_t count = 0;
    for (std::size_t row = 0; row + 1 < drawn.rows.size(); ++row) {
        const neighbours below{drawn, row, side::below};
        count += inversions_within(below.all(), drawn.rows[row + 1].size());
    }
    return count;
}

void order_rows(layers& drawn) {
    order_by_depth(drawn);
    auto best = drawn.rows;
    std::size_t least = crossings_of(drawn);
    const std::size_t passes =
        std::clamp(order_node_visits / drawn.nodes.size(), least_order_passes, most_order_passes);
    for (std::size_t pass = 0; pass < passes && least > 0; ++pass) {
        sort_rows(drawn, pass % 2 == 0 ? side::above : side::below,
                  pass % 4 < 2 ? ties::keep : ties::reverse);
        swap_in_rows(drawn);
        const std::size_t count = crossings_of(drawn);
        if (count < least) {
            least = count;
            best = drawn.rows;
        }
    }
    drawn.rows = std::move(best);
    for (std::size_t row = 0; row < drawn.rows.size(); ++row) {
        drawn.renumber(row);
    }
}

}  // namespace cloakroom::diagrams
