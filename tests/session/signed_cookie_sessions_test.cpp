// SPDX-License-Identifier: MIT
#include "session/base64url.hpp"
#include <cloakroom/setup_error.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace cloakroom {
namespace {

using operation = session_change::operation;

const std::string secret = "a secret of more than 32 characters";
const std::string other_secret = "another secret of over 32 characters";

constexpr session_time at(std::int64_t seconds) {
    return session_time{std::chrono::seconds{seconds}};
}

constexpr session_time now = at(1'800'000'000);

session_record record_with(std::string_view key, std::string_view json) {
    session_record made;
    made.values.set(key, json);
    made.issued = now;
    made.idle_deadline = now + std::chrono::hours{1};
    made.absolute_deadline = now + std::chrono::hours{24};
    return made;
}

std::unique_ptr<session_store> store_with(signed_cookie_settings settings,
                                          std::string_view cookie_name = "__Host-session") {
    auto made = signed_cookie_sessions(std::move(settings));
    made->prepare({.cookie_name = cookie_name});
    return made;
}

std::string sign(session_store& store, const session_record& record,
                 operation what = operation::insert) {
    const session_token none;
    session_committed into;
    EXPECT_EQ(store.commit({what, none, 0, record}, now, into), session_commit::committed);
    return std::string{into.token.text()};
}

session_load load(session_store& store, std::string cookie, session_time when = now) {
    stored_session into;
    return store.load(session_token{std::move(cookie)}, when, into);
}

TEST(SignedCookieSessions, LoadWhatTheyCommitted) {
    const auto store = store_with({.secret = secret});
    for (const operation what : {operation::insert, operation::replace, operation::touch}) {
        const session_record record = record_with("count", "7");
        stored_session into;
        into.record = record_with("other", "1");
        into.version = 9;
        into.wants_renewal = true;
        ASSERT_EQ(store->load(session_token{sign(*store, record, what)}, now, into),
                  session_load::found);
        EXPECT_EQ(into.record, record);
        EXPECT_EQ(into.version, 0U);
        EXPECT_FALSE(into.wants_renewal);
    }
}

TEST(SignedCookieSessions, AreServedByAnyProcessWithTheSecret) {
    const std::string cookie = sign(*store_with({.secret = secret}), record_with("count", "7"));
    EXPECT_EQ(load(*store_with({.secret = secret}), cookie), session_load::found);
}

// 1 + 4 + 15 + 32 bytes and those of the values: 4 * (52 + 8) / 3.
TEST(SignedCookieSessions, MakeShortCookies) {
    EXPECT_EQ(sign(*store_with({.secret = secret}), record_with("count", "7")).size(), 80U);
}

// The format is a promise to cookies that are out: a change needs another format number.
TEST(SignedCookieSessions, KeepTheirFormat) {
    const auto store = store_with({.secret = secret});
    const std::string cookie = sign(*store, record_with("count", "7"));
    std::string bytes(base64url_decoded_size(cookie.size()), '\0');
    ASSERT_TRUE(base64url_decode(cookie, bytes.data()));
    EXPECT_EQ(bytes[0], 1);
    using namespace std::string_literals;
    EXPECT_EQ(bytes.substr(5, 23),
              "\0\x6B\x49\xD2\0"s
              "\0\x6B\x49\xE0\x10"s
              "\0\x6B\x4B\x23\x80"s
              "\x05"
              "count\x01"
              "7"s);
    EXPECT_EQ(cookie,
              "ATEZSzEAa0nSAABrSeAQAGtLI4AFY291bnQBN3Ze3rq7cyXMgXGzyFuJsMAM_mb1wYXN3jFpByhEn-J4");
}

TEST(SignedCookieSessions, KnowNothingAfterADeadline) {
    const auto store = store_with({.secret = secret});
    session_record record = record_with("count", "7");
    record.idle_deadline = now + std::chrono::seconds{10};
    const std::string idle = sign(*store, record);
    EXPECT_EQ(load(*store, idle, now + std::chrono::seconds{9}), session_load::found);
    EXPECT_EQ(load(*store, idle, now + std::chrono::seconds{10}), session_load::absent);
    record.idle_deadline = now + std::chrono::seconds{30};
    record.absolute_deadline = now + std::chrono::seconds{20};
    const std::string absolute = sign(*store, record);
    EXPECT_EQ(load(*store, absolute, now + std::chrono::seconds{19}), session_load::found);
    EXPECT_EQ(load(*store, absolute, now + std::chrono::seconds{20}), session_load::absent);
}

TEST(SignedCookieSessions, DoNotReviveWhatHasExpired) {
    const auto store = store_with({.secret = secret});
    session_record record = record_with("count", "7");
    record.absolute_deadline = now;
    const session_token token;
    for (const operation what : {operation::replace, operation::touch}) {
        session_committed into;
        EXPECT_EQ(store->commit({what, token, 0, record}, now, into), session_commit::gone);
        EXPECT_TRUE(into.token.empty());
    }
}

TEST(SignedCookieSessions, KeepTimesWithinWhatTheFormatHolds) {
    const auto store = store_with({.secret = secret});
    session_record record = record_with("count", "7");
    record.issued = at(-5);
    record.idle_deadline = session_time::max();
    record.absolute_deadline = at((std::int64_t{1} << 40) - 1);
    stored_session into;
    ASSERT_EQ(store->load(session_token{sign(*store, record)}, now, into), session_load::found);
    EXPECT_EQ(into.record.issued, at(0));
    EXPECT_EQ(into.record.idle_deadline, record.absolute_deadline);
    EXPECT_EQ(into.record.absolute_deadline, record.absolute_deadline);
}

TEST(SignedCookieSessions, EraseByForgettingTheCookie) {
    const auto store = store_with({.secret = secret});
    const session_token token{"anything"};
    session_committed into;
    EXPECT_EQ(store->commit({operation::erase, token, 0, {}}, now, into),
              session_commit::committed);
    EXPECT_TRUE(into.token.empty());
}

TEST(SignedCookieSessions, PromiseNothingTheyCannotDo) {
    const session_capabilities can = store_with({.secret = secret})->capabilities();
    EXPECT_FALSE(can.compare_and_swap || can.revocable || can.confidential || can.bounded);
}

TEST(SignedCookieSessions, RefuseEveryFlippedBit) {
    const auto store = store_with({.secret = secret});
    // Contents of three sizes, so that the text ends with each number of spare bits.
    for (const std::string_view json : {"7", "77", "777"}) {
        const std::string cookie = sign(*store, record_with("count", json));
        for (std::size_t bit = 0; bit < 8 * cookie.size(); ++bit) {
            std::string forged = cookie;
            forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << (bit % 8)));
            EXPECT_EQ(load(*store, forged), session_load::invalid) << bit;
        }
    }
}

