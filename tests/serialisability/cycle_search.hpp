// SPDX-License-Identifier: MIT
// Finds the circle of the fewest transactions through a given one.
#pragma once

#include "edges.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace cloakroom::serialisability {

/// A search by breadth in which moments cost nothing, so that the chain of moments is as long as
/// one edge. The graph must outlive it.
class cycle_search {
public:
    /// @param transactions  The nodes from that number on are moments.
    cycle_search(const edges_by_node& graph, std::uint32_t transactions)
        : graph_(&graph), transactions_(transactions), reached_(graph.nodes()) {}

    /// @param start  A transaction.
    /// @return The circle, beginning at `start`; empty if there is none.
    [[nodiscard]] cycle through(std::uint32_t start);

private:
    struct step {
        const edge* by = nullptr;  // none: not reached in this search
        std::uint32_t distance = 0;
        bool is_done = false;
    };

    void reach(const edge& by, std::uint32_t distance);
    [[nodiscard]] cycle path_to(const edge& last) const;

    const edges_by_node* graph_;
    std::uint32_t transactions_;
    std::vector<step> reached_;
    std::vector<std::uint32_t> touched_;
    std::deque<std::uint32_t> waiting_;
};

}  // namespace cloakroom::serialisability
