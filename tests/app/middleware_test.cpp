// SPDX-License-Identifier: MIT
// What runs before and after handlers, and in which order.
#include <cloakroom/app.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;
using steps = std::vector<std::string>;

// A middleware with both: notes when it is passed on the way in and on the way out.
struct noting {
    std::shared_ptr<steps> passed;
    std::string name;

    [[nodiscard]] std::optional<response> before(const request& req) const {
        passed->push_back(name + " in");
        if (req.query() == name) {
            return text("answered by " + name);
        }
        return std::nullopt;
    }
    void after(const request& /*req*/, response& res) const {
        passed->push_back(name + " out");
        res.add("X-Passed", name);
    }
};

struct noted_app {
    std::shared_ptr<steps> passed = std::make_shared<steps>();
    app under_test;

    noted_app() {
        under_test.use(noting{passed, "app"});
        under_test.group("/a", [this](router& a) {
            a.use(noting{passed, "group"});
            a.group("/b", [this](router& b) {
                b.use(noting{passed, "inner"});
                b.get("/c", capturing([passed = passed] {
                          passed->push_back("handler");
                          return "done";
                      }))
                    .use(noting{passed, "route"});
            });
            a.use(noting{passed, "late"});  // also for the routes registered before
        });
    }
};

TEST(Middleware, RunsFromTheAppToTheRouteAndBack) {
    noted_app given;
    const reply answer = client(given.under_test).get("/a/b/c");
    EXPECT_EQ(answer.body, "done");
    EXPECT_EQ(*given.passed,
              (steps{"app in", "group in", "late in", "inner in", "route in", "handler",
                     "route out", "inner out", "late out", "group out", "app out"}));
}

TEST(Middleware, LeavesOutWhatLiesFurtherInWhereABeforeAnswers) {
    noted_app given;
    const reply answer = client(given.under_test).get("/a/b/c?late");
    EXPECT_EQ(answer.body, "answered by late");
    EXPECT_EQ(*given.passed,
              (steps{"app in", "group in", "late in", "late out", "group out", "app out"}));
}

TEST(Middleware, OfTheAppSeesRequestsWithoutARoute) {
    noted_app given;
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/nothing").status, 404U);
    EXPECT_EQ(browser.post("/a/b/c", "").status, 405U);
    EXPECT_EQ(browser.get("/%").status, 400U);
    EXPECT_EQ(browser.send(method::options, "/a/b/c").status, 204U);
    const reply everywhere = browser.send(method::options, "*");
    EXPECT_EQ(everywhere.status, 204U);
    EXPECT_EQ(everywhere.header("X-Passed"), "app");
    EXPECT_EQ(*given.passed, (steps{"app in", "app out", "app in", "app out", "app in", "app out",
                                    "app in", "app out", "app in", "app out"}));
}

TEST(Middleware, AfterSeesErrorPages) {
    app under_test;
    under_test.log([](std::string_view) {});
    under_test.after([](const request&, response& res) {
        res.set("X-Status", std::to_string(to_number(res.status())));
    });
    under_test.get("/error", []() -> std::string { throw std::runtime_error("x"); });
    under_test.get("/teapot", []() -> std::string { throw http_error(status{418}); });
    client browser(under_test);
    EXPECT_EQ(browser.get("/error").header("X-Status"), "500");
    EXPECT_EQ(browser.get("/teapot").header("X-Status"), "418");
    EXPECT_EQ(browser.get("/nothing").header("X-Status"), "404");
    EXPECT_EQ(browser.post("/error", "").header("X-Status"), "405");
}

