// SPDX-License-Identifier: MIT
#include "routing/route_tree.hpp"

#include <cloakroom/method.hpp>
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::routing {
namespace {

using outcome = route_match::outcome;

struct line {
    method verb;
    std::string pattern;
};

/// The routes, numbered in their order.
route_tree tree_of(const std::vector<line>& routes) {
    route_tree tree;
    for (std::size_t index = 0; index < routes.size(); ++index) {
        tree.insert(routes[index].verb, routes[index].pattern, static_cast<route_id>(index));
    }
    tree.freeze();
    return tree;
}

/// "3 a b" for route 3 with the values a and b, "404", or "405 GET,HEAD".
std::string look_up(const route_tree& tree, method verb, std::string_view path) {
    route_match match;
    tree.find(verb, path, match);
    if (match.result == outcome::no_path) {
        return "404";
    }
    if (match.result == outcome::found) {
        std::string result = std::to_string(match.route);
        for (std::size_t index = 0; index < match.value_count; ++index) {
            result.append(" ").append(match.value(index));
        }
        return result;
    }
    EXPECT_EQ(match.allowed, tree.allowed(path));
    std::string result = "405 ";
    for (std::size_t index = 0; index < method_count; ++index) {
        const auto each = static_cast<method>(index);
        if ((match.allowed & bit_of(each)) != 0) {
            result.append(result.back() == ' ' ? "" : ",").append(to_string(each));
        }
    }
    return result;
}

std::string get(const route_tree& tree, std::string_view path) {
    return look_up(tree, method::get, path);
}

std::string error_of_inserting(route_tree& tree, method verb, std::string_view pattern) {
    try {
        tree.insert(verb, pattern, 0);
    } catch (const setup_error& error) {
        return error.what();
    }
    return "no error";
}

TEST(RouteTree, FindsLiteralsByteForByte) {
    const route_tree tree = tree_of({{method::get, "/"},
                                     {method::get, "/users"},
                                     {method::get, "/users/"},
                                     {method::get, "/user"},
                                     {method::get, "/caf\xC3\xA9"},
                                     {method::get, "/a//b"}});

    EXPECT_EQ(get(tree, "/"), "0");
    EXPECT_EQ(get(tree, "/users"), "1");
    EXPECT_EQ(get(tree, "/users/"), "2");
    EXPECT_EQ(get(tree, "/user"), "3");
    EXPECT_EQ(get(tree, "/caf\xC3\xA9"), "4");
    EXPECT_EQ(get(tree, "/a//b"), "5");
    for (const char* path : {"", "*", "//", "/use", "/userss", "/Users", "/users//", "/user/",
                             "/caf\xC3", "/caf\xC3\xA8", "/a/b", "/a//", "users"}) {
        EXPECT_EQ(get(tree, path), "404") << path;
    }
}

TEST(RouteTree, FindsNothingWithoutRoutes) {
    const route_tree tree = tree_of({});

    EXPECT_EQ(get(tree, "/"), "404");
    EXPECT_EQ(get(tree, ""), "404");
    EXPECT_EQ(tree.allowed("/"), 0);
}

TEST(RouteTree, TakesOneWholeSegmentForAPlaceholder) {
    const route_tree tree =
        tree_of({{method::get, "/users/{id}"}, {method::get, "/users/{id}/posts/{post}/"}});

    EXPECT_EQ(get(tree, "/users/42"), "0 42");
    EXPECT_EQ(get(tree, "/users/{id}"), "0 {id}");
    EXPECT_EQ(get(tree, "/users/42/posts/7/"), "1 42 7");
    EXPECT_EQ(get(tree, "/users/"), "404");
    EXPECT_EQ(get(tree, "/users"), "404");
    EXPECT_EQ(get(tree, "/users/42/"), "404");
    EXPECT_EQ(get(tree, "/users//posts/7/"), "404");
    EXPECT_EQ(get(tree, "/users/42/posts//"), "404");
    EXPECT_EQ(get(tree, "/users/42/posts/7"), "404");
}

TEST(RouteTree, HandsOutValuesAsViewsIntoThePath) {
    const route_tree tree = tree_of({{method::get, "/{first}/{rest...}"}});
    const std::string path = "/one/two/three";

    route_match match;
    tree.find(method::get, path, match);

    ASSERT_EQ(match.result, outcome::found);
    ASSERT_EQ(match.value_count, 2U);
    EXPECT_EQ(match.value(0).data(), path.data() + 1);
    EXPECT_EQ(match.value(1).data(), path.data() + 5);
    EXPECT_EQ(match.value(1), "two/three");
}

TEST(RouteTree, TakesTheRestForATailEvenIfEmpty) {
    const route_tree tree = tree_of({{method::get, "/files/{path...}"}});

    EXPECT_EQ(get(tree, "/files/a"), "0 a");
    EXPECT_EQ(get(tree, "/files/a/b/"), "0 a/b/");
    EXPECT_EQ(get(tree, "/files//"), "0 /");
    EXPECT_EQ(get(tree, "/files/"), "0 ");
    EXPECT_EQ(get(tree, "/files"), "404");
}

TEST(RouteTree, PrefersLiteralsOverPlaceholdersOverTails) {
    const route_tree tree = tree_of({{method::get, "/{path...}"},
                                     {method::get, "/"},
                                     {method::get, "/{user}"},
                                     {method::get, "/about"},
                                     {method::get, "/{user}/about"},
                                     {method::get, "/about/{topic}"}});

    EXPECT_EQ(get(tree, "/"), "1");
    EXPECT_EQ(get(tree, "/about"), "3");
    EXPECT_EQ(get(tree, "/ann"), "2 ann");
    EXPECT_EQ(get(tree, "/abou"), "2 abou");
    EXPECT_EQ(get(tree, "/abouts"), "2 abouts");
    EXPECT_EQ(get(tree, "/about/about"), "5 about");
    EXPECT_EQ(get(tree, "/ann/about"), "4 ann");
    EXPECT_EQ(get(tree, "/ann/none"), "0 ann/none");
    EXPECT_EQ(get(tree, "/about/"), "0 about/");
}

TEST(RouteTree, GoesBackWhereTheBestSegmentLeadsNowhere) {
    const route_tree tree = tree_of({{method::get, "/a/b/c"},
                                     {method::get, "/a/{x}/d"},
                                     {method::get, "/{x}/b/e"},
                                     {method::get, "/a/{rest...}"}});

    EXPECT_EQ(get(tree, "/a/b/c"), "0");
    EXPECT_EQ(get(tree, "/a/b/d"), "1 b");
    EXPECT_EQ(get(tree, "/a/b/e"), "3 b/e");
    EXPECT_EQ(get(tree, "/z/b/e"), "2 z");
    EXPECT_EQ(get(tree, "/z/b/d"), "404");
}

TEST(RouteTree, GoesBackWhereTheBestPathHasNotTheMethod) {
    const route_tree tree = tree_of({{method::get, "/users/new"},
                                     {method::post, "/users/{id}"},
                                     {method::delete_, "/{path...}"},
                                     {method::put, "/users/{id}/x"}});

    EXPECT_EQ(look_up(tree, method::get, "/users/new"), "0");
    EXPECT_EQ(look_up(tree, method::post, "/users/new"), "1 new");
    EXPECT_EQ(look_up(tree, method::delete_, "/users/new"), "2 users/new");
    EXPECT_EQ(look_up(tree, method::patch, "/users/new"), "405 GET,HEAD,POST,DELETE");
    EXPECT_EQ(look_up(tree, method::get, "/users/7"), "405 POST,DELETE");
}

TEST(RouteTree, TellsAllMethodsApart) {
    std::vector<line> routes;
    for (std::size_t index = 0; index < method_count; ++index) {
        const std::string name(index + 1, 'n');
        routes.push_back({static_cast<method>(index), "/all/{" + name + "}"});
    }
    const route_tree tree = tree_of(routes);

    for (std::size_t index = 0; index < method_count; ++index) {
        EXPECT_EQ(look_up(tree, static_cast<method>(index), "/all/x"),
                  std::to_string(index) + " x");
    }
    EXPECT_EQ(tree.allowed("/all/x"), (1U << method_count) - 1);
    EXPECT_EQ(tree.allowed("/all/"), 0);
}

TEST(RouteTree, AnswersHeadFromGetUnlessItHasItsOwnRoute) {
    const route_tree tree = tree_of({{method::get, "/both"},
                                     {method::head, "/both"},
                                     {method::post, "/got"},
                                     {method::get, "/got"},
                                     {method::head, "/{any}"},
                                     {method::post, "/posted"}});

    EXPECT_EQ(look_up(tree, method::head, "/both"), "1");
    EXPECT_EQ(look_up(tree, method::get, "/both"), "0");
    EXPECT_EQ(look_up(tree, method::head, "/got"), "3");
    EXPECT_EQ(look_up(tree, method::head, "/posted"), "4 posted");
    EXPECT_EQ(look_up(tree, method::get, "/other"), "405 HEAD");
}

TEST(RouteTree, AllowsWhatAnyRouteForThePathAllows) {
    const route_tree tree = tree_of({{method::get, "/a/b"},
                                     {method::put, "/a/{x}"},
                                     {method::patch, "/{rest...}"},
                                     {method::delete_, "/a/c"}});

    EXPECT_EQ(tree.allowed("/a/b"), bit_of(method::get) | bit_of(method::head) |
                                        bit_of(method::put) | bit_of(method::patch));
    EXPECT_EQ(tree.allowed("/"), bit_of(method::patch));
    EXPECT_EQ(tree.allowed("*"), 0);
}

TEST(RouteTree, RefusesASecondRouteForTheSamePathsAndMethod) {
    route_tree tree;
    tree.insert(method::get, "/users/{id}", 0);
    tree.insert(method::post, "/users/{name}", 1);
    tree.insert(method::get, "/files/{path...}", 2);

    EXPECT_EQ(error_of_inserting(tree, method::get, "/users/{name}"),
              "the route pattern \"/users/{name}\" takes the same paths as \"/users/{id}\", which "
              "has a route for GET already: remove one of them, or tell them apart by a literal");
    EXPECT_EQ(error_of_inserting(tree, method::get, "/files/{file...}"),
              "the route pattern \"/files/{file...}\" takes the same paths as "
              "\"/files/{path...}\", which has a route for GET already: remove one of them, or "
              "tell them apart by a literal");
    EXPECT_EQ(error_of_inserting(tree, method::get, "/files/{file}"), "no error");
    EXPECT_EQ(error_of_inserting(tree, method::get, "/users/{name}/"), "no error");
    EXPECT_EQ(error_of_inserting(tree, method::put, "/users/{id}"), "no error");
}

TEST(RouteTree, RefusesMalformedPatternsAndKeepsTheRest) {
    route_tree tree;
    tree.insert(method::get, "/a", 7);

    EXPECT_EQ(error_of_inserting(tree, method::get, "b"),
              "the route pattern \"b\" has no slash at offset 0: write \"/b\"");
    tree.freeze();
    EXPECT_EQ(get(tree, "/a"), "7");
}

TEST(RouteTree, RefusesRoutesOnceFrozen) {
    route_tree tree = tree_of({{method::get, "/a"}});

    EXPECT_EQ(error_of_inserting(tree, method::get, "/b"),
              "the route pattern \"/b\" comes too late: add routes before serving starts");
    tree.freeze();
    EXPECT_EQ(get(tree, "/a"), "0");
}

std::string letters(std::size_t count) {
    return std::string("/").append(count, 'a');
}

void expect_text_to_match(const std::string& literal) {
    const route_tree tree = tree_of({{method::get, literal},
                                     {method::get, literal + "/{id}"},
                                     {method::get, literal + "/{id}" + literal},
                                     {method::get, "/{tail...}"}});

    EXPECT_EQ(get(tree, literal), "0");
    EXPECT_EQ(get(tree, literal + "/7"), "1 7");
    EXPECT_EQ(get(tree, literal + "/7" + literal), "2 7");
    EXPECT_EQ(get(tree, literal + "x"), "3 " + literal.substr(1) + "x");
    EXPECT_EQ(get(tree, literal.substr(0, literal.size() - 1)),
              "3 " + literal.substr(1, literal.size() - 2));
}

TEST(RouteTree, TakesTextsOfAnyLength) {
    // A node has up to 255 bytes of text: literals that end around that and its double.
    for (const std::size_t size : {1U, 253U, 254U, 255U, 256U, 257U, 509U, 510U, 511U, 5000U}) {
        SCOPED_TRACE(size);
        expect_text_to_match(letters(size));
    }
}

std::string with_byte(int byte) {
    return {'/', 'x', static_cast<char>(byte)};
}

TEST(RouteTree, TakesChildrenForEveryByteALiteralMayHave) {
    std::vector<line> routes;
    std::set<int> bytes;
    for (int byte = 0x20; byte <= 0xFF; ++byte) {
        if (std::string_view("/{}?#%\x7F").find(static_cast<char>(byte)) ==
            std::string_view::npos) {
            routes.push_back({method::get, with_byte(byte)});
            bytes.insert(byte);
        }
    }
    const route_tree tree = tree_of(routes);

    std::size_t route = 0;
    for (int byte = 0; byte <= 0xFF; ++byte) {
        const std::string expected = bytes.contains(byte) ? std::to_string(route++) : "404";
        EXPECT_EQ(get(tree, with_byte(byte)), expected) << byte;
    }
}

TEST(RouteTree, IsAsDeepAsItsLiteralsDiffer) {
    // Each route is the start of the next: as many nodes one below the other as routes. Neither
    // building nor searching may recurse.
    constexpr std::size_t count = 3000;
    std::vector<line> routes;
    for (std::size_t index = 0; index < count; ++index) {
        routes.push_back({method::get, letters(index)});
    }
    const route_tree tree = tree_of(routes);

    EXPECT_EQ(get(tree, letters(count - 1)), std::to_string(count - 1));
    EXPECT_EQ(get(tree, letters(count)), "404");
}

TEST(RouteTree, TakesHugePathsWithoutDepth) {
    const route_tree tree = tree_of({{method::get, "/{a}/{b}"}, {method::get, "/x/{rest...}"}});
    std::string slashes(1'000'000, '/');
    const std::string segment = letters(1'000'000);

    EXPECT_EQ(get(tree, slashes), "404");
    EXPECT_EQ(get(tree, segment + segment), "0 " + segment.substr(1) + " " + segment.substr(1));
    slashes.replace(0, 3, "/x/");
    EXPECT_EQ(get(tree, slashes), "1 " + slashes.substr(3));
}

/// "/a" and so on, with "/{pN}" at the positions where `bits` has a one.
std::string choose_placeholders(std::size_t segments, std::size_t bits) {
    std::string pattern;
    for (std::size_t index = 0; index < segments; ++index) {
        if ((bits >> index & 1U) != 0) {
            pattern.append("/{p").append(std::to_string(index)).append("}");
        } else {
            pattern += "/a";
        }
    }
    return pattern;
}

TEST(RouteTree, RemembersAChoiceInEachSegmentOfTheLongestPattern) {
    // Every segment has a literal, a placeholder and a tail; the path fits the literals but for the
    // very last, so that all choices wait at once, and the best tail is the deepest.
    std::vector<line> routes;
    std::string literals;
    for (std::size_t segment = 0; segment < max_pattern_segments; ++segment) {
        routes.push_back({method::get, literals + "/{tail...}"});
        routes.push_back({method::post, literals + "/{one}"});
        literals += "/a";
    }
    routes.push_back({method::put, literals});
    const route_tree tree = tree_of(routes);

    EXPECT_EQ(look_up(tree, method::get, literals),
              std::to_string(2 * max_pattern_segments - 2) + " a");
    EXPECT_EQ(look_up(tree, method::post, literals),
              std::to_string(2 * max_pattern_segments - 1) + " a");
    EXPECT_EQ(look_up(tree, method::patch, literals), "405 GET,HEAD,POST,PUT");
}

TEST(RouteTree, BacktracksNoFartherThanItsRoutes) {
    // Routes with one placeholder each, in any of 60 segments: they fit all segments but the last.
    // Were places of the tree tried twice, there would be 2^60 ways.
    std::vector<line> routes;
    for (std::size_t at = 0; at < 60; ++at) {
        routes.push_back({method::get, choose_placeholders(60, std::size_t{1} << at) + "/end"});
    }
    const route_tree tree = tree_of(routes);
    std::string path = choose_placeholders(60, 0);

    EXPECT_EQ(get(tree, path + "/miss"), "404");
    EXPECT_EQ(get(tree, path + "/end"), "59 a");
    path.replace(0, 2, "/b");
    EXPECT_EQ(get(tree, path + "/end"), "0 b");
}

TEST(RouteTree, TellsEveryChoiceOfLiteralsAndPlaceholdersApart) {
    constexpr std::size_t segments = 10;
    constexpr std::size_t choices = std::size_t{1} << segments;
    std::vector<line> routes;
    for (std::size_t bits = 0; bits < choices; ++bits) {
        routes.push_back({method::get, choose_placeholders(segments, bits)});
    }
    const route_tree tree = tree_of(routes);

    for (std::size_t bits = 0; bits < choices; ++bits) {
        std::string path;
        std::string expected = std::to_string(bits);
        for (std::size_t index = 0; index < segments; ++index) {
            const bool is_value = (bits >> index & 1U) != 0;
            path += is_value ? "/v" : "/a";
            expected += is_value ? " v" : "";
        }
        EXPECT_EQ(get(tree, path), expected);
    }
}

TEST(RouteTree, HandsOutSixteenValues) {
    const route_tree tree = tree_of({{method::get, choose_placeholders(16, 0xFFFF)},
                                     {method::get, choose_placeholders(15, 0x7FFF) + "/{t...}"}});
    std::string path;
    for (int index = 0; index < 16; ++index) {
        path.append("/").append(std::to_string(index));
    }

    EXPECT_EQ(get(tree, path), "0 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
    EXPECT_EQ(get(tree, path + "/16"), "1 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15/16");
}

TEST(RouteTree, FindsEachOfTheRoutesOfGitHub) {
    std::ifstream file(CLOAKROOM_GITHUB_ROUTES);
    std::string licence_line;
    std::getline(file, licence_line);
    std::vector<line> routes;
    std::string verb;
    std::string pattern;
    while (file >> verb >> pattern) {
        routes.push_back({parse_method(verb).value(), pattern});
    }
    ASSERT_EQ(routes.size(), 203U);
    const route_tree tree = tree_of(routes);

    for (std::size_t index = 0; index < routes.size(); ++index) {
        std::string path = routes[index].pattern;
        std::string expected = std::to_string(index);
        for (std::size_t open = path.find('{'); open != std::string::npos; open = path.find('{')) {
            path.replace(open, path.find('}') - open + 1, "value");
            expected += " value";
        }
        EXPECT_EQ(look_up(tree, routes[index].verb, path), expected) << path;
    }
}

}  // namespace
}  // namespace cloakroom::routing
