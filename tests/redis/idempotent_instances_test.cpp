// SPDX-License-Identifier: MIT
// Requests with an Idempotency-Key to several instances of a program, whose sessions are in one
// Redis: each counts once, whichever instance gets it, and whatever becomes of the answer.
#include "redis/store_sessions.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/idempotent.hpp>
#include <cloakroom/testing/client.hpp>
#include <cloakroom/testing/faulty_async_session_store.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <barrier>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cloakroom::redis {
namespace {

namespace asio = boost::asio;

using cloakroom::testing::client;
using cloakroom::testing::faulty_async_session_store;
using cloakroom::testing::reply;
using cloakroom::testing::store_fault;

// What all instances do to the world.
struct outside {
    std::atomic<int> effects = 0;
};

response pay(session& visitor, service<outside> world) {
    const int count = visitor.value("count", 0) + 1;
    visitor.set("count", count);
    visitor.after_commit([world] { ++world->effects; });
    return {status::created, "paid " + std::to_string(count), "text/plain"};
}

// One instance.
struct instance {
    instance(std::uint16_t port, outside& world, redis_session_settings settings = {})
        : store(std::make_shared<faulty_async_session_store>(
              redis_sessions(url_of(port), std::move(settings)))) {
        served.log([](std::string_view) {});
        served.provide(world);
        served.sessions(store);
        served.use(idempotent());
        served.post("/pay", &pay);
        served.post("/blocking", blocking(&pay));
        served.post("/later", [](session& visitor, service<outside> seen) -> task<response> {
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
            co_return pay(visitor, seen);
        });
        served.get("/count", [](const session& visitor) {
            return std::to_string(visitor.value("count", 0));
        });
        served.get("/begin", [](session& visitor) {
            visitor.set("count", 0);
            return "0";
        });
    }

    std::shared_ptr<faulty_async_session_store> store;
    app served;
};

reply send(client& by, const std::string& key, std::string_view path = "/pay") {
    return by.send(method::post, path, "10 EUR", {{"Idempotency-Key", key}});
}

bool is_replayed(const reply& answer) {
    return answer.header("Idempotency-Replayed") == "true";
}

class IdempotentInstances : public ::testing::TestWithParam<std::size_t> {
protected:
    [[nodiscard]] std::unique_ptr<instance> start() {
        redis_session_settings settings;
        settings.cache_bytes = GetParam();
        return std::make_unique<instance>(server.port(), world, settings);
    }

    redis_server server;
    outside world;
};

// Without a cache and with one, which may be stale.
INSTANTIATE_TEST_SUITE_P(All, IdempotentInstances, ::testing::Values(0, 1 << 20),
                         [](const auto& each) {
                             return std::string{each.param == 0 ? "Uncached" : "Cached"};
                         });

TEST_P(IdempotentInstances, GiveTheAnswerOfEachOther) {
    const auto one = start();
    const auto two = start();
    client at_one(one->served);
    client at_two(two->served);
    EXPECT_EQ(at_one.get("/begin").status, 200U);
    at_two.cookies() = at_one.cookies();
    EXPECT_EQ(at_two.get("/count").body, "0");  // and now in its cache
    EXPECT_EQ(send(at_one, "k1").body, "paid 1");
    const reply again = send(at_two, "k1");
    EXPECT_EQ(again.status, 201U);
    EXPECT_EQ(again.body, "paid 1");
    EXPECT_TRUE(is_replayed(again));
    EXPECT_EQ(world.effects, 1);
}

TEST_P(IdempotentInstances, GiveTheAnswerOfOneThatEndedBetweenCommitAndAnswer) {
    auto one = start();
    auto at_one = std::make_unique<client>(one->served);
    EXPECT_EQ(at_one->get("/begin").status, 200U);
    const auto cookies = at_one->cookies();
    one->store->fault_commits(store_fault::loses_answers);
    EXPECT_EQ(send(*at_one, "k1").status, 503U);
    at_one.reset();
    one.reset();

    const auto two = start();
    client at_two(two->served);
    at_two.cookies() = cookies;
    const reply again = send(at_two, "k1");
    EXPECT_EQ(again.body, "paid 1");
    EXPECT_TRUE(is_replayed(again));
    EXPECT_EQ(at_two.get("/count").body, "1");
    EXPECT_EQ(send(at_two, "k2").body, "paid 2");
}

TEST_P(IdempotentInstances, CountEachOfFiftyRoundsOfTwinsOnce) {
    constexpr std::size_t rounds = 50;
    int effects = 0;
    for (const std::string_view path : {"/pay", "/blocking", "/later"}) {
        const auto one = start();
        const auto two = start();
        client at_one(one->served);
        client at_two(two->served);
        EXPECT_EQ(at_one.get("/begin").status, 200U);
        at_two.cookies() = at_one.cookies();
        std::array<std::vector<reply>, 2> answers;
        std::barrier together(2);
        const auto run = [&](client& by, std::vector<reply>& into) {
            for (std::size_t round = 0; round < rounds; ++round) {
                together.arrive_and_wait();
                into.push_back(send(by, "k" + std::to_string(round), path));
            }
        };
        std::thread other([&] { run(at_two, answers[1]); });
        run(at_one, answers[0]);
        other.join();
        for (std::size_t round = 0; round < rounds; ++round) {
            EXPECT_EQ(answers[0][round].body, "paid " + std::to_string(round + 1)) << path;
            EXPECT_EQ(answers[1][round].body, answers[0][round].body) << path;
            EXPECT_NE(is_replayed(answers[0][round]), is_replayed(answers[1][round])) << path;
        }
        EXPECT_EQ(at_one.get("/count").body, std::to_string(rounds));
        effects += rounds;
        EXPECT_EQ(world.effects, effects);
    }
}

}  // namespace
}  // namespace cloakroom::redis
