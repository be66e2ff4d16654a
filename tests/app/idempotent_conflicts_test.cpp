// SPDX-License-Identifier: MIT
// Requests with an Idempotency-Key at the same time, and those whose answer is lost.
#include "idempotent_app.hpp"
#include <cloakroom/async.hpp>
#include <cloakroom/testing/faulty_session_store.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <barrier>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::faulty_session_store;
using testing::reply;
using testing::store_fault;

// Two clients with one session.
struct twins {
    explicit twins(app& of) : first(of), second(of) {
        EXPECT_EQ(first.get("/visits").body, "1");
        second.cookies() = first.cookies();
    }
    client first;
    client second;
};

TEST(IdempotentTwins, CountOnceAndGetTheSameAnswer) {
    for (const store_kind kind : {store_kind::memory, store_kind::waiting}) {
        idempotent_app given(kind);
        twins both(given.under_test);
        std::string between;
        given.store->before_commit = [&] { between = send_keyed(both.second, "k1").body; };
        const reply answer = send_keyed(both.first, "k1");
        EXPECT_EQ(between, "paid 2");
        EXPECT_EQ(answer.body, "paid 2");
        EXPECT_EQ(answer.status, 201U);
        EXPECT_TRUE(is_replayed(answer));
        EXPECT_EQ(given.seen.calls, 2);
        EXPECT_EQ(given.seen.effects, 1);
        EXPECT_EQ(both.first.get("/count").body, "2");
    }
}

TEST(IdempotentTwins, CountOnceAlsoWhereTheHandlerUsesNoSession) {
    idempotent_app given;
    twins both(given.under_test);
    std::string between;
    given.store->before_commit = [&] { between = send_keyed(both.second, "k1", "/plain").body; };
    EXPECT_EQ(send_keyed(both.first, "k1", "/plain").body, "plain 2");
    EXPECT_EQ(between, "plain 2");
}

TEST(IdempotentTwins, OfDifferentRequestsAreOneRequestAndOneMistake) {
    idempotent_app given;
    twins both(given.under_test);
    given.store->before_commit = [&] {
        EXPECT_EQ(send_keyed(both.second, "k1", "/pay", "11 EUR").body, "paid 2");
    };
    EXPECT_EQ(send_keyed(both.first, "k1", "/pay", "10 EUR").status, 422U);
    EXPECT_EQ(both.first.get("/count").body, "2");
}

TEST(IdempotentTwins, WithKeysOfTheirOwnCountBoth) {
    idempotent_app given;
    twins both(given.under_test);
    given.store->before_commit = [&] { EXPECT_EQ(send_keyed(both.second, "k2").body, "paid 2"); };
    EXPECT_EQ(send_keyed(both.first, "k1").body, "paid 3");
    EXPECT_EQ(given.seen.effects, 2);
    EXPECT_EQ(send_keyed(both.first, "k1").body, "paid 3");
    EXPECT_EQ(send_keyed(both.first, "k2").body, "paid 2");
}

TEST(IdempotentTwins, WithoutAKeyAreRefusedAsEver) {
    idempotent_app given;
    twins both(given.under_test);
    given.store->before_commit = [&] { EXPECT_EQ(both.second.post("/pay", "").body, "paid 2"); };
    EXPECT_EQ(both.first.post("/pay", "").status, 409U);
    EXPECT_EQ(given.seen.calls, 2);
    EXPECT_EQ(given.seen.effects, 1);
}

TEST(IdempotentTwins, AreRefusedAfterFiveAttemptsAndCountOnceAfterThat) {
    idempotent_app given;
    twins both(given.under_test);
    int count = 100;
    given.store->interference = [&](session_values& values) {
        values.set("count", std::to_string(++count));
    };
    given.store->interferences = 5;
    EXPECT_EQ(send_keyed(both.first, "k1").status, 409U);
    EXPECT_EQ(given.seen.calls, 5);
    EXPECT_EQ(send_keyed(both.first, "k1").body, "paid 106");
    EXPECT_EQ(send_keyed(both.first, "k1").body, "paid 106");
}

// A handler of each kind, which counts.
struct counting_app {
    std::atomic<int> calls = 0;
    app under_test;

