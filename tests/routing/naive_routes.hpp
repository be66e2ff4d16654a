// SPDX-License-Identifier: MIT
// The rules of routing, written down as plainly as possible, to compare the route tree with. Knows
// patterns of literals, {name} and {name...} that are well formed.
#pragma once

#include "routing/route_tree.hpp"
#include <cloakroom/method.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::routing {

/// Tries every route on every path.
class naive_routes {
public:
    struct found_route {
        route_id route;
        std::vector<std::string> values;
    };

    void insert(method verb, std::string_view pattern, route_id route) {
        routes_.push_back({verb, split(pattern), route});
    }

    /// The best of the routes that take the path by the method.
    [[nodiscard]] std::optional<found_route> find(method verb, std::string_view path) const {
        std::optional<found_route> best;
        std::string best_rank;
        for (const entry& each : routes_) {
            if (!is_taken_by(each, verb)) {
                continue;
            }
            const std::optional<attempt> tried = try_route(each, path);
            if (tried && (!best || tried->rank < best_rank)) {
                best = found_route{each.route, tried->values};
                best_rank = tried->rank;
            }
        }
        return best;
    }

    [[nodiscard]] method_set allowed(std::string_view path) const {
        method_set result = 0;
        for (const entry& each : routes_) {
            if (try_route(each, path)) {
                result |= bit_of(each.verb);
                result |= each.verb == method::get ? bit_of(method::head) : method_set{0};
            }
        }
        return result;
    }

private:
    struct entry {
        method verb;
        std::vector<std::string> segments;
        route_id route;
    };

    /// Rank: a letter a segment, 'a' for a literal, 'b' for a placeholder, 'c' for a tail. The
    /// least is the best.
    struct attempt {
        std::string rank;
        std::vector<std::string> values;
    };

    static std::vector<std::string> split(std::string_view path) {
        std::vector<std::string> segments;
        for (const char byte : path) {
            if (byte == '/') {
                segments.emplace_back();
            } else {
                segments.back() += byte;
            }
        }
        return segments;
    }

    /// HEAD goes to GET's route where the same place has none for HEAD.
    [[nodiscard]] bool is_taken_by(const entry& route, method verb) const {
        if (verb != method::head || route.verb != method::get) {
            return route.verb == verb;
        }
        return std::none_of(routes_.begin(), routes_.end(), [&](const entry& other) {
            return other.verb == method::head && shape(other) == shape(route);
        });
    }

    static bool is_tail(const std::string& segment) { return segment.ends_with("...}"); }
    static bool is_placeholder(const std::string& segment) {
        return segment.starts_with("{") && !is_tail(segment);
    }

    static std::vector<std::string> shape(const entry& route) {
        std::vector<std::string> result = route.segments;
        for (std::string& segment : result) {
            if (is_tail(segment)) {
                segment = "{...}";
            } else if (is_placeholder(segment)) {
                segment = "{}";
            }
        }
        return result;
    }

    static std::optional<attempt> try_route(const entry& route, std::string_view path) {
        const std::vector<std::string> segments = split(path);
        attempt result;
        for (std::size_t index = 0; index < route.segments.size(); ++index) {
            if (index >= segments.size()) {
                return std::nullopt;
            }
            const std::string& expected = route.segments[index];
            if (is_tail(expected)) {
                std::string rest = segments[index];
                for (std::size_t next = index + 1; next < segments.size(); ++next) {
                    rest += "/" + segments[next];
                }
                result.values.push_back(rest);
                result.rank += 'c';
                return result;
            }
            if (is_placeholder(expected) && !segments[index].empty()) {
                result.values.push_back(segments[index]);
                result.rank += 'b';
            } else if (expected == segments[index]) {
                result.rank += 'a';
            } else {
                return std::nullopt;
            }
        }
        return segments.size() == route.segments.size() ? std::optional(result) : std::nullopt;
    }

    std::vector<entry> routes_;
};

}  // namespace cloakroom::routing
