// SPDX-License-Identifier: MIT
// What middleware does with an answer before the session is committed: when it runs, in which
// order, and what becomes of what it changes.
#include "session_app.hpp"
#include <cloakroom/async.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/setup_error.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;
using steps = std::vector<std::string>;

// Notes each step, and keeps the answer in the session.
struct keeping {
    std::shared_ptr<steps> passed;
    std::string name;

    [[nodiscard]] std::optional<response> before(const request& req) const {
        passed->push_back(name + " before");
        if (req.query() == name) {
            return text("of " + name);
        }
        return std::nullopt;
    }
    void before_commit(const request& req, const response& answer, session& visitor) const {
        passed->push_back(name + " before_commit");
        if (req.query() == name + "-throws") {
            throw std::runtime_error(name + " fails");
        }
        if (req.query() == name + "-refuses") {
            throw http_error(status::forbidden);
        }
        visitor.set("last " + name, answer.body());
    }
    void after(const request& /*req*/, response& /*res*/) const {
        passed->push_back(name + " after");
    }
};

struct kept_app : session_app {
    std::shared_ptr<steps> passed = std::make_shared<steps>();

    explicit kept_app(store_kind kind = store_kind::memory) : session_app(kind) {
        under_test.use(keeping{passed, "app"});
        under_test.post("/add", &add_one).rerun_on_conflict().use(keeping{passed, "route"});
        under_test.post("/error", &fail_with<500>);
        under_test.post("/refused", &fail_with<409>);
        under_test.post("/throws", [](session& visitor) -> std::string {
            visitor.set("count", 1);
            throw http_error(status::conflict);
        });
        under_test.get("/last", [](const session& visitor) {
            return visitor.value("last app", "-") + " " + visitor.value("last route", "-") + " " +
                   std::to_string(visitor.value("count", 0));
        });
    }

    static std::string add_one(session& visitor) {
        const int count = visitor.value("count", 0) + 1;
        visitor.set("count", count);
        return std::to_string(count);
    }

    template <unsigned Code>
    static response fail_with(session& visitor) {
        visitor.set("count", 7);
        return {static_cast<status>(Code), "failed", "text/plain"};
    }

    // How often one with that name was called.
    [[nodiscard]] std::ptrdiff_t calls(const std::string& name) const {
        return std::count(passed->begin(), passed->end(), name + " before_commit");
    }
};

class BeforeCommit : public ::testing::TestWithParam<store_kind> {
protected:
    kept_app given{GetParam()};
    client browser{given.under_test};
};

INSTANTIATE_TEST_SUITE_P(All, BeforeCommit, every_store, name_of);

TEST_P(BeforeCommit, RunsFromTheInsideOutBetweenHandlerAndAfters) {
    EXPECT_EQ(browser.post("/add", "").body, "1");
    EXPECT_EQ(*given.passed, (steps{"app before", "route before", "route before_commit",
                                    "app before_commit", "route after", "app after"}));
}

TEST_P(BeforeCommit, ChangesTheSessionInTheCommitOfTheHandler) {
    EXPECT_EQ(browser.post("/add", "").body, "1");
    EXPECT_EQ(given.new_commits(), session_app::operations{session_change::operation::insert});
    EXPECT_EQ(browser.get("/last").body, "1 1 1");
}

TEST_P(BeforeCommit, RunsForThoseThatSawTheRequestWhereABeforeAnswers) {
    EXPECT_EQ(browser.post("/add?app", "").body, "of app");
    EXPECT_EQ(*given.passed, (steps{"app before", "app before_commit", "app after"}));
    EXPECT_EQ(browser.get("/last").body, "of app - 0");
}

TEST_P(BeforeCommit, SeesAnAnswerOf4xx) {
    EXPECT_EQ(browser.post("/refused", "").status, 409U);
    EXPECT_EQ(browser.get("/last").body, "failed - 7");
}

TEST_P(BeforeCommit, IsLeftOutWhereChangesAreDropped) {
    EXPECT_EQ(browser.post("/error", "").status, 500U);
    EXPECT_EQ(browser.post("/throws", "").status, 409U);
    EXPECT_EQ(given.calls("app"), 0);
    EXPECT_EQ(browser.get("/last").body, "- - 0");
}

TEST_P(BeforeCommit, IsLeftOutWhereTheSessionEnds) {
    EXPECT_EQ(browser.post("/add", "").status, 200U);
    given.passed->clear();
    EXPECT_EQ(browser.get("/end").status, 200U);
    EXPECT_EQ(given.calls("app"), 0);
    EXPECT_TRUE(browser.cookies().empty());
}

TEST_P(BeforeCommit, IsLeftOutWithoutARoute) {
    EXPECT_EQ(browser.post("/nowhere", "").status, 404U);
    EXPECT_EQ(browser.get("/add").status, 405U);
    EXPECT_EQ(given.calls("app"), 0);
}

