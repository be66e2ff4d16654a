// SPDX-License-Identifier: MIT
// Random routes and paths: the tree finds what trying every route finds.
#include "naive_routes.hpp"
#include "routing/route_tree.hpp"
#include <cloakroom/method.hpp>
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace cloakroom::routing {
namespace {

/// Segments from few letters, so that they are often alike, or alike at their beginning.
std::string random_literal(std::mt19937& random) {
    std::string result;
    for (std::size_t size = random() % 4; size != 0; --size) {
        result += std::array{'a', 'b', '\xC3'}[random() % 3];
    }
    return result;
}

std::string random_pattern(std::mt19937& random) {
    std::string pattern;
    const std::size_t segments = 1 + random() % 5;
    for (std::size_t index = 0; index < segments; ++index) {
        std::string name = random() % 2 == 0 ? "a" : "b";
        name += std::to_string(index);
        const auto kind = random() % 8;
        if (kind == 0 && index + 1 == segments) {
            pattern += "/{" + name + "...}";
        } else if (kind < 4) {
            pattern += "/{" + name + "}";
        } else {
            pattern.append("/").append(random_literal(random));
        }
    }
    return pattern;
}

std::string random_path(std::mt19937& random) {
    std::string path;
    for (std::size_t segments = 1 + random() % 6; segments != 0; --segments) {
        path.append("/").append(random_literal(random));
    }
    return path;
}

/// The same routes twice.
struct both {
    route_tree tree;
    naive_routes naive;
};

both random_routes(std::mt19937& random) {
    both result;
    for (std::size_t count = random() % 60; count != 0; --count) {
        const auto verb = static_cast<method>(random() % 4);
        const std::string pattern = random_pattern(random);
        const auto route = static_cast<route_id>(count);
        try {
            result.tree.insert(verb, pattern, route);
            result.naive.insert(verb, pattern, route);
        } catch (const setup_error&) {
            continue;  // the same paths and method again
        }
    }
    result.tree.freeze();
    return result;
}

std::string look_up(const route_tree& tree, method verb, std::string_view path) {
    route_match match;
    tree.find(verb, path, match);
    if (match.result != route_match::outcome::found) {
        return match.result == route_match::outcome::no_path ? "404" : "405";
    }
    std::string result = std::to_string(match.route);
    for (std::size_t index = 0; index < match.value_count; ++index) {
        result.append(" ").append(match.value(index));
    }
    return result;
}

std::string look_up(const naive_routes& routes, method verb, std::string_view path) {
    const auto found = routes.find(verb, path);
    if (!found) {
        return routes.allowed(path) == 0 ? "404" : "405";
    }
    std::string result = std::to_string(found->route);
    for (const std::string& value : found->values) {
        result.append(" ").append(value);
    }
    return result;
}

TEST(RouteTree, AgreesWithAnExhaustiveSearch) {
    std::size_t found = 0;
    std::size_t no_path = 0;
    std::size_t no_method = 0;
    for (std::mt19937::result_type seed = 1; seed <= 200; ++seed) {
        std::mt19937 random(seed);
        const both routes = random_routes(random);
        for (int lookups = 0; lookups < 100; ++lookups) {
            const auto verb = static_cast<method>(random() % 5);
            const std::string path = random_path(random);
            const std::string expected = look_up(routes.naive, verb, path);
            ASSERT_EQ(look_up(routes.tree, verb, path), expected) << path << ", seed " << seed;
            ASSERT_EQ(routes.tree.allowed(path), routes.naive.allowed(path))
                << path << ", seed " << seed;
            ++(expected == "404" ? no_path : expected == "405" ? no_method : found);
        }
    }
    EXPECT_GT(found, 1000U);  // the comparison met all outcomes
    EXPECT_GT(no_path, 1000U);
    EXPECT_GT(no_method, 1000U);
}

}  // namespace
}  // namespace cloakroom::routing
