// SPDX-License-Identifier: MIT
// A session store that does not answer: the request fails, and never goes on with a fresh session.
#include "session_app.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

// Of a request that has a session only where a question says so, which throws.
struct doubtful_visitor {};

}  // namespace

namespace cloakroom {

template <>
struct parameter<doubtful_visitor> {
    static doubtful_visitor from(exchange& /*on*/) { return {}; }
    static void declare(needs& needed) {
        needed.session_if.push_back(
            [](const request&) -> bool { throw std::runtime_error("who knows"); });
    }
};

namespace {

using testing::client;
using testing::reply;
using operations = session_app::operations;

class SessionFailures : public ::testing::TestWithParam<store_kind> {
protected:
    session_app given{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(All, SessionFailures, every_store, name_of);

TEST_P(SessionFailures, OfALoadAreUnavailable) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    const auto cookies = browser.cookies();
    given.store->load_fails = true;
    const reply answer = browser.get("/visits");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_EQ(answer.header("Set-Cookie"), "");
    EXPECT_EQ(browser.cookies(), cookies);
    given.store->load_fails = false;
    EXPECT_EQ(browser.get("/visits").body, "2");
}

TEST_P(SessionFailures, OfACommitAreUnavailable) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.store->commit_fails = true;
    const reply answer = browser.get("/visits");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_EQ(answer.header("Set-Cookie"), "");
    given.store->commit_fails = false;
    EXPECT_EQ(browser.get("/visits").body, "2");
}

TEST_P(SessionFailures, OfATouchDoNotMatter) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.now += std::chrono::minutes{10};
    given.store->commit_fails = true;
    const reply answer = browser.get("/count");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.body, "1");
    EXPECT_EQ(answer.header("Set-Cookie"), "");
}

TEST_P(SessionFailures, OfAnEndLeaveTheCookieForAnotherTry) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.store->commit_fails = true;
    EXPECT_EQ(browser.get("/end").status, 503U);
    EXPECT_FALSE(browser.cookies().empty());  // else the session would live on, out of reach
    given.store->commit_fails = false;
    EXPECT_EQ(browser.get("/end").body, "bye");
    EXPECT_TRUE(browser.cookies().empty());
}

TEST_P(SessionFailures, ThatAreExceptionsTellTheLogAlone) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.store->throws = true;
    const reply loading = browser.get("/visits");
    EXPECT_EQ(loading.status, 503U);
    EXPECT_EQ(loading.header("Retry-After"), "1");
    EXPECT_EQ(loading.body.find("broken"), std::string::npos);
    browser.cookies().clear();
    EXPECT_EQ(browser.get("/visits").status, 503U);  // at the commit
    const std::vector<std::string> lines{"GET /visits: session store: the store is broken",
                                         "GET /visits: 503 The session store does not answer.",
                                         "GET /visits: session store: the store is broken",
                                         "GET /visits: 503 The session store does not answer."};
    EXPECT_EQ(given.logged, lines);
    given.store->throws = false;
    EXPECT_EQ(browser.get("/visits").body, "1");
}

TEST_P(SessionFailures, OfAQuestionWhetherThereIsOneAreErrors) {
    given.under_test.get("/doubt", [](const doubtful_visitor&) { return "x"; });
    client browser(given.under_test);

    EXPECT_EQ(browser.get("/doubt").status, 500U);

    EXPECT_EQ(given.logged, std::vector<std::string>{"GET /doubt: who knows"});
    EXPECT_EQ(browser.get("/visits").body, "1");
}

TEST_P(SessionFailures, RunNoEffects) {
    int effects = 0;
    given.under_test.provide(effects);
    given.under_test.get("/effect", [](session& visitor, service<int> done) {
        visitor.set("a", 1);
        visitor.after_commit([done] { ++*done; });
        return "x";
    });
    client browser(given.under_test);
    given.store->commit_fails = true;
    EXPECT_EQ(browser.get("/effect").status, 503U);
    EXPECT_EQ(effects, 0);
    given.store->commit_fails = false;
    EXPECT_EQ(browser.get("/effect").status, 200U);
    EXPECT_EQ(effects, 1);
}

}  // namespace
}  // namespace cloakroom
