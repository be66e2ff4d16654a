// SPDX-License-Identifier: MIT
// A store that remembers what it has loaded, beside an instance that changes it.
#include "redis/faulty_proxy.hpp"
#include "redis/redis_server.hpp"
#include <cloakroom/redis_sessions.hpp>
#include <cloakroom/testing/awaited_session_store.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

namespace cloakroom::redis {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using operation = session_change::operation;

constexpr session_time start{std::chrono::seconds{1'800'000'000}};

session_record record_of(std::string_view json, std::string_view owner = {}) {
    session_record record{.owner = std::string{owner},
                          .issued = start,
                          .used = start,
                          .idle_deadline = start + 1h,
                          .absolute_deadline = start + 2h};
    record.values.set("key", json);
    return record;
}

std::string url_of(std::uint16_t port) {
    return "redis://127.0.0.1:" + std::to_string(port);
}

// Waits until it holds. @return Whether it does, within a time that no machine needs.
bool eventually(const std::function<bool()>& holds) {
    const clock::time_point deadline = clock::now() + 20s;
    while (!holds()) {
        if (clock::now() > deadline) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

class CachedSessions : public ::testing::Test {
protected:
    static constexpr std::chrono::milliseconds stale_time{500};

    redis_server server;
    faulty_proxy proxy{server.port()};
    // One event loop, so that it is known which one remembers.
    testing::awaited_session_store reader{
        redis_sessions(url_of(proxy.port()),
                       {.answer_time = 1s, .cache_bytes = 1'000'000, .stale_time = stale_time}),
        1};
    testing::awaited_session_store writer{redis_sessions(url_of(server.port()))};
    session_token token;

    void SetUp() override { token = begin(record_of("1")); }

    session_token begin(const session_record& record) {
        session_committed into;
        EXPECT_EQ(writer.commit({operation::insert, {}, 0, record}, start, into),
                  session_commit::committed);
        return into.token;
    }

    void change(session_store& by, session_version expected, std::string_view json) {
        session_committed into;
        EXPECT_EQ(by.commit({operation::replace, token, expected, record_of(json)}, start, into),
                  session_commit::committed);
    }

    // What the reader sees; empty when there is no session.
    std::string seen(const session_token& of) {
        stored_session stored;
        return reader.load(of, start, stored) == session_load::found
                   ? std::string{stored.record.values.find("key").value_or("?")}
                   : "";
    }
    std::string seen() { return seen(token); }

    // How often Redis was asked for a session.
    std::string gets() {
        const std::string statistics = server.command({"INFO", "commandstats"});
        const std::size_t at = statistics.find("cmdstat_get:");
        return at == std::string::npos ? "" : statistics.substr(at, statistics.find(',', at) - at);
    }

    // Has the reader remember it.
    void remember(const session_token& which) {
        ASSERT_TRUE(eventually([&] {
            const std::string before = gets();
            return !seen(which).empty() && gets() == before;
        })) << "it is never remembered";
    }
};

TEST_F(CachedSessions, AreLoadedWithoutAskingRedis) {
    remember(token);
    const std::string before = gets();
    for (int round = 0; round < 100; ++round) {
        EXPECT_EQ(seen(), "1");
    }
    EXPECT_EQ(gets(), before);
}

TEST_F(CachedSessions, AreLoadedAnewWhenAnotherInstanceHasChangedThem) {
    remember(token);
    change(writer, 1, "2");
    EXPECT_TRUE(eventually([&] { return seen() == "2"; }));
}

TEST_F(CachedSessions, AreLoadedAnewAfterAChangeOfTheirOwn) {
    remember(token);
    change(reader, 1, "2");
    EXPECT_EQ(seen(), "2");
    remember(token);
    EXPECT_EQ(seen(), "2");
}

TEST_F(CachedSessions, EndWhenAnotherInstanceEndsThem) {
    remember(token);
    session_committed into;
    EXPECT_EQ(writer.commit({operation::erase, token, 0, {}}, start, into),
              session_commit::committed);
    EXPECT_TRUE(eventually([&] { return seen().empty(); }));
}

TEST_F(CachedSessions, EndWithThoseOfTheirOwner) {
    const session_token owned = begin(record_of("7", "alice"));
    remember(owned);
    EXPECT_EQ(writer.end_all("alice", nullptr, start), session_commit::committed);
    EXPECT_TRUE(eventually([&] { return seen(owned).empty(); }));
}

TEST_F(CachedSessions, EndAtOnceWhereTheirOwnInstanceEndsThem) {
    const session_token owned = begin(record_of("7", "alice"));
    remember(owned);
    EXPECT_EQ(reader.end_all("alice", nullptr, start), session_commit::committed);
    EXPECT_EQ(seen(owned), "");
}

TEST_F(CachedSessions, ExpireAtTheTimeOfTheCaller) {
    remember(token);
    stored_session stored;
    EXPECT_EQ(reader.load(token, start + 1h, stored), session_load::absent);
    EXPECT_EQ(seen(), "1");
}

// Those that docs/scaling.md lists, but for the keys.
TEST_F(CachedSessions, NeedTwoCommandsMore) {
    server.command({"ACL", "SETUSER", "app", "on", ">secret", "~cloakroom:*", "resetchannels",
                    "&__redis__:invalidate", "+ping", "+get", "+client", "+subscribe"});
    testing::awaited_session_store limited{
        redis_sessions("redis://app:secret@127.0.0.1:" + std::to_string(server.port()),
                       {.cache_bytes = 1'000'000}),
        1};
    EXPECT_TRUE(eventually([&] {
        const std::string before = gets();
        stored_session stored;
        return limited.load(token, start, stored) == session_load::found && gets() == before;
    }));
}

TEST_F(CachedSessions, LoseNoUpdateToWhatIsRemembered) {
    remember(token);
    change(writer, 1, "2");
    session_committed into;
    EXPECT_EQ(reader.commit({operation::replace, token, 1, record_of("3")}, start, into),
              session_commit::conflict);
    EXPECT_EQ(into.current.version, 2U);
}

TEST_F(CachedSessions, AreForgottenWithTheDataOfRedis) {
    remember(token);
    server.command({"FLUSHALL"});
    EXPECT_TRUE(eventually([&] { return seen().empty(); }));
}

TEST_F(CachedSessions, AreNotServedWhereTheNewsIsCutOff) {
    remember(token);
    const clock::time_point cut_off = clock::now();
    proxy.black_hole();
    session_committed into;
    EXPECT_EQ(writer.commit({operation::erase, token, 0, {}}, start, into),
              session_commit::committed);
    EXPECT_TRUE(eventually([&] {
        const bool is_too_late = clock::now() > cut_off + stale_time;
        stored_session stored;
        bool is_served = false;
        try {
            is_served = reader.load(token, start, stored) == session_load::found;
        } catch (const std::runtime_error&) {
            // Redis cannot be reached.
        }
        EXPECT_FALSE(is_too_late && is_served);
        return !is_served;
    }));
}

TEST_F(CachedSessions, AreRememberedAgainAfterAnOutage) {
    remember(token);
    proxy.cut();
    change(writer, 1, "2");
    proxy.pass();
    EXPECT_TRUE(eventually([&] {
        try {
            return seen() == "2";
        } catch (const std::runtime_error&) {
            return false;
        }
    }));
    EXPECT_TRUE(eventually([&] {
        const std::string before = gets();
        try {
            return seen() == "2" && gets() == before;
        } catch (const std::runtime_error&) {
            return false;
        }
    }));
}

}  // namespace
}  // namespace cloakroom::redis
