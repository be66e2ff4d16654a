// SPDX-License-Identifier: MIT
// The store while the network fails, or its server stands still.
#include "redis/relay.hpp"
#include "redis/store_sessions.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <future>
#include <string>
#include <vector>

namespace cloakroom::redis {
namespace {

using std::chrono::milliseconds;

class RedisFaults : public ::testing::Test {
protected:
    [[nodiscard]] bool comes_back(const session_token& token) {
        return comes_true([&] { return outcome_of_load(store_, token) == session_load::found; },
                          seconds{5});
    }

    redis_server server_;
    faulty_proxy proxy_{server_.port()};
    store_on_loop store_{url_of(proxy_.port()),
                         {.connect_time = milliseconds{1000}, .answer_time = milliseconds{1000}}};
};

TEST_F(RedisFaults, FailAtOnceWhileTheServerIsAway) {
    const session_token token = token_of(store_, record_with("1"));
    proxy_.cut();
    const store_on_loop::loaded first = store_.load(token, now);
    EXPECT_EQ(first.outcome, session_load::failed);
    EXPECT_TRUE(
        has_part(first.error, "Redis at 127.0.0.1:" + std::to_string(proxy_.port()) + ": "));
    for (int operations = 0; operations < 500; ++operations) {
        EXPECT_EQ(outcome_of_load(store_, token), session_load::failed);
    }
    EXPECT_LT(proxy_.connections(), 50U);

    proxy_.pass();
    EXPECT_TRUE(comes_back(token));
    EXPECT_EQ(seen(store_, token), "1 v1");
}

TEST_F(RedisFaults, EndWhenARefusingServerListensAgain) {
    const session_token token = token_of(store_, record_with("1"));
    proxy_.cut();
    proxy_.refuse();
    EXPECT_TRUE(has_part(store_.load(token, now).error, "Connection refused"));
    EXPECT_TRUE(has_part(insert(store_, record_with("2")).error, "Connection refused"));
    proxy_.pass();
    EXPECT_TRUE(comes_back(token));
}

TEST_F(RedisFaults, EndWhenAPausedServerGoesOn) {
    const session_token token = token_of(store_, record_with("1"));
    server_.pause();
    EXPECT_TRUE(has_part(store_.load(token, now).error, "no answer in time"));
    EXPECT_EQ(replace(store_, token, 1, record_with("2")).outcome, session_commit::unavailable);
    server_.resume();
    EXPECT_TRUE(comes_back(token));
}

TEST_F(RedisFaults, EndWhenAKilledServerComesBack) {
    token_of(store_, record_with("1"));
    server_.kill();
    EXPECT_EQ(insert(store_, record_with("2")).outcome, session_commit::unavailable);
    server_.start();
    EXPECT_TRUE(comes_true(
        [&] { return insert(store_, record_with("3")).outcome == session_commit::committed; },
        seconds{5}));
}

TEST_F(RedisFaults, EndWhenABlackHoleDoes) {
    const session_token token = token_of(store_, record_with("1"));
    proxy_.black_hole();
    EXPECT_TRUE(has_part(store_.load(token, now).error, "no answer in time"));
    EXPECT_EQ(outcome_of_load(store_, token), session_load::failed);
    proxy_.pass();
    EXPECT_TRUE(comes_back(token));
}

TEST_F(RedisFaults, DoNotLastWhereTheFirstConnectionHangs) {
    proxy_.black_hole();
    EXPECT_NE(insert(store_, record_with("1")).error, "");
    proxy_.pass();
    EXPECT_TRUE(comes_true(
        [&] { return insert(store_, record_with("2")).outcome == session_commit::committed; },
        seconds{5}));
}

TEST_F(RedisFaults, LeaveAnAnswerThatIsCutAnywhereToTheNextConnection) {
    const session_token token = token_of(store_, record_with("1", "alice"));
    for (std::size_t bytes = 0; bytes < 150; ++bytes) {  // of GET, then of PING where it is shorter
        proxy_.truncate_answers(bytes);
        ASSERT_EQ(seen(store_, token), "1 v1") << bytes;
    }
}

TEST_F(RedisFaults, LeaveACommitThatIsCutAnywhereToTheNextConnection) {
    const session_token token = token_of(store_, record_with("0"));
    replace(store_, token, 1, record_with("1"));  // Redis knows the script
    session_version version = 2;
    for (std::size_t bytes = 0; bytes <= 16; ++bytes, ++version) {  // "$9\r\ncommitted\r\n"
        proxy_.truncate_answers(bytes);
        const store_on_loop::committed made =
            replace(store_, token, version, record_with(std::to_string(version)));
        ASSERT_EQ(made.outcome, session_commit::committed) << bytes << made.error;
    }
    proxy_.pass();
    EXPECT_EQ(seen(store_, token), "18 v19");
    for (std::size_t bytes = 0; bytes < 150; ++bytes) {  // "*1\r\n$..." with the value
        proxy_.truncate_answers(bytes);
        const store_on_loop::committed made = replace(store_, token, 17, record_with("x"));
        ASSERT_EQ(made.outcome, session_commit::conflict) << bytes << made.error;
        ASSERT_EQ(made.current.version, version);
    }
}

TEST_F(RedisFaults, LeaveWhatIsAnsweredWithGarbageToTheNextConnection) {
    const session_token token = token_of(store_, record_with("0"));
    replace(store_, token, 1, record_with("1"));  // Redis knows the script
    for (const char* const garbage :
         {"!what?\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "$-7\r\n", "*99999999\r\n"}) {
        proxy_.garble_answers(garbage);
        EXPECT_EQ(seen(store_, token), "1 v2") << garbage;
    }
    proxy_.garble_answers("$3\r\nabc\r\n");  // a value, but none of ours
    EXPECT_EQ(seen(store_, token), "failed: Redis has a session that another version wrote");
    proxy_.garble_answers(":7\r\n");
    EXPECT_EQ(seen(store_, token), "failed: Redis answers something else");
    proxy_.garble_answers("$-1\r\n");
    EXPECT_EQ(replace(store_, token, 2, record_with("2")).error, "Redis answers something else");
    EXPECT_EQ(seen(store_, token), "2 v3");
}

TEST(RedisPipeline, LosesNothingWhenItsConnectionIsCutInTheMiddle) {
    const redis_server server;
    std::atomic<int> left = 50;
    relay between{server, [&](const relay::words& command, const relay::forwarding& forward) {
                      const std::string answer = forward(command);
                      return --left == 0 ? std::string{hang_up} : answer;
                  }};
    store_on_loop store{url_of(between.port())};
    std::vector<std::future<store_on_loop::committed>> all;
    for (int number = 0; number < 100; ++number) {
        all.push_back(store.start_commit(operation::insert, session_token{}, 0,
                                         record_with(std::to_string(number), "alice"), now));
    }
    for (int number = 0; number < 100; ++number) {
        const store_on_loop::committed made = all[static_cast<std::size_t>(number)].get();
        ASSERT_EQ(made.outcome, session_commit::committed) << made.error;
        EXPECT_EQ(seen(store, made.token), std::to_string(number) + " v1");
    }
    EXPECT_EQ(store.list("alice", now).size(), 100U);
    EXPECT_EQ(between.connections(), 2U);
}

TEST(RedisPipeline, BreaksOffWhenMoreIsAnsweredThanWasAsked) {
    const redis_server server;
    std::atomic<bool> adds = false;
    relay between{server, [&](const relay::words& command, const relay::forwarding& forward) {
                      return forward(command) + (adds.exchange(false) ? "$2\r\nno\r\n" : "");
                  }};
    store_on_loop store{url_of(between.port())};
    const session_token one = token_of(store, record_with("1"));
    const session_token other = token_of(store, record_with("2"));
    adds = true;
    EXPECT_EQ(seen(store, one), "1 v1");
    EXPECT_EQ(seen(store, other), "2 v1");
    EXPECT_EQ(between.connections(), 2U);
}

TEST(RedisPipeline, GivesUpOnAServerThatBreaksOffAtEachCommand) {
    const scripted_server server{[](const scripted_server::words& command) {
        return command[0] == "PING" ? "+PONG\r\n" : std::string{hang_up};
    }};
    store_on_loop store{url_of(server.port())};
    const session_token token{"AA" + std::string(43, 'A')};
    for (int operations = 1; operations <= 10; ++operations) {
        EXPECT_NE(store.load(token, now).error, "");
        EXPECT_LE(server.connections(), static_cast<std::size_t>(3 * operations));
    }
}

TEST(RedisPipeline, TakesNoLateAnswerForTheNextCommands) {
    const redis_server server;
    std::atomic<bool> is_silent = false;
    relay between{server, [&](const relay::words& command, const relay::forwarding& forward) {
                      const std::string answer = forward(command);
                      return is_silent.exchange(false) ? std::string{} : answer;
                  }};
    store_on_loop store{url_of(between.port()), {.answer_time = milliseconds{1000}}};
    const session_token one = token_of(store, record_with("1"));
    const session_token other = token_of(store, record_with("2"));
    is_silent = true;
    EXPECT_TRUE(has_part(seen(store, one), "no answer in time"));
    EXPECT_EQ(seen(store, other), "2 v1");
    EXPECT_EQ(seen(store, one), "1 v1");
}

TEST(RedisPipeline, TriesAllServersOfItsUrlAtOnce) {
    const redis_server server;
    const std::string dead = std::to_string(redis_server{}.port());
    store_on_loop store{"redis://127.0.0.1:" + dead + ",127.0.0.1:" + dead +
                        ",127.0.0.1:" + std::to_string(server.port())};
    const session_token token = token_of(store, record_with("1"));
    server.command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    EXPECT_EQ(seen(store, token), "1 v1");
}

}  // namespace
}  // namespace cloakroom::redis
