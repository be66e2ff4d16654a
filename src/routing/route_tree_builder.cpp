// SPDX-License-Identifier: MIT
// How a route tree is frozen; route_tree.cpp searches what this makes.
#include "routing/route_tree.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>
#include <unordered_map>
#include <utility>

namespace cloakroom::routing {
namespace {

constexpr std::size_t max_text_bytes = std::numeric_limits<std::uint8_t>::max();

}  // namespace

/// Builds the tree in two passes without recursion, because the depth is the user's: splits the
/// sorted shapes into subtrees from the root down, then lays these out from the leaves up, so that
/// rows that are alike are found.
class route_tree::builder {
public:
    explicit builder(route_tree& tree) : tree_(tree) {}

    void build() {
        for (const auto& [shape, routes] : tree_.routes_by_shape_) {
            shapes_.push_back({shape, &routes});
        }
        tree_.nodes_.emplace_back();  // the root's place
        subtrees_.push_back({0, shapes_.size(), 0});
        for (std::size_t index = 0; index < subtrees_.size(); ++index) {
            split(index);
        }
        for (std::size_t index = subtrees_.size(); index-- != 0;) {
            lay_out(subtrees_[index]);
        }
        tree_.nodes_.front() = subtrees_.front().top;
        add_ends();
    }

private:
    struct shape_routes {
        std::string_view shape;
        const std::vector<registered_route>* routes;
    };

    /// The shapes [begin, end), which are alike in their first `depth` bytes. Subtrees have their
    /// children, the placeholder's first, behind them in a row.
    struct subtree {
        std::size_t begin;
        std::size_t end;
        std::size_t depth;
        std::string_view text{};
        std::size_t children = 0;
        std::size_t child_count = 0;
        bool has_placeholder = false;
        std::uint8_t ends = 0;
        node top{};
    };

    void split(std::size_t index) {
        subtree from = subtrees_[index];
        from.children = subtrees_.size();
        if (from.begin != from.end) {
            from.text = common_text(from);
            subtree rest = from;
            rest.depth += from.text.size();
            if (shapes_[rest.begin].shape.size() == rest.depth) {
                from.ends |= node::has_end;
                ++rest.begin;
            }
            if (split_off(rest, "{...}") != 0) {
                from.ends |= node::has_tail;
            }
            if (const std::size_t count = split_off(rest, "{}"); count != 0) {
                from.has_placeholder = true;
                subtrees_.push_back({rest.begin - count, rest.begin, rest.depth + 2});
            }
            split_by_byte(rest);
        }
        from.child_count = subtrees_.size() - from.children;
        subtrees_[index] = from;
    }

    /// What all its shapes go on with alike, before any ends or has a wildcard.
    [[nodiscard]] std::string_view common_text(const subtree& from) const {
        const std::string_view first = shapes_[from.begin].shape.substr(from.depth);
        const std::string_view last = shapes_[from.end - 1].shape.substr(from.depth);
        const auto differ = std::mismatch(first.begin(), first.end(), last.begin(), last.end());
        const auto wildcard = std::find(first.begin(), differ.first, '{');
        return first.substr(
            0, std::min(static_cast<std::size_t>(wildcard - first.begin()), max_text_bytes));
    }

    /// Splits off the shapes that go on with the wildcard, to before `rest`.
    /// @return How many they are.
    std::size_t split_off(subtree& rest, std::string_view wildcard) {
        const auto begin = shapes_.begin() + static_cast<std::ptrdiff_t>(rest.begin);
        const auto end = shapes_.begin() + static_cast<std::ptrdiff_t>(rest.end);
        const auto middle = std::stable_partition(begin, end, [&](const shape_routes& each) {
            return each.shape.substr(rest.depth).starts_with(wildcard);
        });
        rest.begin += static_cast<std::size_t>(middle - begin);
        return static_cast<std::size_t>(middle - begin);
    }

