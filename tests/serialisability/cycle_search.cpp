// SPDX-License-Identifier: MIT
#include "cycle_search.hpp"

#include <algorithm>
#include <utility>

namespace cloakroom::serialisability {

cycle cycle_search::through(std::uint32_t start) {
    waiting_.assign(1, start);
    cycle found;
    while (!waiting_.empty() && found.empty()) {
        const std::uint32_t node = waiting_.front();
        waiting_.pop_front();
        if (std::exchange(reached_[node].is_done, true)) {
            continue;
        }
        touched_.push_back(node);
        for (const edge& each : graph_->from(node)) {
            if (each.to == start) {
                found = path_to(each);
                break;
            }
            reach(each, reached_[node].distance + (each.to < transactions_ ? 1 : 0));
        }
    }
    for (const std::uint32_t each : touched_) {
        reached_[each] = {};
    }
    touched_.clear();
    return found;
}

void cycle_search::reach(const edge& by, std::uint32_t distance) {
    step& there = reached_[by.to];
    if (there.by != nullptr && there.distance <= distance) {
        return;
    }
    touched_.push_back(by.to);
    there.by = &by;
    there.distance = distance;
    if (by.to < transactions_) {
        waiting_.push_back(by.to);
    } else {
        waiting_.push_front(by.to);
    }
}

// From the end to the start: `last` leads to the start, which no step has reached.
cycle cycle_search::path_to(const edge& last) const {
    cycle path;
    const edge* by = &last;
    edge time;  // the edge that a row of moments amounts to
    while (by != nullptr) {
        if (by->why != reason::clock) {
            path.push_back(*by);
        } else if (by->to < transactions_) {
            time.to = by->to;
        }
        if (by->why == reason::clock && by->from < transactions_) {
            path.push_back({.from = by->from, .to = time.to, .why = reason::answered});
        }
        by = reached_[by->from].by;
    }
    std::reverse(path.begin(), path.end());
    return path;
}

}  // namespace cloakroom::serialisability
