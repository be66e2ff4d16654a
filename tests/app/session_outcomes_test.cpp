// SPDX-License-Identifier: MIT
// What becomes of a session's changes by how the handler ends, and how long sessions last unless
// said otherwise.
#include "session_app.hpp"
#include <cloakroom/http_error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;
using operations = session_app::operations;

using enum session_change::operation;

class SessionOutcomes : public ::testing::TestWithParam<store_kind> {
protected:
    SessionOutcomes() {
        given.under_test.get("/status/{code}", [](session& visitor, int code) {
            visitor.set("count", code);
            return static_cast<status>(code);
        });
        given.under_test.get("/optional", [](session& visitor) -> std::optional<std::string> {
            visitor.set("count", 404);
            return std::nullopt;
        });
        given.under_test.get("/throw/{code}", [](session& visitor, int code) -> std::string {
            visitor.set("count", code);
            throw http_error(static_cast<status>(code));
        });
        given.under_test.get("/set-after-end", [](session& visitor) {
            visitor.end();
            visitor.set("count", 1'000);
            return "set";
        });
        given.under_test.get("/is-new", [](const session& visitor) {
            return std::string{visitor.is_new() ? "new" : "known"};
        });
    }

    session_app given{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(All, SessionOutcomes, every_store, name_of);

TEST_P(SessionOutcomes, OfAReturnedClientErrorAreKept) {
    for (const int code : {400, 401, 403, 404, 409, 499}) {
        client browser(given.under_test);
        const reply answer = browser.get("/status/" + std::to_string(code));
        EXPECT_EQ(answer.status, static_cast<unsigned>(code));
        EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
        EXPECT_EQ(browser.get("/count").body, std::to_string(code));
    }
}

TEST_P(SessionOutcomes, OfAnEmptyOptionalAreKept) {
    client browser(given.under_test);
    const reply answer = browser.get("/optional");
    EXPECT_EQ(answer.status, 404U);
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(browser.get("/count").body, "404");
}

TEST_P(SessionOutcomes, OfAReturnedServerErrorAreDropped) {
    client browser(given.under_test);
    for (const int code : {500, 502, 503, 599}) {
        const reply answer = browser.get("/status/" + std::to_string(code));
        EXPECT_EQ(answer.status, static_cast<unsigned>(code));
        EXPECT_EQ(answer.header("Set-Cookie"), "");
    }
    EXPECT_EQ(given.new_commits(), operations{});
    EXPECT_EQ(browser.get("/visits").body, "1");
    EXPECT_EQ(browser.get("/status/503").status, 503U);
    EXPECT_EQ(browser.get("/count").body, "1");
}

TEST_P(SessionOutcomes, OfAThrownErrorAreDropped) {
    client browser(given.under_test);
    for (const int code : {400, 401, 404, 500, 503}) {
        const reply answer = browser.get("/throw/" + std::to_string(code));
        EXPECT_EQ(answer.status, static_cast<unsigned>(code));
        EXPECT_EQ(answer.header("Set-Cookie"), "");
    }
    EXPECT_EQ(given.new_commits(), operations{});
    EXPECT_EQ(browser.get("/visits").body, "1");
    EXPECT_EQ(browser.get("/throw/401").status, 401U);
    EXPECT_EQ(browser.get("/count").body, "1");
}

TEST_P(SessionOutcomes, OfSettingWhatHasEndedIsAnErrorThatStoresNothing) {
    client stranger(given.under_test);
    const reply refused = stranger.get("/set-after-end");
    EXPECT_EQ(refused.status, 500U);
    EXPECT_EQ(refused.header("Set-Cookie"), "");
    EXPECT_EQ(given.new_commits(), operations{});
    const std::vector<std::string> line{
        "GET /set-after-end: session.set() after session.end(): what ends keeps nothing"};
    EXPECT_EQ(given.logged, line);

    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    EXPECT_EQ(browser.get("/set-after-end").status, 500U);
    EXPECT_EQ(given.new_commits(), (operations{insert, erase}));  // an end is an end
    EXPECT_TRUE(browser.cookies().empty());
    EXPECT_EQ(browser.get("/count").body, "0");
}

TEST_P(SessionOutcomes, VaryByTheCookieWhereOnlyNewnessWasAsked) {
    client browser(given.under_test);
    const reply stranger = browser.get("/is-new");
    EXPECT_EQ(stranger.body, "new");
    EXPECT_EQ(stranger.header("Vary"), "Cookie");
    EXPECT_EQ(browser.get("/visits").body, "1");
    const reply visitor = browser.get("/is-new");
    EXPECT_EQ(visitor.body, "known");
    EXPECT_EQ(visitor.header("Vary"), "Cookie");
    EXPECT_EQ(visitor.header("Set-Cookie"), "");
}

// How long after the last touch the next one comes, by session_options alone.
std::chrono::seconds touch_interval(const session_options& options) {
    session_app given(store_kind::memory, options);
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    const session_time begin = given.now;
    static_cast<void>(given.new_commits());
    while (given.new_commits() != operations{touch}) {
        given.now += std::chrono::seconds{1};
        EXPECT_EQ(browser.get("/count").body, "1");
        if (given.now - begin > std::chrono::hours{1}) {
            break;
        }
    }
    return given.now - begin;
}

TEST(SessionTimes, TouchAfterATenthOfTheIdleTimeAndFiveMinutesAtMost) {
    using namespace std::chrono_literals;
    EXPECT_EQ(touch_interval({.idle_time = 100s}), 10s);
    EXPECT_EQ(touch_interval({.idle_time = 5s}), 1s);
    EXPECT_EQ(touch_interval({.idle_time = 50min}), 5min);
    EXPECT_EQ(touch_interval({.idle_time = 24h}), 5min);
    EXPECT_EQ(touch_interval({}), 5min);
    EXPECT_EQ(touch_interval({.idle_time = 24h, .touch_interval = 7s}), 7s);
    EXPECT_EQ(touch_interval({.idle_time = 24h, .touch_interval = 0s}), 1s);
}

TEST(SessionTimes, MayHaveAnIdleTimeAboveTheAbsoluteOne) {
    using namespace std::chrono_literals;
    session_app given(store_kind::memory, {.idle_time = 24h, .absolute_time = 1h});
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.now += 1h - 1s;
    EXPECT_EQ(browser.get("/visits").body, "2");
    given.now += 1s;
    EXPECT_EQ(browser.get("/visits").body, "1");
}

}  // namespace
}  // namespace cloakroom