    [[nodiscard]] char byte_at(std::size_t shape, std::size_t depth) const {
        return shapes_[shape].shape[depth];
    }

    void split_by_byte(const subtree& rest) {
        for (std::size_t begin = rest.begin; begin != rest.end;) {
            std::size_t end = begin + 1;
            while (end != rest.end && byte_at(end, rest.depth) == byte_at(begin, rest.depth)) {
                ++end;
            }
            subtrees_.push_back({begin, end, rest.depth + 1});
            begin = end;
        }
    }

    void lay_out(subtree& from) {
        node& top = from.top;
        top.text = text_at(from.text);
        top.text_bytes = static_cast<std::uint8_t>(from.text.size());
        top.ends = from.ends;
        auto skips = static_cast<std::uint32_t>(std::popcount(from.ends));
        const auto place = [&](subtree& child) {
            child.top.skips = skips;
            skips += static_cast<std::uint32_t>(child.end - child.begin);
            return child.top;
        };
        std::size_t child = from.children;
        const std::size_t child_end = child + from.child_count;
        if (from.has_placeholder) {
            top.placeholder = row_at({place(subtrees_[child++])});
        }
        if (child != child_end) {
            top.low = first_byte(child);
            top.span = static_cast<std::uint8_t>(first_byte(child_end - 1) - top.low + 1);
            std::vector<node> row(top.span);
            for (; child != child_end; ++child) {
                row[static_cast<std::size_t>(first_byte(child) - top.low)] =
                    place(subtrees_[child]);
            }
            top.children = row_at(row) - top.low;
        }
    }

    [[nodiscard]] std::uint8_t first_byte(std::size_t child) const {
        const subtree& to = subtrees_[child];
        return static_cast<std::uint8_t>(byte_at(to.begin, to.depth - 1));
    }

    std::uint32_t text_at(std::string_view text) {
        const auto [found, is_new] =
            texts_.try_emplace(text, static_cast<std::uint32_t>(tree_.texts_.size()));
        if (is_new) {
            tree_.texts_ += text;
        }
        return found->second;
    }

    /// Where such a row is; it is added if there is none yet.
    std::uint32_t row_at(const std::vector<node>& row) {
        const auto [found, is_new] =
            rows_.try_emplace(row, static_cast<std::uint32_t>(tree_.nodes_.size()));
        if (is_new) {
            tree_.nodes_.insert(tree_.nodes_.end(), row.begin(), row.end());
        }
        return found->second;
    }

    /// split() has brought the shapes into the order in which the ends are numbered.
    void add_ends() {
        tree_.ends_.resize(shapes_.size());
        for (std::size_t number = 0; number < shapes_.size(); ++number) {
            const std::vector<registered_route>& routes = *shapes_[number].routes;
            const auto is_head = [](const auto& each) { return each.verb == method::head; };
            const bool has_head = std::any_of(routes.begin(), routes.end(), is_head);
            std::size_t at = number;
            for (const registered_route& each : routes) {
                if (&each != &routes.front()) {
                    tree_.ends_[at].next = static_cast<std::uint32_t>(tree_.ends_.size());
                    at = tree_.ends_.size();
                    tree_.ends_.emplace_back();
                }
                method_set methods = bit_of(each.verb);
                if (each.verb == method::get && !has_head) {
                    methods |= bit_of(method::head);
                }
                tree_.ends_[at] = {methods, 0, each.route};
            }
        }
    }

    route_tree& tree_;
    std::vector<shape_routes> shapes_;
    std::vector<subtree> subtrees_;
    std::unordered_map<std::string_view, std::uint32_t> texts_;
    std::map<std::vector<node>, std::uint32_t> rows_;
};

void route_tree::freeze() {
    if (!is_frozen_) {
        builder(*this).build();
        routes_by_shape_.clear();
        is_frozen_ = true;
    }
}

}  // namespace cloakroom::routing
