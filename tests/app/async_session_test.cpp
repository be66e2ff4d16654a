// SPDX-License-Identifier: MIT
// Sessions of handlers that answer later: coroutines, and handlers on worker threads.
#include "pause.hpp"
#include "session_app.hpp"
#include <cloakroom/async.hpp>
#include <cloakroom/http_error.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;
using operations = session_app::operations;

using enum session_change::operation;

// What the handlers tell the test.
struct waiting_tally {
    int calls = 0;
    int effects = 0;
    std::size_t commits_at_the_end = 0;  ///< That the store had seen when the handler ended.
};

struct waiting_app : session_app {
    waiting_tally seen;

    explicit waiting_app(store_kind kind) : session_app(kind) {
        under_test.provide(seen);
        under_test.provide(*store);
        under_test.get("/later",
                       [](session& visitor, service<waiting_tally> to,
                          service<observed_store> kept) -> task<std::string> {
                           ++to->calls;
                           co_await pause();
                           const int count = visitor.value("count", 0) + 1;
                           visitor.set("count", count);
                           visitor.after_commit([to] { ++to->effects; });
                           co_await pause();
                           to->commits_at_the_end = kept->commits.size();
                           co_return std::to_string(count);
                       });
        under_test.get("/worker", blocking([](session& visitor, service<waiting_tally> to,
                                              service<observed_store> kept) {
                           ++to->calls;
                           const int count = visitor.value("count", 0) + 1;
                           visitor.set("count", count);
                           visitor.after_commit([to] { ++to->effects; });
                           to->commits_at_the_end = kept->commits.size();
                           return std::to_string(count);
                       }));
        under_test.get("/later/fail", [](session& visitor) -> task<std::string> {
            visitor.set("count", 100);
            co_await pause();
            visitor.set("other", 100);
            throw std::runtime_error("failed");
        });
        under_test.get("/worker/fail", blocking([](session& visitor) -> std::string {
                           visitor.set("count", 100);
                           throw std::runtime_error("failed");
                       }));
        under_test.get("/later/leave", [](session& visitor) -> task<std::string> {
            visitor.end();
            co_await pause();
            throw http_error(status::bad_gateway);
        });
        under_test.get("/worker/leave", blocking([](session& visitor) -> std::string {
                           visitor.end();
                           throw http_error(status::bad_gateway);
                       }));
    }
};

struct way {
    store_kind store;
    const char* handler;
};

class AsyncSession : public ::testing::TestWithParam<way> {
protected:
    const std::string path{GetParam().handler};
    waiting_app given{GetParam().store};
    client browser{given.under_test};
};

INSTANTIATE_TEST_SUITE_P(
    All, AsyncSession,
    ::testing::Values(way{store_kind::memory, "/later"}, way{store_kind::waiting, "/later"},
                      way{store_kind::memory, "/worker"}, way{store_kind::waiting, "/worker"}),
    [](const auto& each) {
        return std::string{each.param.store == store_kind::memory ? "Memory" : "Waiting"} +
               (each.param.handler == std::string{"/later"} ? "Coroutine" : "Worker");
    });

TEST_P(AsyncSession, IsCommittedWhenTheHandlerHasEnded) {
    EXPECT_EQ(browser.get(path).body, "1");
    EXPECT_EQ(given.seen.commits_at_the_end, 0U);
    EXPECT_EQ(given.new_commits(), operations{insert});
    EXPECT_EQ(browser.get(path).body, "2");
    EXPECT_EQ(given.seen.commits_at_the_end, 0U);
    EXPECT_EQ(given.new_commits(), operations{replace});
    EXPECT_EQ(browser.get("/count").body, "2");
    EXPECT_EQ(given.seen.effects, 2);
}

TEST_P(AsyncSession, IsRolledBackWhenTheHandlerFails) {
    EXPECT_EQ(browser.get(path).body, "1");
    static_cast<void>(given.new_commits());
    EXPECT_EQ(browser.get(path + "/fail").status, 500U);
    EXPECT_EQ(given.new_commits(), operations{});
    EXPECT_EQ(browser.get("/count").body, "1");
}

TEST_P(AsyncSession, EndsAlsoWhenTheHandlerFails) {
    EXPECT_EQ(browser.get(path).body, "1");
    static_cast<void>(given.new_commits());
    EXPECT_EQ(browser.get(path + "/leave").status, 502U);
    EXPECT_EQ(given.new_commits(), operations{erase});
    EXPECT_TRUE(browser.cookies().empty());
}

TEST_P(AsyncSession, RunsTheHandlerAgainAfterAConflict) {
    EXPECT_EQ(browser.get(path).body, "1");
    given.seen = {};
    given.store->interference = [](session_values& values) { values.set("count", "100"); };
    given.store->interferences = 1;
    EXPECT_EQ(browser.get(path).body, "101");
    EXPECT_EQ(given.seen.calls, 2);
    EXPECT_EQ(given.seen.effects, 1);
    EXPECT_EQ(browser.get("/count").body, "101");
}

}  // namespace
}  // namespace cloakroom