TEST_P(BeforeCommit, FailsTheRequestAsTheHandlerWould) {
    EXPECT_EQ(browser.post("/add", "").status, 200U);
    given.passed->clear();
    EXPECT_EQ(browser.post("/add?route-throws", "").status, 500U);
    EXPECT_EQ(given.logged, steps{"POST /add?route-throws: route fails"});
    EXPECT_EQ(*given.passed, (steps{"app before", "route before", "route before_commit",
                                    "route after", "app after"}));
    EXPECT_EQ(browser.post("/add?app-refuses", "").status, 403U);
    EXPECT_EQ(browser.get("/last").body, "1 1 1");  // nor what the one further in changed
}

TEST(BeforeCommitRuns, AgainWithTheHandlerAndNotWithARebase) {
    kept_app given;
    client browser(given.under_test);
    EXPECT_EQ(browser.post("/add", "").body, "1");
    given.passed->clear();
    given.store->interference = [](session_values& values) { values.set("count", "100"); };
    given.store->interferences = 1;
    EXPECT_EQ(browser.post("/add", "").body, "101");
    EXPECT_EQ(given.calls("route"), 2);
    EXPECT_EQ(browser.get("/last").body.substr(0, 3), "101");

    given.passed->clear();
    given.store->interference = [](session_values& values) { values.set("other", "1"); };
    given.store->interferences = 1;
    EXPECT_EQ(browser.post("/add", "").body, "102");
    EXPECT_EQ(given.calls("route"), 1);
    EXPECT_EQ(given.calls("app"), 1);
}

// Takes what a before takes, in an order of its own, and notes the thread.
struct clerk {
    std::vector<std::thread::id> threads;
    std::string answers;
};
struct noting_clerk {
    void before_commit(service<clerk> notes, const response& answer, const session& visitor,
                       const request& req) const {
        notes->threads.push_back(std::this_thread::get_id());
        notes->answers += std::string{req.path()} + " " + std::string{answer.body()} + " " +
                          std::to_string(visitor.value("count", 0)) + ";";
    }
};

TEST(BeforeCommitRuns, ForHandlersOfEachKindOnTheThreadOfTheLoop) {
    clerk notes;
    session_app given;
    given.under_test.provide(notes);
    given.under_test.use(noting_clerk{});
    given.under_test.post("/plain", &kept_app::add_one);
    given.under_test.post("/blocking", blocking(&kept_app::add_one));
    given.under_test.post("/later", [](session& visitor) -> task<std::string> {
        co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                                   boost::asio::use_awaitable);
        co_return kept_app::add_one(visitor);
    });
    given.under_test.post("/later/throws", [](session&) -> task<std::string> {
        co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                                   boost::asio::use_awaitable);
        throw http_error(status::conflict);
    });
    client browser(given.under_test);
    for (const std::string_view path : {"/plain", "/blocking", "/later", "/later/throws"}) {
        browser.post(path, "");
    }
    EXPECT_EQ(notes.answers, "/plain 1 1;/blocking 2 2;/later 3 3;");
    EXPECT_EQ(notes.threads, std::vector(3, std::this_thread::get_id()));
}

TEST(BeforeCommitRuns, OnlyWithASession) {
    struct without_session {
        std::shared_ptr<int> calls;
        void before_commit(const response& /*answer*/) const noexcept { ++*calls; }
    };
    const auto calls = std::make_shared<int>(0);
    session_app given;
    given.under_test.use(without_session{calls});
    given.under_test.get("/plain", [] { return "plain"; });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/plain").status, 200U);
    EXPECT_EQ(*calls, 0);
    EXPECT_EQ(browser.get("/count").status, 200U);
    EXPECT_EQ(*calls, 1);
}

TEST(BeforeCommitNeeds, WhatItTakes) {
    app without_sessions;
    without_sessions.get("/", [] { return "x"; }).use(keeping{std::make_shared<steps>(), "a"});
    EXPECT_THROW(client{without_sessions}, setup_error);
    app without_service;
    without_service.sessions(memory_sessions());
    without_service.get("/", [] { return "x"; }).use(noting_clerk{});
    EXPECT_THROW(client{without_service}, setup_error);
}

struct demanding {
    bool is_demanding;
    void after(const request& /*req*/, response& /*res*/) const {}
    void declare(needs& needed) const { needed.capabilities.revocable = is_demanding; }
};

TEST(MiddlewareNeeds, WhatItDeclares) {
    for (const bool is_demanding : {false, true}) {
        app under_test;
        under_test.sessions(signed_cookie_sessions({.secret = "your secret key"}));
        under_test.get("/", [] { return "x"; }).use(demanding{is_demanding});
        if (is_demanding) {
            EXPECT_THROW(client{under_test}, setup_error);
        } else {
            EXPECT_EQ(client{under_test}.get("/").status, 200U);
        }
    }
}

}  // namespace
}  // namespace cloakroom
