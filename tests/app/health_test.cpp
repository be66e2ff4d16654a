// SPDX-License-Identifier: MIT
// app::health() and the readiness parameter, without a socket. What a signal changes: net/notice_test.
#include <cloakroom/app.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/readiness.hpp>
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/testing/client.hpp>
#include <cloakroom/testing/faulty_async_session_store.hpp>
#include <cloakroom/testing/faulty_session_store.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::faulty_async_session_store;
using testing::faulty_session_store;
using testing::reply;
using testing::store_fault;

void expect_unready(const reply& answer, std::string_view why) {
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.body, why);
}

TEST(Health, OfAnAppWithoutSessionsIsGood) {
    app under_test;
    under_test.health();
    client probe(under_test);
    for (const std::string path : {"/health/live", "/health/ready"}) {
        const reply answer = probe.get(path);
        EXPECT_EQ(answer.status, 200U);
        EXPECT_EQ(answer.body, path.substr(sizeof "/health"));
        EXPECT_EQ(answer.header("Cache-Control"), "no-store");
        EXPECT_EQ(answer.header("Set-Cookie"), "");
    }
    EXPECT_EQ(probe.get("/health").status, 404U);
}

TEST(Health, HasThePrefixThatItIsGiven) {
    app under_test;
    under_test.health("/internal");
    client probe(under_test);
    EXPECT_EQ(probe.get("/internal/ready").status, 200U);
    EXPECT_EQ(probe.get("/health/ready").status, 404U);
}

// Readiness with that fault, and before and after it. What was logged goes to `lines`.
template <class Store>
void expect_to_follow(store_fault fault, std::vector<std::string>& lines) {
    app under_test;
    under_test.log([&lines](std::string_view line) { lines.emplace_back(line); });
    const auto store = std::make_shared<Store>(memory_sessions());
    under_test.sessions(store, {.store_time = std::chrono::milliseconds{200}});
    under_test.health();
    client probe(under_test);
    EXPECT_EQ(probe.get("/health/ready").status, 200U);

    store->fault_loads(fault);
    expect_unready(probe.get("/health/ready"), "The session store does not answer.");
    EXPECT_EQ(probe.get("/health/live").status, 200U);

    store->fault_loads(store_fault::none);
    EXPECT_EQ(probe.get("/health/ready").status, 200U);
}

TEST(Health, FollowsAStoreThatAnswersAtOnce) {
    for (const store_fault fault :
         {store_fault::fails, store_fault::throws, store_fault::loses_answers}) {
        std::vector<std::string> lines;
        expect_to_follow<faulty_session_store>(fault, lines);
        EXPECT_EQ(lines.size(), fault == store_fault::throws ? 1U : 0U);
    }
}

TEST(Health, FollowsAStoreThatAnswersLater) {
    for (const store_fault fault : {store_fault::fails, store_fault::throws, store_fault::hangs,
                                    store_fault::loses_answers}) {
        std::vector<std::string> lines;
        expect_to_follow<faulty_async_session_store>(fault, lines);
        const bool is_logged = fault == store_fault::throws || fault == store_fault::hangs;
        EXPECT_EQ(lines.size(), is_logged ? 1U : 0U);
    }
}

TEST(Health, CountsAsNoForeignToken) {
    app under_test;
    const std::shared_ptr<session_store> store = memory_sessions();
    under_test.sessions(store);
    under_test.health();
    client probe(under_test);
    EXPECT_EQ(probe.get("/health/ready").status, 200U);
    EXPECT_EQ(store->metrics().unknown_tokens, 0U);
}

TEST(Health, IsGoodWithSessionsInCookies) {
    app under_test;
    under_test.sessions(sealed_cookie_sessions({.secret = "a secret for tests, of 32 characters"}));
    under_test.health();
    EXPECT_EQ(client(under_test).get("/health/ready").status, 200U);
}

TEST(Readiness, IsAParameterBesideTheSession) {
    app under_test;
    const auto store = std::make_shared<faulty_session_store>(memory_sessions());
    under_test.sessions(store);
    under_test.get("/both", [](const readiness& now, session& visitor) {
        const int count = visitor.value("count", 0) + 1;
        visitor.set("count", count);
        return std::to_string(count) + (now.store_answers ? " up" : " down") +
               (now.is_leaving ? " leaving" : "");
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/both").body, "1 up");
    EXPECT_EQ(browser.get("/both").body, "2 up");
}

}  // namespace
}  // namespace cloakroom
