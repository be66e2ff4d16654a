// SPDX-License-Identifier: MIT
// Stores and event loops end in any order, whatever is under way.
#include "redis/scripted_server.hpp"
#include "redis/store_sessions.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cloakroom::redis {
namespace {

namespace asio = boost::asio;

const session_token nobodys{"AA" + std::string(43, 'A')};

// A server that answers PING alone.
std::string answer_pings(const scripted_server::words& command) {
    return command[0] == "PING" ? "+PONG\r\n" : "";
}

// How many clients Redis has, the one that asks not counted.
std::size_t clients_of(const redis_server& server) {
    const std::string all = server.command({"CLIENT", "LIST"});
    std::size_t lines = 0;
    for (const char each : all) {
        lines += each == '\n' ? 1 : 0;
    }
    return lines - 1;
}

bool is_asked(const scripted_server& server, std::size_t commands) {
    return comes_true([&] { return server.commands().size() >= commands; });
}

TEST(RedisLifetime, ClosesItsConnectionsWithTheStore) {
    const redis_server server;
    asio::io_context loop{1};
    const background_io thread{loop};
    for (int round = 0; round < 3; ++round) {
        const auto store = redis_sessions(url_of(server.port()));
        EXPECT_TRUE(asio::co_spawn(loop, store->ping(now), asio::use_future).get());
        EXPECT_EQ(clients_of(server), 1U);
    }
    EXPECT_TRUE(comes_true([&] { return clients_of(server) == 0; }));
}

TEST(RedisLifetime, ClosesItsConnectionsWithTheLoop) {
    const redis_server server;
    const auto store = redis_sessions(url_of(server.port()));
    for (int round = 0; round < 3; ++round) {
        asio::io_context loop{1};
        std::future<bool> answer = asio::co_spawn(loop, store->ping(now), asio::use_future);
        while (answer.wait_for(seconds{0}) != std::future_status::ready) {
            loop.run_one();
        }
        EXPECT_TRUE(answer.get());
        EXPECT_EQ(clients_of(server), 1U);
    }
    EXPECT_TRUE(comes_true([&] { return clients_of(server) == 0; }));
}

TEST(RedisLifetime, EndsWithOperationsOnALoopThatEndsFirst) {
    const scripted_server server{answer_pings};
    const auto store = redis_sessions(url_of(server.port()));
    stored_session into;
    for (const bool is_connected : {true, false}) {
        std::optional<asio::io_context> loop{1};
        const std::size_t before = server.commands().size();
        std::future<session_load> answer =
            asio::co_spawn(*loop, store->load(nobodys, now, into), asio::use_future);
        loop->poll_one();
        while (is_connected && server.commands().size() < before + 2) {
            loop->run_one_for(std::chrono::milliseconds{1});
        }
        loop.reset();
        EXPECT_THROW(answer.get(), std::future_error);
    }
}

TEST(RedisLifetime, EndsWithOperationsInAThreadThatStops) {
    const scripted_server server{answer_pings};
    for (int round = 0; round < 5; ++round) {
        std::vector<std::future<store_on_loop::loaded>> all;
        {
            store_on_loop store{url_of(server.port())};
            for (int operations = 0; operations < 20; ++operations) {
                all.push_back(store.start_load(nobodys, now));
            }
            EXPECT_TRUE(is_asked(server, static_cast<std::size_t>(21 * (round + 1))));
        }
        for (auto& each : all) {
            EXPECT_THROW(each.get(), std::future_error);
        }
    }
}

TEST(RedisLifetime, MeetsLoopsThatEndWhileTheStoreDoes) {
    const redis_server server;
    for (int round = 0; round < 20; ++round) {
        auto store = redis_sessions(url_of(server.port()));
        std::vector<std::thread> threads;
        std::atomic<int> served = 0;
        for (int thread = 0; thread < 3; ++thread) {
            threads.emplace_back([&] {
                asio::io_context loop{1};
                std::future<bool> answer = asio::co_spawn(loop, store->ping(now), asio::use_future);
                while (answer.wait_for(seconds{0}) != std::future_status::ready) {
                    loop.run_one();
                }
                EXPECT_TRUE(answer.get());
                ++served;
                loop.poll();
            });
        }
        while (served < 3) {
            std::this_thread::yield();
        }
        store.reset();
        for (std::thread& each : threads) {
            each.join();
        }
    }
    EXPECT_TRUE(comes_true([&] { return clients_of(server) == 0; }));
}

TEST(RedisLifetime, LetsGoOfWhatIsCancelled) {
    std::atomic<bool> answers = false;
    const scripted_server server{[&](const scripted_server::words& command) -> std::string {
        if (command[0] == "PING") {
            return "+PONG\r\n";
        }
        // The late answer of the first GET comes before that of the second.
        return answers.exchange(true) ? "$5\r\nlater\r\n$-1\r\n" : "";
    }};
    store_on_loop store{url_of(server.port())};
    asio::cancellation_signal cancelling;
    stored_session into;
    std::future<session_load> first =
        asio::co_spawn(store.loop(), store.store().load(nobodys, now, into),
                       asio::bind_cancellation_slot(cancelling.slot(), asio::use_future));
    ASSERT_TRUE(is_asked(server, 2));
    asio::post(store.loop(), [&] { cancelling.emit(asio::cancellation_type::terminal); });
    EXPECT_THROW(first.get(), std::exception);
    EXPECT_EQ(store.load(nobodys, now).outcome, session_load::absent);
    EXPECT_EQ(server.connections(), 1U);
}

}  // namespace
}  // namespace cloakroom::redis
