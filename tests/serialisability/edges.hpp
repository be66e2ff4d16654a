// SPDX-License-Identifier: MIT
// The edges of a dependency graph: why one transaction must have come before another.
#pragma once

#include "history.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cloakroom::serialisability {

/// Why `from` came before `to`.
enum class reason : std::uint8_t {
    read,         ///< `to` read what `from` wrote (wr).
    replaced,     ///< `to` replaced what `from` wrote (ww).
    missed,       ///< `from` read what `to` replaced (rw, an anti-dependency).
    answered,     ///< `from` was answered before `to` was sent (real time).
    found_alive,  ///< `from` found the session alive; `to` is its end.
    found_gone,   ///< `from` is the session's end; `to` found it gone.
    clock,        ///< From or to a moment: see dependency_graph. In no cycle.
};

/// `from` came before `to`.
struct edge {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    key_number key = 0;  ///< For read, replaced and missed.
    reason why = reason::clock;
};

/// A circle of demands: each edge leads to the next one, the last to the first.
using cycle = std::vector<edge>;

/// Edges by the node that they leave.
class edges_by_node {
public:
    explicit edges_by_node(std::size_t nodes) : first_(nodes + 1) {}

    /// Takes the place of what was there. REQUIRES: all nodes are below the number given.
    void assign(const std::vector<edge>& edges);

    [[nodiscard]] std::size_t nodes() const noexcept { return first_.size() - 1; }
    [[nodiscard]] std::span<const edge> from(std::uint32_t node) const noexcept {
        return std::span{edges_}.subspan(first_[node], first_[node + 1] - first_[node]);
    }

private:
    std::vector<edge> edges_;
    std::vector<std::size_t> first_;
};

/// The nodes that lie on circles, in sets of such as lie on circles with one another: the strongly
/// connected components of more than one node. In O(nodes + edges), after Tarjan (1972).
[[nodiscard]] std::vector<std::vector<std::uint32_t>> knots(const edges_by_node& graph);

}  // namespace cloakroom::serialisability
