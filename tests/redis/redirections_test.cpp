// SPDX-License-Identifier: MIT
// How the store follows the redirections of a cluster that a test plays.
#include "redis/key_slot.hpp"
#include "redis/scripted_server.hpp"
#include "redis/store_sessions.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::redis {
namespace {

using words = scripted_server::words;

const session_token token{"AA" + std::string(43, 'A')};

std::string redirection(std::string_view code, std::uint16_t port, std::string_view host) {
    return std::string{"-"}.append(code) + ' ' + std::to_string(key_slot("AA")) + ' ' +
           std::string{host} + ':' + std::to_string(port) + "\r\n";
}

// Answers what the log-in takes itself.
scripted_server::script answering(scripted_server::script rest) {
    return [rest = std::move(rest)](const words& command) {
        return command[0] == "PING" ? std::string{"+PONG\r\n"} : rest(command);
    };
}

std::size_t asked(const scripted_server& server, std::string_view verb) {
    std::size_t count = 0;
    for (const words& each : server.commands()) {
        count += each[0] == verb ? 1 : 0;
    }
    return count;
}

TEST(Redirections, AreRememberedWhereASlotHasMoved) {
    const scripted_server target{answering([](const words&) { return "$-1\r\n"; })};
    const scripted_server home{
        answering([&](const words&) { return redirection("MOVED", target.port(), "127.0.0.1"); })};
    store_on_loop store{url_of(home.port())};
    for (int loads = 0; loads < 3; ++loads) {
        EXPECT_EQ(outcome_of_load(store, token), session_load::absent);
    }
    EXPECT_EQ(asked(home, "GET"), 1U);
    EXPECT_EQ(asked(target, "GET"), 3U);
}

TEST(Redirections, MayNameNoHost) {
    const scripted_server target{answering([](const words&) { return "$-1\r\n"; })};
    const scripted_server home{
        answering([&](const words&) { return redirection("MOVED", target.port(), ""); })};
    store_on_loop store{url_of(home.port())};
    EXPECT_EQ(outcome_of_load(store, token), session_load::absent);
}

TEST(Redirections, AreAskedForWhereASlotIsMoving) {
    const scripted_server target{
        answering([](const words& each) { return each[0] == "ASKING" ? "+OK\r\n" : "$-1\r\n"; })};
    const scripted_server home{
        answering([&](const words&) { return redirection("ASK", target.port(), "127.0.0.1"); })};
    store_on_loop store{url_of(home.port())};
    for (int loads = 0; loads < 2; ++loads) {
        EXPECT_EQ(outcome_of_load(store, token), session_load::absent);
    }
    EXPECT_EQ(asked(home, "GET"), 2U);
    const std::vector<words> all = target.commands();
    ASSERT_EQ(all.size(), 5U);  // PING first
    for (const std::size_t at : {1U, 3U}) {
        EXPECT_EQ(all[at], words{"ASKING"});
        EXPECT_EQ(all[at + 1][0], "GET");
    }
}

TEST(Redirections, AreAskedForAgainOnTheNextConnection) {
    std::atomic<bool> breaks = true;
    const scripted_server target{answering([&](const words& each) -> std::string {
        return breaks.exchange(false) ? std::string{hang_up}
               : each[0] == "ASKING"  ? "+OK\r\n"
                                      : "$-1\r\n";
    })};
    const scripted_server home{
        answering([&](const words&) { return redirection("ASK", target.port(), "127.0.0.1"); })};
    store_on_loop store{url_of(home.port())};
    EXPECT_EQ(outcome_of_load(store, token), session_load::absent);
    EXPECT_EQ(asked(target, "ASKING"), 2U);
}

TEST(Redirections, EndWhereTheyGoInCircles) {
    std::atomic<std::uint16_t> other = 0;
    const scripted_server one{
        answering([&](const words&) { return redirection("MOVED", other, "127.0.0.1"); })};
    const scripted_server two{
        answering([&](const words&) { return redirection("MOVED", one.port(), "127.0.0.1"); })};
    other = two.port();
    store_on_loop store{url_of(one.port())};
    EXPECT_TRUE(has_part(store.load(token, now).error, "Redis refuses: MOVED"));
    EXPECT_LE(one.commands().size() + two.commands().size(), 12U);
}

TEST(Redirections, EndWhereTheyLeadNowhere) {
    for (const char* const text : {"-MOVED\r\n", "-MOVED 1 nowhere\r\n", "-MOVED 1 \r\n",
                                   "-ASK 1 127.0.0.1:99999\r\n", "-ASK 1 127.0.0.1:0\r\n"}) {
        const scripted_server home{answering([&](const words&) { return text; })};
        store_on_loop store{url_of(home.port())};
        EXPECT_TRUE(has_part(store.load(token, now).error, "Redis refuses: ")) << text;
        EXPECT_LE(home.commands().size(), 12U) << text;
    }
}

TEST(Redirections, HaveTheSlotAskedForAgainWhileItMoves) {
    std::atomic<int> left = 3;
    const scripted_server home{answering([&](const words&) {
        return --left > 0 ? "-TRYAGAIN Multiple keys request during rehashing of slot\r\n"
                          : "$-1\r\n";
    })};
    store_on_loop store{url_of(home.port())};
    EXPECT_EQ(outcome_of_load(store, token), session_load::absent);
}

TEST(Redirections, EndWithTheTimeForAnAnswer) {
    const scripted_server home{answering([](const words&) { return "-TRYAGAIN not yet\r\n"; })};
    store_on_loop store{url_of(home.port()), {.answer_time = std::chrono::milliseconds{1000}}};
    EXPECT_TRUE(has_part(store.load(token, now).error, "Redis refuses: TRYAGAIN"));
}

// It was sent twice to one server, which had moved its slot meanwhile: perhaps it was executed.
TEST(Redirections, DoNotHideThatACommitWasSentBefore) {
    const scripted_server target{answering([](const words&) { return "$4\r\ngone\r\n"; })};
    std::atomic<bool> breaks = true;
    const scripted_server home{answering([&](const words&) {
        return breaks.exchange(false) ? std::string{hang_up}
                                      : redirection("MOVED", target.port(), "127.0.0.1");
    })};
    store_on_loop store{url_of(home.port())};
    const store_on_loop::committed made = replace(store, token, 1, record_with("2"));
    EXPECT_EQ(made.outcome, session_commit::unavailable);
    EXPECT_EQ(made.error, "a commit was sent twice to Redis, and the session has ended");
}

TEST(Redirections, LeadBackWhenANodeIsAway) {
    std::atomic<bool> is_back = false;
    std::atomic<std::uint16_t> away = redis_server{}.port();
    const scripted_server home{answering([&](const words&) {
        return is_back ? std::string{"$-1\r\n"} : redirection("MOVED", away, "127.0.0.1");
    })};
    store_on_loop store{url_of(home.port())};
    EXPECT_NE(store.load(token, now).error, "");
    is_back = true;
    EXPECT_EQ(outcome_of_load(store, token), session_load::absent);
}

}  // namespace
}  // namespace cloakroom::redis
