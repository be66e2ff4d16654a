// SPDX-License-Identifier: MIT
// What the store makes of a Redis that answers, but refuses.
#include "redis/relay.hpp"
#include "redis/store_sessions.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

namespace cloakroom::redis {
namespace {

// Why a commit failed.
std::string failure(store_on_loop& store, const session_token& token) {
    return replace(store, token, 1, record_with("2")).error;
}

TEST(RedisRefusals, OfNewContentsLeaveLoadsAndEndsToWork) {
    const redis_server server;
    store_on_loop store{url_of(server.port())};
    const session_token token = token_of(store, record_with("1", "alice"));
    const session_token other = token_of(store, record_with("1", "alice"));
    const session_token third = token_of(store, record_with("1", "alice"));
    server.command({"CONFIG", "SET", "maxmemory", "1"});
    for (const std::string& error :
         {insert(store, record_with("2")).error, insert(store, record_with("2", "alice")).error,
          replace(store, token, 1, record_with("2", "alice")).error}) {
        EXPECT_TRUE(has_part(error, "Redis refuses: OOM"));
    }
    EXPECT_EQ(seen(store, token), "1 v1");
    EXPECT_EQ(store.list("alice", now).size(), 3U);
    EXPECT_EQ(erase(store, token).outcome, session_commit::committed);
    EXPECT_EQ(seen(store, token), "absent");
    EXPECT_EQ(store.end_all("alice", &other, now), session_commit::committed);
    EXPECT_EQ(seen(store, third), "absent");
    EXPECT_EQ(seen(store, other), "1 v1");

    server.command({"CONFIG", "SET", "maxmemory", "0"});
    EXPECT_EQ(replace(store, other, 1, record_with("2", "alice")).outcome,
              session_commit::committed);
    EXPECT_EQ(replace(store, token, 1, record_with("2", "alice")).outcome, session_commit::gone);
}

TEST(RedisRefusals, OfAReplicaEndWithItsPromotion) {
    const redis_server master;
    store_on_loop writer{url_of(master.port())};
    const session_token token = token_of(writer, record_with("1"));
    redis_server replica{{.replica_of = master.port()}};
    store_on_loop store{url_of(replica.port())};
    ASSERT_TRUE(comes_true([&] { return seen(store, token) == "1 v1"; }));
    EXPECT_TRUE(has_part(failure(store, token), "Redis refuses: READONLY"));
    EXPECT_EQ(seen(store, token), "1 v1");
    replica.command({"REPLICAOF", "NO", "ONE"});
    EXPECT_EQ(replace(store, token, 1, record_with("2")).outcome, session_commit::committed);
}

TEST(RedisRefusals, OfKeysTellWhy) {
    const redis_server server;
    server.command({"ACL", "SETUSER", "app", "on", ">secret", "~other:*", "+@all"});
    const std::string host = "@127.0.0.1:" + std::to_string(server.port());
    store_on_loop store{"redis://app:secret" + host};
    EXPECT_TRUE(has_part(insert(store, record_with("1")).error, "Redis refuses: NOPERM"));
    store_on_loop allowed{"redis://app:secret" + host + "?prefix=other:"};
    EXPECT_EQ(insert(allowed, record_with("1")).outcome, session_commit::committed);
}

// Those that docs/scaling.md lists.
TEST(RedisRefusals, DoNotMeetAUserWithTheCommandsOfTheStore) {
    const redis_server server;
    server.command({"ACL", "SETUSER", "app", "on", ">secret", "~cloakroom:*", "resetchannels",
                    "+ping", "+get", "+set", "+eval", "+evalsha", "+pttl", "+pexpire", "+zadd",
                    "+zcard", "+zrange", "+zrem", "+zremrangebyscore"});
    store_on_loop store{"redis://app:secret@127.0.0.1:" + std::to_string(server.port()),
                        {.sessions_per_owner = 1}};
    const session_token token = token_of(store, record_with("1"));
    EXPECT_EQ(replace(store, token, 1, record_with("2")).outcome, session_commit::committed);
    const store_on_loop::committed owned = rename(store, token, 2, record_with("3", "alice"));
    EXPECT_EQ(owned.outcome, session_commit::committed) << owned.error;
    token_of(store, record_with("4", "alice"));
    EXPECT_EQ(store.list("alice", now).size(), 1U);
    EXPECT_EQ(store.end_all("alice", nullptr, now), session_commit::committed);
    EXPECT_EQ(erase(store, token).outcome, session_commit::committed);
    EXPECT_EQ(store.ping_error(now), "");
}

TEST(RedisRefusals, OfALogInThatIsWithdrawnEndWithTheConnection) {
    const redis_server server;
    store_on_loop store{url_of(server.port())};
    const session_token token = token_of(store, record_with("1"));
    server.command({"CONFIG", "SET", "requirepass", "secret"});
    plain_client admin{server.port()};
    admin.command({"AUTH", "secret"});
    admin.command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    EXPECT_TRUE(has_part(failure(store, token), "refuses PING: NOAUTH"));
}

// A server whose commands of that name, and scripts as "EVALSHA", are refused so.
class RedisRefusal : public ::testing::Test {
protected:
    void refuse(std::string_view answer, std::string_view command, std::string_view another = {}) {
        answer_ = "-" + std::string{answer} + "\r\n";
        command_ = command;
        another_ = another;
    }

    // Connections that come next are new.
    void break_off() const {
        server_.command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    }

    redis_server server_;
    std::string answer_;
    std::string command_;
    std::string another_;
    relay relay_{server_, [this](const relay::words& command, const relay::forwarding& forward) {
                     return command[0] == command_ || command[0] == another_ ? answer_
                                                                             : forward(command);
                 }};
    store_on_loop other_{url_of(server_.port())};
    session_token token_ = token_of(other_, record_with("1"));
};

TEST_F(RedisRefusal, WhileItLoadsIsAnOutage) {
    refuse("LOADING Redis is loading the dataset in memory", "PING");
    store_on_loop store{url_of(relay_.port())};
    EXPECT_TRUE(has_part(store.load(token_, now).error, "refuses PING: LOADING"));
    EXPECT_LE(relay_.connections(), 2U);
}

TEST_F(RedisRefusal, OfOneCommandIsNotRepeated) {
    refuse("LOADING Redis is loading the dataset in memory", "GET", "EVALSHA");
    store_on_loop store{url_of(relay_.port())};
    EXPECT_TRUE(has_part(store.load(token_, now).error, "Redis refuses: LOADING"));
    EXPECT_TRUE(has_part(failure(store, token_), "Redis refuses: LOADING"));
    EXPECT_EQ(relay_.commands().size(), 3U);  // PING first
}

// Redis refuses PING too when it cannot save to its disk.
TEST_F(RedisRefusal, OfWritesForWantOfADiskLeavesLoadsToWork) {
    refuse("MISCONF Redis is configured to save RDB snapshots", "PING", "EVALSHA");
    store_on_loop store{url_of(relay_.port())};
    EXPECT_EQ(seen(store, token_), "1 v1");
    EXPECT_TRUE(has_part(failure(store, token_), "Redis refuses: MISCONF"));
    EXPECT_TRUE(has_part(store.ping_error(now), "MISCONF"));
}

TEST_F(RedisRefusal, ByAnUnknownErrorIsShown) {
    refuse("NOREPLICAS Not enough good replicas to write.", "EVALSHA");
    store_on_loop store{url_of(relay_.port())};
    EXPECT_EQ(failure(store, token_),
              "Redis refuses: NOREPLICAS Not enough good replicas to write.");
}

}  // namespace
}  // namespace cloakroom::redis