TEST(Middleware, MayBeAFunctionThatCaptures) {
    const std::string word = "open sesame";
    app under_test;
    under_test.use([word](const request& req) -> std::optional<response> {
        if (req.header("X-Word") != word) {
            throw http_error(status::forbidden);
        }
        return std::nullopt;
    });
    under_test.get("/", [] { return "in"; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/").status, 403U);
    EXPECT_EQ(browser.send(method::get, "/", {}, {{"X-Word", word}}).body, "in");
}

TEST(Middleware, OfARouteLeavesOtherRoutesAlone) {
    app under_test;
    under_test.get("/a", [] { return "a"; }).before([](const request&) {
        return std::optional<response>{text("before")};
    });
    under_test.get("/b", [] { return "b"; }).after([](const request&, response& res) {
        res.body("after");
    });
    under_test.get("/c", [] { return "c"; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/a").body, "before");
    EXPECT_EQ(browser.get("/b").body, "after");
    EXPECT_EQ(browser.get("/c").body, "c");
}

struct visitor_counter {
    int visitors = 0;
};

TEST(Middleware, TakesSessionsAndServices) {
    visitor_counter counter;
    app under_test;
    under_test.sessions(memory_sessions());
    under_test.provide(counter);
    under_test.before(
        [](session& visitor, service<visitor_counter> shared) -> std::optional<response> {
            if (!visitor.contains("seen")) {
                visitor.set("seen", true);
                ++shared->visitors;
            }
            return std::nullopt;
        });
    under_test.get("/", [] { return "no session of its own"; });
    client browser(under_test);
    EXPECT_NE(browser.get("/").header("Set-Cookie"), "");
    EXPECT_EQ(browser.get("/").header("Set-Cookie"), "");
    EXPECT_EQ(browser.get("/nothing").status, 404U);
    EXPECT_EQ(counter.visitors, 1);
    client other(under_test);
    EXPECT_NE(other.get("/nothing").header("Set-Cookie"), "");
    EXPECT_EQ(counter.visitors, 2);
}

TEST(Middleware, SharesTheSessionWithTheHandler) {
    app under_test;
    under_test.sessions(memory_sessions());
    under_test.before([](session& visitor) -> std::optional<response> {
        visitor.set("user", "Ada");
        return std::nullopt;
    });
    under_test.get("/", [](const session& visitor) { return visitor.value("user", "nobody"); });
    EXPECT_EQ(client(under_test).get("/").body, "Ada");
}

TEST(Middleware, CommitsTheSessionWhereABeforeAnswers) {
    app under_test;
    under_test.sessions(memory_sessions());
    under_test.get("/", [](session& visitor) { return visitor.value("asked", "never"); });
    under_test.get("/login", [](const session&) { return "not reached"; })
        .before([](session& visitor) {
            visitor.set("asked", "once");
            return std::optional<response>{redirect("/")};
        });
    client browser(under_test);
    EXPECT_EQ(browser.get("/login").status, 303U);
    EXPECT_EQ(browser.get("/").body, "once");
}

TEST(Middleware, TurnsExceptionsIntoErrors) {
    std::string logged;
    app under_test;
    under_test.log([&](std::string_view line) { logged = line; });
    under_test.after([](const request&, response& res) { res.set("X-Outer", "1"); });
    under_test.get("/before", [] { return "x"; })
        .before([](const request&) -> std::optional<response> { throw std::runtime_error("b"); });
    under_test.get("/after", [] { return "x"; }).after([](const request&, response&) {
        throw std::runtime_error("a");
    });
    client browser(under_test);
    const reply before = browser.get("/before");
    EXPECT_EQ(before.status, 500U);
    EXPECT_EQ(before.header("X-Outer"), "1");
    EXPECT_EQ(logged, "GET /before: b");
    const reply after = browser.get("/after");
    EXPECT_EQ(after.status, 500U);
    EXPECT_EQ(after.header("X-Outer"), "1");
    EXPECT_EQ(logged, "GET /after: a");
}

TEST(Middleware, KeepsTheCookieOfACommittedSessionWhenAnAfterThrows) {
    app under_test;
    under_test.log([](std::string_view) {});
    under_test.sessions(memory_sessions());
    under_test.after([](const request& req, response&) {
        if (req.query() == "throw") {
            throw std::runtime_error("a");
        }
    });
    under_test.get("/", [](session& visitor) {
        const int count = visitor.value("count", 0) + 1;
        visitor.set("count", count);
        return std::to_string(count);
    });
    under_test.get("/end", [](session& visitor) {
        visitor.end();
        return "bye";
    });
    client browser(under_test);
    const reply first = browser.get("/?throw");
    EXPECT_EQ(first.status, 500U);
    EXPECT_NE(first.header("Set-Cookie"), "");
    EXPECT_EQ(first.header("Cache-Control"), "no-store");
    EXPECT_EQ(browser.get("/").body, "2");
    EXPECT_EQ(browser.get("/end?throw").status, 500U);
    EXPECT_TRUE(browser.cookies().empty());
}

}  // namespace
}  // namespace cloakroom
