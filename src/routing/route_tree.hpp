// SPDX-License-Identifier: MIT
// Finds the route for a method and a path: a radix tree over the patterns, compressed to the bytes
// in which they differ. It maps to route numbers; what a route does is the dispatcher's.
//
// Segment by segment, literals win over placeholders and those over a tail; what leads nowhere, or
// only to other methods, is taken back and the next best tried. No place of the tree is tried
// twice, so the cost of a lookup is bounded by the routes that begin as the path does; it is that
// of the path's length where nothing is taken back.
#pragma once

#include "routing/route_pattern.hpp"
#include <cloakroom/method.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::routing {

/// The caller's number for a route.
using route_id = std::uint32_t;

/// A set of methods: bit n stands for the method of value n.
using method_set = std::uint16_t;

[[nodiscard]] constexpr method_set bit_of(method verb) noexcept {
    return static_cast<method_set>(1U << static_cast<unsigned>(verb));
}

/// What a lookup says. Left uninitialised on purpose: a lookup writes only what it fills.
struct route_match {
    /// A view, but one that nothing initialises.
    struct uninitialised_view {
        const char* begin;
        std::size_t bytes;
    };

    enum class outcome : std::uint8_t {
        found,     ///< `route`, `values` and `value_count` are filled.
        no_path,   ///< No route takes the path: 404.
        no_method  ///< Routes take it, but only by the methods in `allowed`: 405.
    };

    outcome result;
    route_id route;
    method_set allowed;
    std::size_t value_count;
    /// What the placeholders took, in their order: views into the path.
    std::array<uninitialised_view, max_path_values> values;

    [[nodiscard]] std::string_view value(std::size_t index) const noexcept {
        return {values[index].begin, values[index].bytes};
    }
};

/// The tree: first filled by one thread, then frozen, from when on any thread may search it.
class route_tree {
public:
    /// Adds a route for these methods.
    ///
    /// @throws setup_error for a malformed pattern, for a second one that takes the same paths by
    ///         one of the methods, and after freeze(). Nothing is added then.
    void insert(std::span<const method> verbs, std::string_view pattern, route_id route);
    void insert(method verb, std::string_view pattern, route_id route) {
        insert(std::span{&verb, 1}, pattern, route);
    }

    /// Builds what is searched. Further calls do nothing.
    void freeze();

    /// Looks a route up, without allocating. HEAD finds the route of GET where it has none itself.
    ///
    /// @param path  Begins with a slash; decoded but for escapes that are no pattern's business.
    ///              Its bytes are compared as they are.
    /// REQUIRES: freeze() was called.
    void find(method verb, std::string_view path, route_match& match) const noexcept;

    /// The methods by which any route takes the path, for OPTIONS: HEAD is among them where GET is.
    /// REQUIRES: freeze() was called.
    [[nodiscard]] method_set allowed(std::string_view path) const noexcept;

private:
    class builder;
    class search;

    struct registered_route {
        method verb;
        route_id route;
        std::string pattern;
    };

    /// Consumes its text, then one byte that chooses a child, or a segment, or the rest.
    ///
    /// The children stand in a row, from the one for byte `low` on, dead ends where a byte has
    /// none. Rows that are alike are stored once, and so are the subtrees below. To tell their
    /// routes apart, the places where patterns end are numbered in the order of the tree: a node's
    /// own end, its tail, the placeholder's subtree, the children's. A lookup adds up what it
    /// leaves behind.
    struct node {
        static constexpr std::uint32_t no_node = 0;  // the root, which is no child
        static constexpr std::uint8_t has_end = 1;
        static constexpr std::uint8_t has_tail = 2;

        std::uint32_t text = 0;      // where in texts_
        std::uint32_t children = 0;  // where in nodes_ the child for byte 0 would be, modulo 2^32
        std::uint32_t placeholder = 0;  // where in nodes_; no_node if there is none
        std::uint32_t skips = 0;        // how many ends the parent numbers before this subtree's
        std::uint8_t text_bytes = 0;
        std::uint8_t low = 0;
        std::uint8_t span = 0;  // how long the row is
        std::uint8_t ends = 0;  // has_end, has_tail

        // clang-tidy 14 takes what the compiler writes here for a null pointer.
        auto operator<=>(const node&) const = default;  // NOLINT(modernize-use-nullptr)
    };

    /// A route of an end. The first of each stands in ends_ at the end's number.
    struct route_end {
        method_set methods;  // GET's includes HEAD where that has no route itself
        std::uint32_t next;  // where in ends_ the end's next route is; 0 after the last
        route_id route;
    };

    std::map<std::string, std::vector<registered_route>> routes_by_shape_;
    std::vector<node> nodes_;  // the first one is the root
    std::vector<route_end> ends_;
    std::string texts_;
    bool is_frozen_ = false;
};

}  // namespace cloakroom::routing