// As above, but behind the encoding: these are canonical base64url.
TEST(SignedCookieSessions, RefuseEveryFlippedBitOfTheContents) {
    const auto store = store_with({.secret = secret});
    const std::string cookie = sign(*store, record_with("count", "7"));
    std::string bytes(base64url_decoded_size(cookie.size()), '\0');
    ASSERT_TRUE(base64url_decode(cookie, bytes.data()));
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        std::string forged = bytes;
        forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << (bit % 8)));
        std::string text(base64url_size(forged.size()), '\0');
        base64url_encode(forged, text.data());
        EXPECT_EQ(load(*store, text), session_load::invalid) << bit;
    }
}

TEST(SignedCookieSessions, RefuseEveryPrefixAndExtension) {
    const auto store = store_with({.secret = secret});
    const std::string cookie = sign(*store, record_with("count", "7"));
    for (std::size_t size = 0; size < cookie.size(); ++size) {
        EXPECT_EQ(load(*store, cookie.substr(0, size)), session_load::invalid) << size;
        EXPECT_EQ(load(*store, cookie.substr(size + 1)), session_load::invalid) << size;
    }
    for (const char* more : {"A", "AA", "AAAA", "=", " "}) {
        EXPECT_EQ(load(*store, cookie + more), session_load::invalid);
    }
    EXPECT_EQ(load(*store, cookie + cookie), session_load::invalid);
}

TEST(SignedCookieSessions, RefuseTwoCookiesCutTogether) {
    const auto store = store_with({.secret = secret});
    const std::string mine = sign(*store, record_with("count", "7"));
    const std::string theirs = sign(*store, record_with("count", "8"));
    for (std::size_t cut = 0; cut <= mine.size(); ++cut) {
        const std::string mixed = mine.substr(0, cut) + theirs.substr(cut);
        if (mixed != mine && mixed != theirs) {
            EXPECT_EQ(load(*store, mixed), session_load::invalid) << cut;
        }
    }
}

TEST(SignedCookieSessions, RefuseCookiesOfAnotherName) {
    const std::string cookie =
        sign(*store_with({.secret = secret}, "session"), record_with("count", "7"));
    for (const char* name : {"", "sessio", "session1", "__Host-session", "Session"}) {
        EXPECT_EQ(load(*store_with({.secret = secret}, name), cookie), session_load::invalid);
    }
}

TEST(SignedCookieSessions, RefuseCookiesOfAnotherSecret) {
    const std::string cookie = sign(*store_with({.secret = secret}), record_with("count", "7"));
    EXPECT_EQ(load(*store_with({.secret = other_secret}), cookie), session_load::invalid);
    EXPECT_EQ(load(*store_with({.secret = secret + 'x'}), cookie), session_load::invalid);
}

