// SPDX-License-Identifier: MIT
// How the store reaches a real Redis, and what it leaves there.
#include "redis/store_sessions.hpp"
#include <cloakroom/redis_sessions.hpp>
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::redis {
namespace {

// What is wrong with settings; empty when nothing is.
std::string settings_refusal(std::string_view url, redis_session_settings settings = {}) {
    try {
        static_cast<void>(redis_sessions(url, std::move(settings)));
        return {};
    } catch (const setup_error& error) {
        return error.what();
    }
}

// Whether a session that was stored there is found again.
void expect_use(const std::string& url, redis_session_settings settings = {}) {
    store_on_loop store{url, std::move(settings)};
    EXPECT_EQ(store.ping_error(now), "") << url;
    EXPECT_EQ(seen(store, token_of(store, record_with("7"))), "7 v1") << url;
}

// Why nothing can be stored there.
std::string failure(const std::string& url, redis_session_settings settings = {}) {
    store_on_loop store{url, std::move(settings)};
    return insert(store, record_with("7")).error;
}

// All that Redis has, keys and values.
std::string everything_in(const redis_server& server) {
    std::string all;
    std::istringstream keys{server.command({"KEYS", "*"})};
    for (std::string key; std::getline(keys, key);) {
        all += key + '\n';
        all += server.command({"TYPE", key}) == "zset"
                   ? server.command({"ZRANGE", key, "0", "-1", "WITHSCORES"})
                   : server.command({"GET", key});
        all += '\n';
    }
    return all;
}

TEST(RedisSessions, AreReachedOverASocketFile) {
    const redis_server server{{.unix_socket = true}};
    expect_use("unix://" + server.unix_path());
    EXPECT_TRUE(has_part(failure("unix://" + server.unix_path() + "x"), "No such file"));
}

TEST(RedisSessions, AreReachedOverTls) {
    const redis_server server{{.tls = true}};
    const std::string port = std::to_string(server.port());
    expect_use("rediss://127.0.0.1:" + port + "?ca_file=" + server.ca_file());
    expect_use("rediss://localhost:" + port, {.ca_file = server.ca_file()});
    expect_use("rediss://localhost:" + port + "?ca_file=" + server.ca_file(),
               {.ca_file = "/nowhere"});
}

TEST(RedisSessions, TrustNoServerWithoutItsAuthority) {
    const redis_server server{{.tls = true}};
    const redis_server other{{.tls = true}};
    const std::string url = "rediss://127.0.0.1:" + std::to_string(server.port());
    EXPECT_TRUE(has_part(failure(url), "certificate verify failed"));
    EXPECT_TRUE(has_part(failure(url, {.ca_file = other.ca_file()}), "certificate verify failed"));
}

TEST(RedisSessions, TrustNoServerUnderAnotherName) {
    const redis_server server{{.tls = true}};
    const std::string url =  // the certificate is for 127.0.0.1 and localhost
        "rediss://127.0.0.2:" + std::to_string(server.port()) + "?ca_file=" + server.ca_file();
    server.command({"CONFIG", "SET", "bind", "127.0.0.1 127.0.0.2"});
    EXPECT_TRUE(has_part(failure(url), "certificate verify failed"));
}

TEST(RedisSessions, SpeakNoTlsToAServerThatDoesNot) {
    const redis_server server;
    const std::string url = "rediss://127.0.0.1:" + std::to_string(server.port());
    EXPECT_NE(failure(url, {.connect_time = std::chrono::milliseconds{200}}), "");
}

TEST(RedisSessions, LogInWithAPassword) {
    const redis_server server{{.password = "p@ss/word"}};
    const std::string host = "@127.0.0.1:" + std::to_string(server.port());
    expect_use("redis://:p%40ss%2Fword" + host);
    expect_use("redis://default:p%40ss%2Fword" + host);
    EXPECT_TRUE(has_part(failure("redis://:wrong" + host), "refuses the log-in: WRONGPASS"));
    EXPECT_TRUE(has_part(failure(url_of(server.port())), "NOAUTH"));
}

TEST(RedisSessions, LogInAsAUser) {
    const redis_server server{{.password = "secret", .user = "app"}};
    const std::string host = "@127.0.0.1:" + std::to_string(server.port());
    expect_use("redis://app:secret" + host);
    EXPECT_TRUE(has_part(failure("redis://other:secret" + host), "refuses the log-in: WRONGPASS"));
    EXPECT_TRUE(has_part(failure("redis://:secret" + host), "refuses the log-in: WRONGPASS"));
}

TEST(RedisSessions, KeepToTheirDatabase) {
    const redis_server server;
    expect_use(url_of(server.port()) + "/3");
    EXPECT_EQ(server.command({"DBSIZE"}), "0");
    EXPECT_TRUE(has_part(failure(url_of(server.port()) + "/16"),
                         "refuses the database: ERR DB index is out of range"));
}

TEST(RedisSessions, KeepToTheirPrefix) {
    const redis_server server;
    store_on_loop one{url_of(server.port())};
    store_on_loop other{url_of(server.port()) + "?prefix=other:"};
    store_on_loop same{url_of(server.port()), {.prefix = "other:"}};
    const session_token token = token_of(one, record_with("1", "alice"));
    EXPECT_EQ(seen(other, token), "absent");
    EXPECT_EQ(replace(other, token, 1, record_with("2", "alice")).outcome, session_commit::gone);
    EXPECT_TRUE(other.list("alice", now).empty());
    EXPECT_EQ(other.end_all("alice", nullptr, now), session_commit::committed);
    EXPECT_EQ(seen(one, token), "1 v1");
    EXPECT_EQ(seen(same, token_of(other, record_with("3"))), "3 v1");
}

TEST(RedisSessions, LeaveNoTokenInRedis) {
    const redis_server server;
    store_on_loop store{url_of(server.port())};
    std::vector<session_token> tokens{token_of(store, record_with("1", "alice")),
                                      token_of(store, record_with("2"))};
    tokens.push_back(rename(store, tokens[0], 1, record_with("3", "bob")).token);
    tokens.push_back(rename(store, tokens[1], 1, record_with("4")).token);
    erase(store, tokens[3]);
    const std::string all = everything_in(server);
    for (const session_token& each : tokens) {
        EXPECT_EQ(all.find(each.text().substr(2)), std::string::npos);
    }
    EXPECT_NE(all.find("bob"), std::string::npos);  // it did look
}

TEST(RedisSessions, AreForgottenAfterTheirDeadline) {
    const redis_server server;
    store_on_loop store{url_of(server.port())};
    token_of(store, record_with("1"));
    const std::string key = server.command({"KEYS", "*"});
    const int left = std::stoi(server.command({"PTTL", key}));
    EXPECT_LE(left, 160'000);  // the idle deadline, and a minute for clocks that differ
    EXPECT_GT(left, 130'000);
}

TEST(RedisSessions, AreRememberedForAMinuteAfterTheirEnd) {
    const redis_server server;
    store_on_loop store{url_of(server.port())};
    const session_token token = token_of(store, record_with("1"));
    const std::string key = server.command({"KEYS", "*"});
    EXPECT_EQ(erase(store, token).outcome, session_commit::committed);
    EXPECT_EQ(server.command({"GET", key}), "x");
    const int left = std::stoi(server.command({"PTTL", key}));
    EXPECT_LE(left, 60'000);
    EXPECT_GT(left, 30'000);
    EXPECT_EQ(replace(store, token, 1, record_with("2")).outcome, session_commit::gone);
}

TEST(RedisSessions, LoseTheOneOfAnOwnerThatEndsFirst) {
    const redis_server server;
    store_on_loop store{url_of(server.port()), {.sessions_per_owner = 2}};
    session_record late = record_with("1", "alice");
    late.absolute_deadline += seconds{10};
    const session_token first = token_of(store, late);
    const session_token second = token_of(store, record_with("2", "alice"));
    const session_token third = token_of(store, late);
    EXPECT_EQ(seen(store, first), "1 v1");
    EXPECT_EQ(seen(store, second), "absent");
    EXPECT_EQ(seen(store, third), "1 v1");
    EXPECT_EQ(store.list("alice", now).size(), 2U);

    // Also where the new one itself ends first, and by a rename from another shard.
    const session_token nobodys = token_of(store, record_with("4"));
    const session_token renamed = rename(store, nobodys, 1, record_with("5", "alice")).token;
    EXPECT_EQ(seen(store, renamed), "5 v2");
    EXPECT_EQ(store.list("alice", now).size(), 2U);
}

TEST(RedisSessions, ChangeTheirOwnerByARenameAlone) {
    const redis_server server;
    store_on_loop store{url_of(server.port())};
    const session_token token = token_of(store, record_with("1", "alice"));
    for (const char* const owner : {"", "bob", "alic", "alice2"}) {
        EXPECT_EQ(replace(store, token, 1, record_with("2", owner)).error,
                  "only a rename changes the owner of a session");
    }
    EXPECT_EQ(seen(store, token), "1 v1");
}

TEST(RedisSessions, GoOnWhenRedisForgetsItsScripts) {
    const redis_server server;
    store_on_loop store{url_of(server.port())};
    const session_token token = token_of(store, record_with("1"));
    for (session_version version = 1; version < 4; ++version) {
        server.command({"SCRIPT", "FLUSH"});
        EXPECT_EQ(replace(store, token, version, record_with("2")).version, version + 1);
    }
    server.command({"SCRIPT", "FLUSH"});
    EXPECT_EQ(rename(store, token, 4, record_with("3", "alice")).outcome,
              session_commit::committed);
    EXPECT_EQ(store.list("alice", now).size(), 1U);
}

TEST(RedisSessions, CountWhatBeganAndEnded) {
    const redis_server server;
    store_on_loop store{url_of(server.port())};
    const session_token spared = token_of(store, record_with("1", "alice"));
    const session_token erased = token_of(store, record_with("1"));
    for (int number = 0; number < 3; ++number) {
        token_of(store, record_with("1", "alice"));
    }
    EXPECT_EQ(erase(store, erased).outcome, session_commit::committed);
    EXPECT_EQ(store.end_all("alice", &spared, now), session_commit::committed);
    const session_metrics counted = store.store().metrics();
    EXPECT_EQ(counted.inserted, 5U);
    EXPECT_EQ(counted.ended, 4U);
}

TEST(RedisSessions, SayWhatIsWrongWithTheirSettings) {
    EXPECT_EQ(settings_refusal("redis://host?prefix={a}"),
              "the prefix of keys in Redis may not have \"{\" or \"}\"");
    EXPECT_EQ(settings_refusal("redis://host", {.prefix = "a}"}),
              "the prefix of keys in Redis may not have \"{\" or \"}\"");
    EXPECT_EQ(settings_refusal("redis://host", {.sessions_per_owner = 0}),
              "redis_sessions: sessions_per_owner is 1 to 20000");
    EXPECT_EQ(settings_refusal("redis://host", {.sessions_per_owner = 20'001}),
              "redis_sessions: sessions_per_owner is 1 to 20000");
    EXPECT_EQ(settings_refusal("redis://host", {.session_bytes = 32UL * 1024 * 1024 + 1}),
              "redis_sessions: session_bytes is at most 32 MiB");
    EXPECT_EQ(settings_refusal("redis://host", {.connect_time = std::chrono::milliseconds{0}}),
              "redis_sessions: connect_time, answer_time and stale_time are more than 0");
    EXPECT_EQ(settings_refusal("redis://host", {.answer_time = std::chrono::milliseconds{-1}}),
              "redis_sessions: connect_time, answer_time and stale_time are more than 0");
    EXPECT_TRUE(has_part(settings_refusal("rediss://host?ca_file=/nowhere"),
                         "the certificates to trust for Redis cannot be read from /nowhere: "));
    EXPECT_EQ(settings_refusal("redis://host"), "");
}

}  // namespace
}  // namespace cloakroom::redis
