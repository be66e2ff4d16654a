// SPDX-License-Identifier: MIT
// What registering does to the table: prefixes, refusals, and whose middleware a route has.
#include "routing/route_table.hpp"
#include <cloakroom/router.hpp>
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using outcome = routing::route_match::outcome;

// The outermost router of a table, as an app is.
struct root : router {
    explicit root(route_table& table) : router(table) {}
};

class Router : public ::testing::Test {
protected:
    route_table table;
    root outer{table};

    /// The number of the route, in the order they were added; empty if there is none. Freezes.
    std::optional<std::size_t> find(std::string_view path, method verb = method::get) {
        if (!is_frozen_) {
            table.freeze();
            is_frozen_ = true;
        }
        routing::route_match match;
        table.tree().find(verb, path, match);
        return match.result == outcome::found ? std::optional<std::size_t>{match.route}
                                              : std::nullopt;
    }

    /// The names of the middleware of a scope, from the outside in. The app's is 0, and those of
    /// groups follow in the order they were made.
    std::string chain(std::size_t scope) {
        std::string names;
        for (const middleware* each : table.chain(scope)) {
            response passed;
            each->after(request{}, passed);
            names += std::string{passed.body()} + " ";
        }
        return names;
    }

private:
    bool is_frozen_ = false;
};

const char* handler() {
    return "x";
}

auto named(std::string name) {
    return [name](const request&, response& res) { res.body(name); };
}

std::string complaint(const std::function<void()>& attempt) {
    try {
        attempt();
    } catch (const setup_error& error) {
        return error.what();
    }
    return "no complaint";
}

TEST_F(Router, JoinsPrefixesAndPaths) {
    const struct {
        std::string_view prefix;
        std::string_view path;
        std::string_view joined;
    } cases[] = {
        {"", "/", "/"},           {"", "/a", "/a"},         {"/", "/", "/"},
        {"/", "/a", "/a"},        {"/a", "/", "/a"},        {"/a", "/b", "/a/b"},
        {"/a", "/b/", "/a/b/"},   {"/a/", "/", "/a/"},      {"/a/", "/b", "/a/b"},
        {"/a/b", "/c", "/a/b/c"}, {"/a", "/{t...}", "/a/"}, {"/a", "/{t...}", "/a/x/y"},
        {"/a", "//", "/a//"},
    };
    for (const auto& [prefix, path, joined] : cases) {
        route_table own;
        const bool has_tail = path.find('{') != std::string_view::npos;
        root(own).group(prefix, [&, path = path](router& inner) {
            if (has_tail) {
                inner.get(runtime_pattern{std::string{path}}, [](std::string_view) { return "x"; });
            } else {
                inner.get(runtime_pattern{std::string{path}}, &handler);
            }
        });
        own.freeze();
        routing::route_match match;
        own.tree().find(method::get, joined, match);
        EXPECT_EQ(match.result, outcome::found) << prefix << " and " << path;
    }
}

TEST_F(Router, JoinsThePrefixesOfNestedGroups) {
    outer.group("/a", [](router& a) {
        a.group("/", [](router& same) { same.get("/b", &handler); });
        a.group("/c", [](router& c) {
            c.group("/d", [](router& d) { d.get("/", &handler); });
            c.get("/", &handler);
        });
    });
    EXPECT_EQ(find("/a/b"), 0U);
    EXPECT_EQ(find("/a/c/d"), 1U);
    EXPECT_EQ(find("/a/c"), 2U);
    EXPECT_EQ(find("/a"), std::nullopt);
}

TEST_F(Router, TakesThePlaceholdersOfAPrefixForThoseOfTheRoute) {
    outer.group("/shops/{shop}", [](router& shop) {
        shop.group("/coats/{coat}", [](router& coat) {
            coat.get(runtime_pattern{"/hooks/{hook}"}, [](int, int, int) { return "x"; });
        });
    });
    EXPECT_EQ(find("/shops/1/coats/2/hooks/3"), 0U);
}

TEST_F(Router, RefusesWhatPrefixAndPathMakeTogether) {
    const struct {
        std::string prefix;
        std::string path;
        std::string_view part;
    } cases[] = {
        {"a", "/b", "\"a"},
        {"/{a", "/b}", "\"/{a/b}\""},
        {"/{a...}", "/b", "\"/{a...}/b\""},
        {"/a?b", "/c", "\"/a?b/c\""},
    };
    for (const auto& [prefix, path, part] : cases) {
        const std::string said = complaint([&, &prefix = prefix, &path = path] {
            outer.group(prefix, [&](router& inner) {
                if (count_placeholders(prefix) == 0) {
                    inner.get(runtime_pattern{path}, &handler);
                } else {
                    inner.get(runtime_pattern{path}, [](std::string) { return "x"; });
                }
            });
        });
        EXPECT_NE(said.find(part), std::string::npos) << said;
    }
}

TEST_F(Router, RefusesAPathWithoutASlashInAGroupToo) {
    for (const std::string prefix : {"/a", "/a/", "/"}) {
        for (const std::string path : {"b", ""}) {
            route_table own;
            root(own).group(prefix, [&](router& inner) {
                EXPECT_NE(complaint([&] { inner.get(runtime_pattern{path}, &handler); }),
                          "no complaint")
                    << prefix << " and " << path;
            });
        }
    }
}