TEST(SignedCookieSessions, RefuseWhatIsNoCookieOfTheirs) {
    const auto store = store_with({.secret = secret});
    for (const std::string& text :
         {std::string{}, std::string{"x"}, std::string(80, 'A'), std::string(80, '\0'),
          std::string(4096, 'A'), std::string(4097, 'A'), std::string(1'000'000, 'A'),
          std::string{"AQ"}, std::string{"eyJjb3VudCI6MX0.ZyBxyQ.abc"}}) {
        EXPECT_EQ(load(*store, text), session_load::invalid);
    }
}

TEST(SignedCookieSessions, AskForRenewalOfWhatAnOldSecretSigned) {
    const std::string cookie = sign(*store_with({.secret = other_secret}), record_with("a", "1"));
    const auto rotated = store_with({.secret = secret, .old_secrets = {other_secret}});
    stored_session into;
    ASSERT_EQ(rotated->load(session_token{cookie}, now, into), session_load::found);
    EXPECT_TRUE(into.wants_renewal);
    const std::string renewed = sign(*rotated, into.record, operation::touch);
    ASSERT_EQ(rotated->load(session_token{renewed}, now, into), session_load::found);
    EXPECT_FALSE(into.wants_renewal);
    EXPECT_EQ(load(*store_with({.secret = secret}), renewed), session_load::found);
    EXPECT_EQ(load(*store_with({.secret = other_secret}), renewed), session_load::invalid);
}

TEST(SignedCookieSessions, RefuseAtOneByteMoreThanBrowsersKeep) {
    const auto store = store_with({.secret = secret}, "n");  // leaves 4,094 for the value
    std::size_t largest = 0;
    for (std::size_t size = 2900; size < 3100; ++size) {
        const session_record record = record_with("k", std::string(size, '1'));
        const session_token none;
        session_committed into;
        const session_commit outcome =
            store->commit({operation::insert, none, 0, record}, now, into);
        if (outcome == session_commit::too_large) {
            EXPECT_TRUE(into.token.empty());
            break;
        }
        ASSERT_EQ(outcome, session_commit::committed);
        EXPECT_EQ(load(*store, std::string{into.token.text()}), session_load::found);
        largest = into.token.text().size();
    }
    EXPECT_EQ(largest, 4094U);
    // A longer name leaves less room.
    const auto longer = store_with({.secret = secret}, "nn");
    session_committed into;
    const session_token none;
    const session_record record = record_with("k", std::string(3070 - 52 - 4, '1'));
    EXPECT_EQ(store->commit({operation::insert, none, 0, record}, now, into),
              session_commit::committed);
    EXPECT_EQ(into.token.text().size(), 4094U);
    EXPECT_EQ(longer->commit({operation::insert, none, 0, record}, now, into),
              session_commit::too_large);
    EXPECT_EQ(load(*longer, std::string{into.token.text()}), session_load::invalid);
}

TEST(SignedCookieSessions, RefuseEmptyAndEqualSecrets) {
    for (const signed_cookie_settings& settings :
         {signed_cookie_settings{.secret = ""},
          signed_cookie_settings{.secret = secret, .old_secrets = {""}},
          signed_cookie_settings{.secret = secret, .old_secrets = {secret}},
          signed_cookie_settings{.secret = secret, .old_secrets = {other_secret, other_secret}}}) {
        EXPECT_THROW(static_cast<void>(signed_cookie_sessions(settings)), setup_error);
    }
}

TEST(SignedCookieSessions, TolerateShortSecretsInDevelopmentOnly) {
    const std::string short_secret(31, 's');
    for (const signed_cookie_settings& settings :
         {signed_cookie_settings{.secret = short_secret},
          signed_cookie_settings{.secret = secret, .old_secrets = {short_secret}}}) {
        const auto store = signed_cookie_sessions(settings);
        try {
            store->prepare({.cookie_name = "session"});
            ADD_FAILURE() << "a short secret was accepted";
        } catch (const setup_error& error) {
            EXPECT_NE(std::string{error.what()}.find("openssl rand -base64 32"), std::string::npos);
            EXPECT_EQ(std::string{error.what()}.find(short_secret), std::string::npos);
        }
        store->prepare({.cookie_name = "session", .development = true});
        EXPECT_EQ(load(*store, sign(*store, record_with("count", "7"))), session_load::found);
    }
    EXPECT_NO_THROW(static_cast<void>(store_with({.secret = std::string(32, 's')})));
}

TEST(SignedCookieSessions, ServeNobodyBeforeTheyArePrepared) {
    const auto store = signed_cookie_sessions({.secret = secret});
    const session_token none;
    session_committed into;
    EXPECT_EQ(load(*store, "x"), session_load::failed);
    EXPECT_EQ(store->commit({operation::insert, none, 0, record_with("a", "1")}, now, into),
              session_commit::unavailable);
}

}  // namespace
}  // namespace cloakroom
