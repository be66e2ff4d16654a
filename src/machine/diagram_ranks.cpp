// SPDX-License-Identifier: MIT
#include "machine/diagram_ranks.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace cloakroom::diagrams {
namespace {

/// What a search in depth from the first state finds.
struct depth_order {
    std::vector<bool> is_upward;       ///< For each arrow, whether it closes a cycle.
    std::vector<std::size_t> forward;  ///< The states, so that all other arrows point forward.
};

class depth_search {
public:
    depth_search(std::size_t states, const std::vector<arrow>& arrows)
        : arrows_(arrows), leaving_(states), progress_(states) {
        found_.is_upward.resize(arrows.size());
        for (std::size_t index = 0; index < arrows.size(); ++index) {
            if (arrows[index].from != arrows[index].to) {
                leaving_[arrows[index].from].push_back(index);
            }
        }
    }

    depth_order search() {
        for (std::size_t state = 0; state < leaving_.size(); ++state) {
            visit(state);
        }
        std::reverse(found_.forward.begin(), found_.forward.end());
        return std::move(found_);
    }

private:
    enum class stage { untouched, open, done };

    // As deep as there are states: machine_diagram::max_states at most.
    void visit(std::size_t state) {
        if (progress_[state] != stage::untouched) {
            return;
        }
        progress_[state] = stage::open;
        for (const std::size_t index : leaving_[state]) {
            const std::size_t target = arrows_[index].to;
            found_.is_upward[index] = progress_[target] == stage::open;
            visit(target);
        }
        progress_[state] = stage::done;
        found_.forward.push_back(state);
    }

    const std::vector<arrow>& arrows_;
    std::vector<std::vector<std::size_t>> leaving_;
    std::vector<stage> progress_;
    depth_order found_;
};

/// An arrow as it counts for ranks: downward.
struct descent {
    std::size_t upper;
    std::size_t lower;
};

std::vector<descent> descents_of(const std::vector<arrow>& arrows,
                                 const std::vector<bool>& is_upward) {
    std::vector<descent> descents;
    for (std::size_t index = 0; index < arrows.size(); ++index) {
        const auto& [from, to, lines, is_conditional] = arrows[index];
        if (from != to) {
            descents.push_back(is_upward[index] ? descent{to, from} : descent{from, to});
        }
    }
    return descents;
}

/// Moves what has more arrows below than above as far down as it can go: shorter arrows.
void tighten(std::vector<std::size_t>& ranks, const std::vector<std::size_t>& forward,
             const std::vector<std::vector<std::size_t>>& below,
             const std::vector<std::size_t>& above_count) {
    for (auto state = forward.rbegin(); state != forward.rend(); ++state) {
        std::size_t lowest = std::numeric_limits<std::size_t>::max();
        for (const std::size_t lower : below[*state]) {
            lowest = std::min(lowest, ranks[lower] - 1);
        }
        if (*state != 0 && below[*state].size() > above_count[*state]) {
            ranks[*state] = lowest;
        }
    }
}

}  // namespace

state_ranks ranks_of(std::size_t states, const std::vector<arrow>& arrows) {
    depth_order found = depth_search{states, arrows}.search();
    std::vector<std::vector<std::size_t>> below(states);
    std::vector<std::size_t> above_count(states);
    for (const auto& [upper, lower] : descents_of(arrows, found.is_upward)) {
        below[upper].push_back(lower);
        ++above_count[lower];
    }
    std::vector<std::size_t> ranks(states);
    for (const std::size_t state : found.forward) {
        for (const std::size_t lower : below[state]) {
            ranks[lower] = std::max(ranks[lower], ranks[state] + 1);
        }
    }
    tighten(ranks, found.forward, below, above_count);
    return {std::move(ranks), std::move(found.is_upward)};
}

}  // namespace cloakroom::diagrams