TEST_F(Router, RefusesAPrefixWithoutASlashEvenWithoutRoutes) {
    for (const std::string prefix : {"x", "x/", "{a}"}) {
        const std::string said = complaint(
            [&] { outer.group(prefix, [](router& inner) { inner.group("/a", [](router&) {}); }); });
        EXPECT_NE(said.find("\"" + prefix + "\" must begin with a slash"), std::string::npos)
            << said;
        EXPECT_NE(complaint([&] {
                      outer.group("/a",
                                  [&](router& inner) { inner.group(prefix, [](router&) {}); });
                  }),
                  "no complaint");
    }
}

TEST_F(Router, TakesAGroupWithoutAPrefixForTheSakeOfItsMiddleware) {
    outer.group("", [](router& same) {  // scope 1
        same.after(named("same"));
        same.get("/a", &handler);
        same.group("/b", [](router& b) {     // scope 2
            b.group("", [](router& inner) {  // scope 3
                inner.after(named("inner"));
                inner.get("/", &handler);
                inner.get("/c", &handler);
            });
        });
    });

    EXPECT_EQ(chain(1), "same ");
    EXPECT_EQ(chain(2), "same ");
    EXPECT_EQ(chain(3), "same inner ");
    EXPECT_EQ(chain(0), "");
    EXPECT_EQ(find("/a"), 0U);
    EXPECT_EQ(find("/b"), 1U);
    EXPECT_EQ(find("/b/c"), 2U);
}

TEST_F(Router, RefusesChangesOfARouteOnceItIsSearched) {
    route& made = outer.get("/a", &handler);
    made.body_limit(1).rerun_on_conflict().after(named("early"));
    table.freeze();

    const std::function<void()> attempts[] = {
        [&] { made.body_limit(2); },
        [&] { made.rerun_on_conflict(); },
        [&] { made.after(named("late")); },
        [&] { made.before([](const request&) { return std::optional<response>{}; }); },
        [&] { made.use([](const request&) { return std::optional<response>{}; }); },
        [&] { outer.after(named("late")); },
        [&] { outer.group("", [](router&) {}); },
        [&] { outer.post("/a", &handler); },
    };
    for (const auto& attempt : attempts) {
        EXPECT_NE(complaint(attempt), "no complaint");
    }
    EXPECT_EQ(chain(0), "");
}

TEST_F(Router, RefusesASecondRouteWhateverGroupsItIsIn) {
    outer.group("/a", [](router& a) { a.get("/{id}", [](int) { return "x"; }); });
    EXPECT_NE(complaint([&] { outer.get("/a/{name}", [](std::string) { return "y"; }); }),
              "no complaint");
    EXPECT_NE(complaint([&] {
                  outer.group("/a/", [](router& a) { a.get("/{x}", [](int) { return "y"; }); });
              }),
              "no complaint");
    EXPECT_EQ(table.routes().size(), 1U);
}

TEST_F(Router, TakesAnyBesideHeadAndOptions) {
    outer.any("/a", &handler);
    EXPECT_EQ(complaint([&] { outer.head("/a", &handler); }), "no complaint");
    EXPECT_EQ(complaint([&] { outer.options("/a", &handler); }), "no complaint");
    for (const method each :
         {method::get, method::post, method::put, method::patch, method::delete_}) {
        EXPECT_NE(complaint([&] { outer.on(each, "/a", &handler); }), "no complaint");
    }
    EXPECT_EQ(find("/a"), 0U);
    EXPECT_EQ(find("/a", method::head), 1U);
    EXPECT_EQ(find("/a", method::options), 2U);
}

TEST_F(Router, KeepsNothingOfARouteThatIsRefused) {
    outer.post("/a", &handler);
    EXPECT_NE(complaint([&] { outer.any("/a", &handler); }), "no complaint");
    outer.get("/b", &handler);
    EXPECT_EQ(find("/a", method::post), 0U);
    EXPECT_EQ(find("/b"), 1U);
    EXPECT_EQ(find("/a", method::get), std::nullopt);
    EXPECT_EQ(find("/a", method::put), std::nullopt);
}

TEST_F(Router, KeepsTheRouteItReturnedWhileMoreAreAdded) {
    route& first = outer.get("/first", &handler);
    for (int each = 0; each < 1'000; ++each) {
        outer.get(runtime_pattern{"/" + std::to_string(each)}, &handler);
    }
    first.body_limit(10);
    EXPECT_EQ(&first, &table.routes().front());
}

TEST_F(Router, GivesAGroupTheMiddlewareOfAllAroundIt) {
    outer.after(named("app"));
    outer.group("/a", [](router& a) {  // scope 1
        a.after(named("a"));
        a.group("/b", [](router& b) { b.after(named("b")); });  // scope 2
        a.group("/c", [](router& c) { c.after(named("c")); });  // scope 3
        a.after(named("late"));
    });
    outer.group("/d", [](router&) {});  // scope 4
    outer.after(named("later"));

    EXPECT_EQ(chain(0), "app later ");
    EXPECT_EQ(chain(1), "app later a late ");
    EXPECT_EQ(chain(2), "app later a late b ");
    EXPECT_EQ(chain(3), "app later a late c ");
    EXPECT_EQ(chain(4), "app later ");
}

TEST_F(Router, KeepsTwoGroupsOfOnePrefixApart) {
    outer.group("/a", [](router& a) { a.after(named("first")); });
    outer.group("/a", [](router& a) { a.after(named("second")); });

    EXPECT_EQ(chain(1), "first ");
    EXPECT_EQ(chain(2), "second ");
}

}  // namespace
}  // namespace cloakroom
