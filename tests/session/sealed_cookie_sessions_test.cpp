// SPDX-License-Identifier: MIT
// What is peculiar to the sealed ones; the rest is in cookie_sessions_test and cookie_forgery_test.
#include "cookie_fixture.hpp"
#include "sanitizers.hpp"
#include "session/base64url.hpp"

#include <algorithm>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

std::unique_ptr<session_store> sealed_store() {
    return prepared(sealed_cookie_sessions({.secret = secret}));
}

// 1 + 4 + 12 + 13 + 16 bytes and the 8 of the values, in base64url.
TEST(SealedCookieSessions, MakeShortCookies) {
    EXPECT_EQ(insert(*sealed_store(), record_with("count", "7")).size(), 72U);
}

// The format is a promise to cookies that are out: a change needs another format number. Made from
// the description of the format with Python's hmac and cryptography, for the nonce 00 01 ... 0B.
TEST(SealedCookieSessions, KeepTheirFormat) {
    EXPECT_EQ(loaded(*sealed_store(),
                     "AmY3RW0AAQIDBAUGBwgJCgsNtJh3mA5qUNHozDkYfI6pbOEj6-KDNglx6o8KD8hy-u2gESL-"),
              record_with("count", "7"));
}

TEST(SealedCookieSessions, HideTheContents) {
    const auto store = sealed_store();
    session_record record = record_with("password", "\"correct horse battery staple\"");
    record.owner = "alice";
    const std::string bytes = bytes_of(insert(*store, record));
    for (const char* part : {"pass", "horse", "alice", "\x6B\x49\xD2"}) {
        EXPECT_EQ(bytes.find(part), std::string::npos) << part;
    }
    EXPECT_NE(bytes_of(insert(*store, record)).substr(17), bytes.substr(17));
    EXPECT_EQ(store->capabilities(), session_capabilities{.confidential = true});
}

// A million cookies; a tenth of them where sanitizers look, which look for something else.
TEST(SealedCookieSessions, NeverSealTwiceUnderOneNonce) {
    constexpr std::size_t threads = 4;
    constexpr std::size_t cookies_each = has_sanitizers || has_thread_sanitizer ? 25'000 : 250'000;
    const auto store = sealed_store();
    std::vector<std::vector<std::string>> nonces(threads);
    std::vector<std::thread> running;
    for (std::vector<std::string>& mine : nonces) {
        running.emplace_back([&store, &mine] {
            const session_record record = record_with("count", "7");
            const session_token none;
            session_committed into;
            mine.reserve(cookies_each);
            for (std::size_t made = 0; made < cookies_each; ++made) {
                static_cast<void>(store->commit({operation::insert, none, 0, record}, now, into));
                mine.emplace_back(into.token.text().substr(6, 17));  // nonce and 6 bits beside
            }
        });
    }
    for (std::thread& each : running) {
        each.join();
    }
    std::vector<std::string> all;
    for (const std::vector<std::string>& mine : nonces) {
        all.insert(all.end(), mine.begin(), mine.end());
    }
    std::sort(all.begin(), all.end());
    ASSERT_EQ(all.size(), threads * cookies_each);
    EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
}

TEST(SealedCookieSessions, OpenWhatOtherThreadsSealed) {
    const auto store = sealed_store();
    std::vector<std::thread> running;
    for (int thread = 0; thread < 4; ++thread) {
        running.emplace_back([&store, thread] {
            std::string cookie;
            for (int turn = 0; turn < 2000; ++turn) {
                const std::string json = std::to_string(thread * 10'000 + turn);
                cookie = insert(*store, record_with("count", json));
                EXPECT_EQ(loaded(*store, cookie), record_with("count", json));
                EXPECT_EQ(load(*store, cookie.replace(30, 1, cookie[30] == 'A' ? "B" : "A")),
                          session_load::invalid);
            }
        });
    }
    for (std::thread& each : running) {
        each.join();
    }
}

}  // namespace
}  // namespace cloakroom
