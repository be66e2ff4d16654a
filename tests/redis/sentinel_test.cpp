// SPDX-License-Identifier: MIT
// The store and real sentinels, which name another master when the first one dies.
#include "redis/plain_client.hpp"
#include "redis/scripted_server.hpp"
#include "redis/store_sessions.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace cloakroom::redis {
namespace {

redis_server_settings watching(const redis_server& master, const std::string& more = {}) {
    return {.sentinel = true,
            .extra = "sentinel monitor sessions 127.0.0.1 " + std::to_string(master.port()) +
                     " 1\nsentinel down-after-milliseconds sessions 500\n"
                     "sentinel failover-timeout sessions 3000\n" +
                     more};
}

std::string url_of_master(const redis_server& sentinel, const std::string& login = {}) {
    return "redis+sentinel://" + login + "127.0.0.1:" + std::to_string(sentinel.port()) +
           "/sessions";
}

bool is_told(const redis_server& sentinel, const std::string& line) {
    return comes_true([&] {
        const std::string all = sentinel.command({"SENTINEL", "MASTER", "sessions"});
        return ("\n" + all + "\n").find("\n" + line + "\n") != std::string::npos;
    });
}

TEST(Sentinel, NamesTheMaster) {
    const redis_server master{{.password = "secret"}};
    const redis_server sentinel{watching(master, "sentinel auth-pass sessions secret\n")};
    store_on_loop store{url_of_master(sentinel, ":secret@")};
    EXPECT_EQ(seen(store, token_of(store, record_with("1"))), "1 v1");
    EXPECT_NE(master.command({"DBSIZE"}), "0");
}

TEST(Sentinel, MayBeAnyOfSeveral) {
    const redis_server master;
    const redis_server sentinel{watching(master)};
    const std::string dead = std::to_string(redis_server{}.port());
    store_on_loop store{"redis+sentinel://127.0.0.1:" + dead +
                        ",127.0.0.1:" + std::to_string(sentinel.port()) + "/sessions"};
    EXPECT_EQ(seen(store, token_of(store, record_with("1"))), "1 v1");
}

TEST(Sentinel, IsBlamedWhereItKnowsNoMaster) {
    const redis_server master;
    const redis_server sentinel{watching(master)};
    store_on_loop store{"redis+sentinel://127.0.0.1:" + std::to_string(sentinel.port()) +
                        "/others"};
    EXPECT_EQ(insert(store, record_with("1")).error,
              "no sentinel tells where the master others is: it is not known to them");
    const redis_server_settings none{};
    store_on_loop nobody{"redis+sentinel://127.0.0.1:" + std::to_string(redis_server{none}.port()) +
                         "/sessions"};
    EXPECT_TRUE(has_part(insert(nobody, record_with("1")).error, "Connection refused"));
}

TEST(Sentinel, IsNotBelievedAboutAReplica) {
    const redis_server master;
    const redis_server replica{{.replica_of = master.port()}};
    const scripted_server liar{[&](const scripted_server::words& command) -> std::string {
        const std::string port = std::to_string(replica.port());
        return command[0] == "PING" ? "+PONG\r\n"
                                    : "*2\r\n$9\r\n127.0.0.1\r\n$" + std::to_string(port.size()) +
                                          "\r\n" + port + "\r\n";
    }};
    store_on_loop store{"redis+sentinel://127.0.0.1:" + std::to_string(liar.port()) + "/sessions"};
    EXPECT_TRUE(has_part(insert(store, record_with("1")).error, "it is no master"));
}

TEST(Sentinel, NamesAnotherMasterWhenTheFirstOneDies) {
    redis_server master;
    const redis_server replica{{.replica_of = master.port()}};
    const redis_server sentinel{watching(master)};
    ASSERT_TRUE(is_told(sentinel, "num-slaves\n1"));
    store_on_loop store{url_of_master(sentinel)};
    const session_token token = token_of(store, record_with("1"));
    ASSERT_EQ(plain_client{master.port()}.command({"WAIT", "1", "10000"}), "1");
    ASSERT_TRUE(comes_true([&] { return replica.command({"DBSIZE"}) == "1"; }));

    master.kill();
    EXPECT_EQ(replace(store, token, 1, record_with("2")).outcome, session_commit::unavailable);
    EXPECT_TRUE(comes_true([&] {
        return replace(store, token, 1, record_with("2")).outcome == session_commit::committed;
    }));
    EXPECT_EQ(seen(store, token), "2 v2");

    master.start();  // empty, and a replica from now on
    EXPECT_EQ(replace(store, token, 2, record_with("3")).outcome, session_commit::committed);
    EXPECT_EQ(seen(store, token), "3 v3");
}

}  // namespace
}  // namespace cloakroom::redis
