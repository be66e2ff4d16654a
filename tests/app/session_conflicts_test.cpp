// SPDX-License-Identifier: MIT
// Two requests that change one session: rebased, run again or refused, but never lost.
#include "session_app.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;
using operations = session_app::operations;

using enum session_change::operation;

struct conflict_tally {
    int calls = 0;
    int effects = 0;
};

std::string add_one(session& visitor, service<conflict_tally> seen) {
    ++seen->calls;
    const int count = visitor.value("count", 0) + 1;
    visitor.set("count", count);
    visitor.after_commit([seen] { ++seen->effects; });
    return std::to_string(count);
}

std::string set_theme(session& visitor, service<conflict_tally> seen) {
    ++seen->calls;
    visitor.set("theme", "dark");
    visitor.after_commit([seen] { ++seen->effects; });
    return "set";
}

struct contended_app : session_app {
    conflict_tally seen;

    explicit contended_app(store_kind kind) : session_app(kind) {
        under_test.provide(seen);
        under_test.get("/add", &add_one);
        under_test.post("/add", &add_one);
        under_test.patch("/add", &add_one);
        under_test.put("/add", &add_one);
        under_test.any("/any", &add_one);
        under_test.post("/add_again", &add_one).rerun_on_conflict();
        under_test.post("/theme", &set_theme);
        under_test.post("/keys", [](session& visitor) {
            visitor.set("keys", static_cast<int>(visitor.keys().size()));
            return "x";
        });
        under_test.post("/forget", [](session& visitor) {
            visitor.erase("theme");
            return "x";
        });
        under_test.get("/state", [](const session& visitor) {
            return std::to_string(visitor.value("count", 0)) + " " + visitor.value("theme", "-") +
                   " " + std::to_string(visitor.value("other", 0));
        });
        store->interference = [](session_values& values) { values.set("count", "100"); };
    }

    void interfere_elsewhere() {
        store->interference = [](session_values& values) { values.set("other", "7"); };
    }
};

class SessionConflicts : public ::testing::TestWithParam<store_kind> {
protected:
    contended_app given{GetParam()};
    client browser{given.under_test};

    void SetUp() override {
        EXPECT_EQ(browser.get("/visits").body, "1");
        static_cast<void>(given.new_commits());
    }
};

INSTANTIATE_TEST_SUITE_P(All, SessionConflicts, swapping_stores, name_of);

TEST_P(SessionConflicts, OverOtherKeysAreRebased) {
    given.interfere_elsewhere();
    given.store->interferences = 1;
    EXPECT_EQ(browser.post("/theme", "").status, 200U);
    EXPECT_EQ(given.seen.calls, 1);
    EXPECT_EQ(given.seen.effects, 1);
    EXPECT_EQ(given.new_commits(), (operations{replace, replace}));
    EXPECT_EQ(browser.get("/state").body, "1 dark 7");
}

TEST_P(SessionConflicts, OverOtherKeysAreRebasedAgainAndAgain) {
    int other = 0;
    given.store->interference = [&](session_values& values) {
        values.set("other", std::to_string(++other));
    };
    given.store->interferences = 4;
    EXPECT_EQ(browser.post("/theme", "").status, 200U);
    EXPECT_EQ(browser.get("/state").body, "1 dark 4");
    given.store->interferences = 5;
    EXPECT_EQ(browser.post("/forget", "").status, 409U);
    EXPECT_EQ(given.new_commits().size(), 10U);
    EXPECT_EQ(browser.get("/state").body, "1 dark 9");
}

TEST_P(SessionConflicts, RebaseErasuresToo) {
    EXPECT_EQ(browser.post("/theme", "").status, 200U);
    given.interfere_elsewhere();
    given.store->interferences = 1;
    EXPECT_EQ(browser.post("/forget", "").status, 200U);
    EXPECT_EQ(browser.get("/state").body, "1 - 7");
}

TEST_P(SessionConflicts, OverAKeyThatWasReadRunIdempotentHandlersAgain) {
    for (const method each : {method::get, method::put}) {
        given.seen = {};
        given.store->interferences = 1;
        const reply answer = browser.send(each, "/add");
        EXPECT_EQ(answer.body, "101");
        EXPECT_EQ(given.seen.calls, 2);
        EXPECT_EQ(given.seen.effects, 1);
    }
}

TEST_P(SessionConflicts, GoByTheMethodOfTheRequestWhereARouteTakesAny) {
    given.store->interferences = 1;
    EXPECT_EQ(browser.get("/any").body, "101");
    given.store->interference = [](session_values& values) { values.set("count", "200"); };
    given.store->interferences = 1;
    EXPECT_EQ(browser.post("/any", "").status, 409U);
}

