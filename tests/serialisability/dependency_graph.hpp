// SPDX-License-Identifier: MIT
// Which transaction must have come before which, real time included, and the circles among these
// demands. It knows numbers of transactions, and nothing of sessions and versions.
#pragma once

#include "edges.hpp"
#include "history.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cloakroom::serialisability {

/// The time that a transaction had.
struct time_span {
    tick begin = 0;
    tick end = never;
};

/// A graph of transactions, numbered from 0. To order all pairs of which one was answered before
/// the other was sent would take n² edges. Instead there are moments: nodes that stand for the end
/// of one transaction each, and lead to one another in the order of time. A transaction leads to
/// the moment of its end, and the last moment before its begin leads to it.
class dependency_graph {
public:
    explicit dependency_graph(std::vector<time_span> transactions);

    /// Adds a demand; what time demands is there already. One from a transaction to itself is none.
    void add(const edge& demand);

    /// Circles: none if there are none, else at least one of each set of transactions that lie on
    /// circles with one another. Those of two transactions are preferred.
    [[nodiscard]] std::vector<cycle> cycles();

private:
    using knot = std::vector<std::uint32_t>;

    void add_moments();
    void find_pairs(const knot& within, std::vector<cycle>& into) const;
    [[nodiscard]] std::vector<std::uint32_t> suspects(const knot& within) const;
    [[nodiscard]] cycle shortest_cycle(const knot& within) const;
    [[nodiscard]] bool is_transaction(std::uint32_t node) const noexcept {
        return node < spans_.size();
    }

    std::vector<time_span> spans_;
    std::vector<edge> demands_;
    edges_by_node edges_;
};

}  // namespace cloakroom::serialisability
