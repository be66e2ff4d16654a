// SPDX-License-Identifier: MIT
#include "dependency_graph.hpp"

#include "cycle_search.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace cloakroom::serialisability {
namespace {

constexpr std::size_t pairs_of_a_knot = 20;
constexpr std::size_t suspects_of_a_knot = 32;

std::uint64_t pair_of(std::uint32_t first, std::uint32_t second) noexcept {
    return std::uint64_t{first} << 32U | second;
}

}  // namespace

dependency_graph::dependency_graph(std::vector<time_span> transactions)
    : spans_(std::move(transactions)), edges_(2 * spans_.size()) {
    add_moments();
}

void dependency_graph::add(const edge& demand) {
    if (demand.from != demand.to) {
        demands_.push_back(demand);
    }
}

// The moment of the transaction that was the i-th to end is node `count + i`.
void dependency_graph::add_moments() {
    const auto count = static_cast<std::uint32_t>(spans_.size());
    std::vector<std::uint32_t> by_end(count);
    std::iota(by_end.begin(), by_end.end(), 0);
    std::vector<std::uint32_t> by_begin = by_end;
    std::sort(by_end.begin(), by_end.end(),
              [this](auto a, auto b) { return spans_[a].end < spans_[b].end; });
    std::sort(by_begin.begin(), by_begin.end(),
              [this](auto a, auto b) { return spans_[a].begin < spans_[b].begin; });
    demands_.reserve(std::size_t{5} * count);
    for (std::uint32_t rank = 0; rank < count; ++rank) {
        demands_.push_back({.from = by_end[rank], .to = count + rank});
        if (rank + 1 < count) {
            demands_.push_back({.from = count + rank, .to = count + rank + 1});
        }
    }
    std::uint32_t ended = 0;
    for (const std::uint32_t each : by_begin) {
        while (ended < count && spans_[by_end[ended]].end < spans_[each].begin) {
            ++ended;
        }
        if (ended != 0) {
            demands_.push_back({.from = count + ended - 1, .to = each});
        }
    }
}

std::vector<cycle> dependency_graph::cycles() {
    edges_.assign(demands_);
    std::vector<cycle> found;
    for (const knot& each : knots(edges_)) {
        const std::size_t before = found.size();
        find_pairs(each, found);
        if (found.size() == before) {
            found.push_back(shortest_cycle(each));
        }
    }
    return found;
}

// Circles of two transactions: a demand against time, or two demands against each other.
void dependency_graph::find_pairs(const knot& within, std::vector<cycle>& into) const {
    const std::size_t most = into.size() + pairs_of_a_knot;
    std::unordered_map<std::uint64_t, const edge*> demands;
    for (const std::uint32_t node : within) {
        for (const edge& each : edges_.from(node)) {
            if (each.why == reason::clock || into.size() == most) {
                continue;
            }
            if (spans_[each.to].end < spans_[node].begin) {
                into.push_back({each, {.from = each.to, .to = node, .why = reason::answered}});
                continue;
            }
            demands.emplace(pair_of(node, each.to), &each);
            const auto opposite = demands.find(pair_of(each.to, node));
            if (opposite != demands.end()) {
                into.push_back({*opposite->second, each});
            }
        }
    }
}

// Any circle has a demand of a later transaction on an earlier one. Those that reach back farthest
// are the likeliest to be the fault rather than its consequence.
std::vector<std::uint32_t> dependency_graph::suspects(const knot& within) const {
    std::vector<std::pair<tick, std::uint32_t>> candidates;
    for (const std::uint32_t node : within) {
        for (const edge& each : edges_.from(node)) {
            if (each.why != reason::clock && spans_[each.to].begin < spans_[node].begin) {
                candidates.emplace_back(spans_[node].begin - spans_[each.to].begin, node);
            }
        }
    }
    std::sort(candidates.begin(), candidates.end(), std::greater<>{});
    std::vector<std::uint32_t> result;
    for (const auto& [reach, node] : candidates) {
        if (result.size() < suspects_of_a_knot && (result.empty() || result.back() != node)) {
            result.push_back(node);
        }
    }
    return result.empty() ? knot{within.front()} : result;
}

cycle dependency_graph::shortest_cycle(const knot& within) const {
    cycle_search search(edges_, static_cast<std::uint32_t>(spans_.size()));
    cycle shortest;
    for (const std::uint32_t start : suspects(within)) {
        if (!is_transaction(start)) {
            continue;
        }
        cycle found = search.through(start);
        if (!found.empty() && (shortest.empty() || found.size() < shortest.size())) {
            shortest = std::move(found);
        }
    }
    return shortest;
}

}  // namespace cloakroom::serialisability