    counting_app() {
        under_test.provide(calls);
        under_test.sessions(memory_sessions());
        under_test.use(idempotent());
        under_test.get("/visits", &add_one);
        under_test.post("/plain", &add_one);
        under_test.post("/blocking", blocking(&add_one));
        under_test.post("/later",
                        [](session& visitor, service<std::atomic<int>> seen) -> task<std::string> {
                            co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                                                       boost::asio::use_awaitable);
                            co_return add_one(visitor, seen);
                        });
        under_test.get("/count", [](const session& visitor) {
            return std::to_string(visitor.value("count", 0));
        });
    }

    static std::string add_one(session& visitor, service<std::atomic<int>> seen) {
        ++*seen;
        const int count = visitor.value("count", 0) + 1;
        visitor.set("count", count);
        return std::to_string(count);
    }
};

TEST(IdempotentThreads, CountEachOfFiftyRoundsOfTwinsOnce) {
    constexpr int rounds = 50;
    for (const std::string_view path : {"/plain", "/blocking", "/later"}) {
        counting_app given;
        twins both(given.under_test);
        std::barrier start(2);
        std::array<std::vector<reply>, 2> answers;
        const auto run = [&](client& by, std::vector<reply>& into) {
            for (int round = 0; round < rounds; ++round) {
                start.arrive_and_wait();
                into.push_back(send_keyed(by, "k" + std::to_string(round), path));
            }
        };
        std::thread other([&] { run(both.second, answers[1]); });
        run(both.first, answers[0]);
        other.join();
        for (std::size_t round = 0; round < rounds; ++round) {
            const reply& one = answers[0][round];
            const reply& two = answers[1][round];
            EXPECT_EQ(one.status, 200U);
            EXPECT_EQ(one.body, std::to_string(round + 2)) << path;
            EXPECT_EQ(two.body, one.body) << path;
            EXPECT_NE(is_replayed(one), is_replayed(two)) << path;
        }
        EXPECT_EQ(both.first.get("/count").body, std::to_string(rounds + 1));
    }
}

// An app in which an answer can be lost.
struct losing_app {
    std::shared_ptr<faulty_session_store> store =
        std::make_shared<faulty_session_store>(memory_sessions());
    payment_tally seen;
    std::atomic<bool> after_throws = false;
    app under_test;

    losing_app() {
        under_test.log([](std::string_view) {});
        under_test.provide(seen);
        under_test.sessions(store);
        under_test.use(idempotent());
        under_test.after([this](const request&, response&) {
            if (after_throws.exchange(false)) {
                throw std::runtime_error("after");
            }
        });
        under_test.post("/pay", &pay);
        under_test.get("/visits", [](session& visitor) {
            visitor.set("count", 1);
            return "1";
        });
        under_test.get("/count", [](const session& visitor) {
            return std::to_string(visitor.value("count", 0));
        });
    }
};

TEST(IdempotentLosses, OfAnAnswerAfterTheCommitAreMadeGood) {
    losing_app given;
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.store->fault_commits(store_fault::loses_answers);
    EXPECT_EQ(send_keyed(browser, "k1").status, 503U);
    given.store->mend();
    const reply again = send_keyed(browser, "k1");
    EXPECT_EQ(again.status, 201U);
    EXPECT_EQ(again.body, "paid 2");
    EXPECT_TRUE(is_replayed(again));
    EXPECT_EQ(given.seen.calls, 1);
    EXPECT_EQ(browser.get("/count").body, "2");
}

TEST(IdempotentLosses, BeforeTheCommitRunAnew) {
    losing_app given;
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    for (const store_fault each : {store_fault::fails, store_fault::throws}) {
        given.store->fault_commits(each);
        EXPECT_EQ(send_keyed(browser, "k1").status, 503U);
    }
    given.store->mend();
    const reply again = send_keyed(browser, "k1");
    EXPECT_EQ(again.body, "paid 2");
    EXPECT_FALSE(is_replayed(again));
    EXPECT_EQ(given.seen.calls, 3);
    EXPECT_EQ(browser.get("/count").body, "2");
}

TEST(IdempotentLosses, ByAnAfterThatThrowsAreMadeGood) {
    losing_app given;
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.after_throws = true;
    EXPECT_EQ(send_keyed(browser, "k1").status, 500U);
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
    EXPECT_EQ(given.seen.calls, 1);
}

}  // namespace
}  // namespace cloakroom
