// SPDX-License-Identifier: MIT
// What a lookup in the route tree costs. An iteration is one lookup. The lookups of a benchmark
// come in a random order with values of differing lengths, too many for the branch predictor to
// learn.
//
//     build/release/bench/route_bench --benchmark_repetitions=9
#include "github_routes.hpp"
#include "routing/route_tree.hpp"
#include <cloakroom/method.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using cloakroom::method;
using cloakroom::routing::route_id;
using cloakroom::routing::route_match;
using cloakroom::routing::route_tree;

constexpr std::size_t lookup_count = 8192;

/// Requests to look up, the paths one after another in memory, as in a receive buffer.
class request_list {
public:
    explicit request_list(std::size_t path_bytes) { text_.reserve(lookup_count * path_bytes); }

    void add(method verb, std::string_view path) {
        requests_.push_back({verb, static_cast<std::uint32_t>(text_.size()),
                             static_cast<std::uint32_t>(path.size())});
        text_ += path;
    }

    void look_up_all(benchmark::State& state, const route_tree& tree,
                     route_match::outcome expected) const {
        route_match match;
        std::size_t next = 0;
        for (auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores)
            const request& each = requests_[next];
            tree.find(each.verb, std::string_view(text_).substr(each.begin, each.size), match);
            benchmark::DoNotOptimize(match);
            if (match.result != expected) {
                state.SkipWithError("a lookup had another outcome than expected");
                break;
            }
            next = next + 1 == requests_.size() ? 0 : next + 1;
        }
    }

private:
    struct request {
        method verb;
        std::uint32_t begin;
        std::uint32_t size;
    };

    std::string text_;
    std::vector<request> requests_;
};

/// The same random numbers in each run.
std::mt19937 generator(std::mt19937::result_type seed) {
    return std::mt19937(seed);
}

route_tree tree_of(const std::vector<route_line>& routes) {
    route_tree tree;
    for (std::size_t index = 0; index < routes.size(); ++index) {
        tree.insert(routes[index].verb, routes[index].pattern, static_cast<route_id>(index));
    }
    tree.freeze();
    return tree;
}

/// The pattern with a value for each placeholder, such as GitHub has for that name.
std::string path_of(const std::string& pattern, std::mt19937& random) {
    static constexpr std::array<std::string_view, 6> words{"octocat", "torvalds", "hello-world",
                                                           "linux",   "boostorg", "rails"};
    std::string path;
    for (std::size_t at = 0; at < pattern.size();) {
        if (pattern[at] != '{') {
            path += pattern[at++];
            continue;
        }
        const std::size_t close = pattern.find('}', at);
        const std::string_view name = std::string_view(pattern).substr(at + 1, close - at - 1);
        if (name == "sha") {
            path += "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d";
        } else if (name == "id" || name == "number") {
            path += std::to_string(random() % (random() % 2 == 0 ? 1'000U : 10'000'000U));
        } else {
            path += words[random() % words.size()];
        }
        at = close + 1;
    }
    return path;
}

void route_github_203(benchmark::State& state) {
    const std::vector<route_line> routes = github_routes();
    const route_tree tree = tree_of(routes);
    std::mt19937 random = generator(1);
    request_list requests(128);
    std::vector<route_line> round = routes;
    for (std::size_t index = 0; index < lookup_count / routes.size() * routes.size(); ++index) {
        if (index % routes.size() == 0) {
            std::shuffle(round.begin(), round.end(), random);  // each route equally often
        }
        const route_line& route = round[index % routes.size()];
        requests.add(route.verb, path_of(route.pattern, random));
    }
    requests.look_up_all(state, tree, route_match::outcome::found);
}
BENCHMARK(route_github_203)->Name("BM_route_github_203");

/// How the routes of BM_route_among differ: resource0042 has few kinds of subtrees, which the tree
/// stores once; random letters have nearly as many as there are routes.
enum class naming { numbered, random_letters };

std::vector<std::string> resource_names(std::size_t count, naming kind) {
    std::mt19937 random = generator(2);
    std::set<std::string> names;
    while (names.size() < count) {
        std::string name = std::to_string(names.size());
        name.insert(0, 4 - name.size(), '0');
        if (kind == naming::random_letters) {
            std::generate(name.begin(), name.end(),
                          [&] { return static_cast<char>('a' + random() % 26); });
        }
        names.insert("resource" + name);
    }
    return {names.begin(), names.end()};
}

/// GET /api/v1/resource0042/{id}/items/{item}, and so on.
void look_up_resources(benchmark::State& state, naming kind, method verb,
                       std::string_view last_literal, route_match::outcome expected) {
    const std::vector<std::string> names =
        resource_names(static_cast<std::size_t>(state.range(0)), kind);
    std::vector<route_line> routes;
    routes.reserve(names.size());
    for (const std::string& name : names) {
        routes.push_back({method::get, "/api/v1/" + name + "/{id}/items/{item}"});
    }
    const route_tree tree = tree_of(routes);
    std::mt19937 random = generator(1);
    request_list requests(64);
    for (std::size_t index = 0; index < lookup_count; ++index) {
        std::string path = "/api/v1/" + names[random() % names.size()] + "/";
        path += std::to_string(random() % 1'000'000);
        path += last_literal;
        path += std::to_string(random() % 1'000'000);
        requests.add(verb, path);
    }
    requests.look_up_all(state, tree, expected);
}

void route_among(benchmark::State& state) {
    look_up_resources(state, naming::numbered, method::get, "/items/", route_match::outcome::found);
}
BENCHMARK(route_among)->Name("BM_route_among")->RangeMultiplier(10)->Range(10, 10'000);

void route_among_random_letters(benchmark::State& state) {
    look_up_resources(state, naming::random_letters, method::get, "/items/",
                      route_match::outcome::found);
}
BENCHMARK(route_among_random_letters)
    ->Name("BM_route_among_random_letters")
    ->RangeMultiplier(10)
    ->Range(10, 10'000);

void route_miss(benchmark::State& state) {
    look_up_resources(state, naming::numbered, method::get, "/things/",
                      route_match::outcome::no_path);
}
BENCHMARK(route_miss)->Name("BM_route_miss")->Arg(10)->Arg(10'000);

void route_method_not_allowed(benchmark::State& state) {
    look_up_resources(state, naming::numbered, method::post, "/items/",
                      route_match::outcome::no_method);
}
BENCHMARK(route_method_not_allowed)->Name("BM_route_method_not_allowed")->Arg(10)->Arg(10'000);

/// Routes that are alike but for one placeholder, on a path that fits all of them but for its end:
/// as much taking back as a tree with so many segments allows.
void route_backtracking(benchmark::State& state) {
    const auto segments = static_cast<std::size_t>(state.range(0));
    std::vector<route_line> routes;
    std::string path;
    for (std::size_t placeholder = 0; placeholder < segments; ++placeholder) {
        std::string pattern;
        for (std::size_t segment = 0; segment < segments; ++segment) {
            pattern += segment == placeholder ? "/{any}" : "/a";
        }
        routes.push_back({method::get, pattern + "/end"});
        path += "/a";
    }
    request_list requests(path.size() + 5);
    requests.add(method::get, path + "/miss");
    requests.look_up_all(state, tree_of(routes), route_match::outcome::no_path);
}
BENCHMARK(route_backtracking)->Name("BM_route_backtracking")->RangeMultiplier(2)->Range(8, 32);

}  // namespace
