// SPDX-License-Identifier: MIT
#include "edges.hpp"

#include <algorithm>
#include <limits>

namespace cloakroom::serialisability {
namespace {

// Tarjan's algorithm with a stack of its own, for a history can be a single path of a million
// nodes.
class knot_search {
public:
    explicit knot_search(const edges_by_node& graph)
        : graph_(&graph), order_(graph.nodes(), unseen), lowest_(graph.nodes()) {}

    std::vector<std::vector<std::uint32_t>> run() {
        for (std::uint32_t node = 0; node < graph_->nodes(); ++node) {
            if (order_[node] == unseen) {
                explore(node);
            }
        }
        return std::move(found_);
    }

private:
    static constexpr std::uint32_t unseen = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint32_t settled = unseen - 1;

    struct visit {
        std::uint32_t node;
        std::uint32_t next_edge;
    };

    void enter(std::uint32_t node) {
        order_[node] = lowest_[node] = count_++;
        open_.push_back(node);
        path_.push_back({node, 0});
    }

    void explore(std::uint32_t start) {
        enter(start);
        while (!path_.empty()) {
            visit& here = path_.back();
            const std::span<const edge> edges = graph_->from(here.node);
            if (here.next_edge == edges.size()) {
                leave();
                continue;
            }
            const std::uint32_t to = edges[here.next_edge++].to;
            if (order_[to] == unseen) {
                enter(to);
            } else if (order_[to] != settled) {
                lowest_[here.node] = std::min(lowest_[here.node], order_[to]);
            }
        }
    }

    void leave() {
        const std::uint32_t node = path_.back().node;
        path_.pop_back();
        if (!path_.empty()) {
            std::uint32_t& above = lowest_[path_.back().node];
            above = std::min(above, lowest_[node]);
        }
        if (lowest_[node] != order_[node]) {
            return;  // its knot began earlier on the path
        }
        const auto first = std::find(open_.rbegin(), open_.rend(), node).base() - 1;
        std::for_each(first, open_.end(), [this](std::uint32_t each) { order_[each] = settled; });
        if (open_.end() - first > 1) {
            found_.emplace_back(first, open_.end());
        }
        open_.erase(first, open_.end());
    }

    const edges_by_node* graph_;
    std::vector<std::uint32_t> order_;   // in which the nodes were entered
    std::vector<std::uint32_t> lowest_;  // of the open nodes that can be reached
    std::vector<std::uint32_t> open_;    // entered, but their knot is not complete
    std::vector<visit> path_;
    std::uint32_t count_ = 0;
    std::vector<std::vector<std::uint32_t>> found_;
};

}  // namespace

void edges_by_node::assign(const std::vector<edge>& edges) {
    std::fill(first_.begin(), first_.end(), 0);
    for (const edge& each : edges) {
        ++first_[each.from + 1];
    }
    for (std::size_t node = 1; node < first_.size(); ++node) {
        first_[node] += first_[node - 1];
    }
    edges_.resize(edges.size());
    std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
    for (const edge& each : edges) {
        edges_[next[each.from]++] = each;
    }
}

std::vector<std::vector<std::uint32_t>> knots(const edges_by_node& graph) {
    return knot_search(graph).run();
}

}  // namespace cloakroom::serialisability