TEST_P(SessionConflicts, OverAKeyThatWasReadAreRefusedForOtherMethods) {
    for (const method each : {method::post, method::patch}) {
        given.seen = {};
        given.store->interference = [each](session_values& values) {
            values.set("count", each == method::post ? "100" : "200");
        };
        given.store->interferences = 1;
        const reply answer = browser.send(each, "/add");
        EXPECT_EQ(answer.status, 409U);
        EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
        EXPECT_EQ(given.seen.calls, 1);
        EXPECT_EQ(given.seen.effects, 0);
    }
    EXPECT_EQ(browser.get("/state").body, "200 - 0");
}

TEST_P(SessionConflicts, RunHandlersAgainWhoseRouteAllowsIt) {
    given.store->interferences = 1;
    EXPECT_EQ(browser.post("/add_again", "").body, "101");
    EXPECT_EQ(given.seen.calls, 2);
    EXPECT_EQ(given.seen.effects, 1);
}

TEST_P(SessionConflicts, EndAfterFiveAttempts) {
    int count = 100;
    given.store->interference = [&](session_values& values) {
        values.set("count", std::to_string(++count));
    };
    given.store->interferences = 4;
    EXPECT_EQ(browser.get("/add").body, "105");
    EXPECT_EQ(given.seen.calls, 5);
    given.seen = {};
    count = 200;
    given.store->interferences = 1000;
    EXPECT_EQ(browser.get("/add").status, 409U);
    EXPECT_EQ(given.seen.calls, 5);
    EXPECT_EQ(given.seen.effects, 0);
    EXPECT_EQ(given.store->interferences, 995);
}

TEST_P(SessionConflicts, OverAnyKeyMeetAHandlerThatReadAllKeys) {
    given.interfere_elsewhere();
    given.store->interferences = 1;
    EXPECT_EQ(browser.post("/keys", "").status, 409U);
}

TEST_P(SessionConflicts, OverAKeyThatNobodyChangedInTheEndAreNone) {
    given.store->interference = [](session_values& values) { values.set("count", "1"); };
    given.store->interferences = 1;
    EXPECT_EQ(browser.post("/add", "").body, "2");
    EXPECT_EQ(given.seen.calls, 1);
}

TEST_P(SessionConflicts, WithAnEndRunIdempotentHandlersOnAFreshSession) {
    const std::string token = browser.cookies()["session"];
    given.store->ends_first = true;
    EXPECT_EQ(browser.get("/add").body, "1");
    EXPECT_EQ(given.seen.calls, 2);
    EXPECT_EQ(given.seen.effects, 1);
    EXPECT_EQ(given.new_commits(), (operations{replace, insert}));
    EXPECT_NE(browser.cookies()["session"], token);
    EXPECT_EQ(browser.get("/add").body, "2");
}

TEST_P(SessionConflicts, WithAnEndAreRefusedForOtherMethods) {
    given.store->ends_first = true;
    EXPECT_EQ(browser.post("/add", "").status, 409U);
    EXPECT_EQ(given.seen.effects, 0);
    EXPECT_EQ(given.new_commits(), operations{replace});
    EXPECT_EQ(browser.get("/count").body, "0");
}

TEST_P(SessionConflicts, DoNotKeepASessionFromEnding) {
    given.store->interferences = 1;
    EXPECT_EQ(browser.get("/end").status, 200U);
    EXPECT_EQ(given.new_commits(), operations{erase});
    EXPECT_TRUE(browser.cookies().empty());
}

TEST_P(SessionConflicts, DoNotMatterToATouch) {
    given.now += std::chrono::minutes{5};
    given.store->interferences = 1;
    EXPECT_EQ(browser.get("/count").body, "1");
    given.now += std::chrono::minutes{5};
    given.store->ends_first = true;
    EXPECT_EQ(browser.get("/count").body, "100");
    EXPECT_EQ(browser.get("/count").body, "0");
}

TEST(SessionConcurrency, LosesNoUpdate) {
    constexpr int threads = 4;
    constexpr int requests = 100;
    app under_test;
    under_test.sessions(memory_sessions());
    under_test.get("/visits", [](session& visitor) {
        const int count = visitor.value("count", 0) + 1;
        visitor.set("count", count);
        return std::to_string(count);
    });
    client first(under_test);
    EXPECT_EQ(first.get("/visits").body, "1");
    std::atomic<int> counted = 1;
    std::vector<std::thread> others;
    for (int thread = 0; thread < threads; ++thread) {
        others.emplace_back([&, cookies = first.cookies()] {
            client browser(under_test);
            browser.cookies() = cookies;
            for (int request = 0; request < requests; ++request) {
                const unsigned status = browser.get("/visits").status;
                EXPECT_TRUE(status == 200 || status == 409) << status;
                counted += status == 200 ? 1 : 0;
            }
        });
    }
    for (std::thread& each : others) {
        each.join();
    }
    EXPECT_EQ(first.get("/visits").body, std::to_string(counted + 1));
}

}  // namespace
}  // namespace cloakroom
