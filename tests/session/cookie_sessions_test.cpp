// SPDX-License-Identifier: MIT
// What the stores in the cookie have in common.
#include "cookie_fixture.hpp"
#include <cloakroom/setup_error.hpp>

#include <cstdint>

namespace cloakroom {
namespace {

class CookieSessions : public ::testing::TestWithParam<cookie_kind> {
protected:
    std::unique_ptr<session_store> store_ = GetParam().store();
};

INSTANTIATE_TEST_SUITE_P(All, CookieSessions, ::testing::ValuesIn(cookie_kinds), name_of_kind);

TEST_P(CookieSessions, LoadWhatTheyCommitted) {
    session_record record = record_with("count", "7");
    record.owner = "alice";
    record.label = "Firefox on Linux";
    const std::string first = insert(*store_, record);
    for (const operation what : {operation::replace, operation::rename, operation::touch}) {
        const committed_change made = commit(*store_, what, first, record);
        ASSERT_EQ(made.outcome, session_commit::committed);
        stored_session into;
        into.record = record_with("other", "1");
        into.version = 9;
        into.wants_renewal = true;
        ASSERT_EQ(store_->load(session_token{made.token}, now, into), session_load::found);
        EXPECT_EQ(into.record, record);
        EXPECT_EQ(into.version, 0U);
        EXPECT_FALSE(into.wants_renewal);
    }
}

TEST_P(CookieSessions, AreServedByAnyProcessWithTheSecret) {
    EXPECT_EQ(loaded(*GetParam().store(), insert(*store_, record_with("count", "7"))),
              record_with("count", "7"));
}

TEST_P(CookieSessions, KnowNothingAfterADeadline) {
    session_record record = record_with("count", "7");
    record.idle_deadline = now + seconds{10};
    const std::string idle = insert(*store_, record);
    EXPECT_EQ(load(*store_, idle, now + seconds{9}), session_load::found);
    EXPECT_EQ(load(*store_, idle, now + seconds{10}), session_load::absent);
    record.idle_deadline = now + seconds{30};
    record.absolute_deadline = now + seconds{20};
    const std::string absolute = insert(*store_, record);
    EXPECT_EQ(load(*store_, absolute, now + seconds{19}), session_load::found);
    EXPECT_EQ(load(*store_, absolute, now + seconds{20}), session_load::absent);
}

TEST_P(CookieSessions, DoNotReviveWhatHasExpired) {
    session_record record = record_with("count", "7");
    record.absolute_deadline = now + seconds{1};
    const std::string cookie = insert(*store_, record);
    for (const operation what : {operation::replace, operation::rename, operation::touch}) {
        const committed_change made = commit(*store_, what, cookie, record, now + seconds{1});
        EXPECT_EQ(made.outcome, session_commit::gone);
        EXPECT_TRUE(made.into.token.empty());
    }
}

TEST_P(CookieSessions, TouchTimeOfUseAndIdleDeadlineOnly) {
    const session_record before = record_with("count", "7");
    const std::string cookie = insert(*store_, before);
    session_record change = record_with("count", "8");
    change.owner = "mallory";
    change.used = now + seconds{60};
    change.idle_deadline = before.absolute_deadline + seconds{1};
    change.absolute_deadline = before.absolute_deadline + seconds{2};
    const committed_change made = commit(*store_, operation::touch, cookie, change);
    ASSERT_EQ(made.outcome, session_commit::committed);
    session_record expected = before;
    expected.used = change.used;
    expected.idle_deadline = before.absolute_deadline;
    EXPECT_EQ(loaded(*store_, made.token), expected);
    EXPECT_EQ(commit(*store_, operation::touch, "forged", change).outcome, session_commit::gone);
}

TEST_P(CookieSessions, KeepTimesWithinWhatTheFormatHolds) {
    session_record record = record_with("count", "7");
    record.issued = session_time{seconds{-5}};
    record.idle_deadline = session_time::max();
    record.absolute_deadline = session_time{seconds{(std::int64_t{1} << 40) - 1}};
    const session_record kept = loaded(*store_, insert(*store_, record));
    EXPECT_EQ(kept.issued, session_time{});
    EXPECT_EQ(kept.idle_deadline, record.absolute_deadline);
    EXPECT_EQ(kept.absolute_deadline, record.absolute_deadline);
}

TEST_P(CookieSessions, EraseByForgettingTheCookie) {
    const committed_change made = commit(*store_, operation::erase, "anything", {});
    EXPECT_EQ(made.outcome, session_commit::committed);
    EXPECT_TRUE(made.into.token.empty());
}

// 4,096 bytes of name, "=" and value. A value of base64url never has 4 n + 1 characters.
TEST_P(CookieSessions, FillACookieToTheLastByteThatBrowsersKeep) {
    const auto fits = GetParam().store({.secret = secret}, "n");     // leaves 4,094
    const auto longer = GetParam().store({.secret = secret}, "nn");  // leaves 4,093
    const auto shorter = GetParam().store({.secret = secret}, "");   // leaves 4,095
    std::string cookie;
    session_record record;
    for (std::size_t size = 2900; cookie.size() < 4094; ++size) {
        record = record_with("k", std::string(size, '1'));
        cookie = insert(*fits, record);
        ASSERT_EQ(load(*fits, cookie), session_load::found);
    }
    EXPECT_EQ(cookie.size(), 4094U);
    EXPECT_EQ(commit(*longer, operation::insert, "", record).outcome, session_commit::too_large);
    const std::string json = std::string{*record.values.find("k")} + '1';
    const session_record larger = record_with("k", json);  // one byte more, one character more
    const committed_change refused = commit(*fits, operation::insert, "", larger);
    EXPECT_EQ(refused.outcome, session_commit::too_large);
    EXPECT_TRUE(refused.into.token.empty());
    const std::string largest = insert(*shorter, larger);
    EXPECT_EQ(largest.size(), 4095U);
    EXPECT_EQ(load(*shorter, largest), session_load::found);
    EXPECT_EQ(commit(*shorter, operation::insert, "", record_with("k", json + '1')).outcome,
              session_commit::too_large);
}

TEST_P(CookieSessions, RefuseARecordOfAnySizeBeyondThat) {
    for (const std::size_t size : {4096U, 10'000U, 1'000'000U}) {
        EXPECT_EQ(commit(*store_, operation::insert, "", record_with("k", std::string(size, '1')))
                      .outcome,
                  session_commit::too_large);
    }
}

TEST_P(CookieSessions, MakeAnewWhatAnOldSecretMade) {
    const std::string cookie =
        insert(*GetParam().store({.secret = other_secret}), record_with("a", "1"));
    const auto rotated = GetParam().store({.secret = secret, .old_secrets = {other_secret}});
    stored_session into;
    ASSERT_EQ(rotated->load(session_token{cookie}, now, into), session_load::found);
    EXPECT_TRUE(into.wants_renewal);
    const std::string renewed = commit(*rotated, operation::touch, cookie, into.record).token;
    ASSERT_EQ(rotated->load(session_token{renewed}, now, into), session_load::found);
    EXPECT_FALSE(into.wants_renewal);
    EXPECT_EQ(into.record, record_with("a", "1"));
    EXPECT_EQ(load(*GetParam().store({.secret = secret}), renewed), session_load::found);
    EXPECT_EQ(load(*GetParam().store({.secret = other_secret}), renewed), session_load::invalid);
}

TEST_P(CookieSessions, RefuseEmptyAndEqualSecrets) {
    for (const cookie_session_settings& settings :
         {cookie_session_settings{.secret = ""},
          cookie_session_settings{.secret = secret, .old_secrets = {""}},
          cookie_session_settings{.secret = secret, .old_secrets = {secret}},
          cookie_session_settings{.secret = secret, .old_secrets = {other_secret, other_secret}}}) {
        EXPECT_THROW(static_cast<void>(GetParam().make(settings)), setup_error);
    }
}

TEST_P(CookieSessions, TolerateShortSecretsInDevelopmentOnly) {
    const std::string short_secret(31, 's');
    for (const cookie_session_settings& settings :
         {cookie_session_settings{.secret = short_secret},
          cookie_session_settings{.secret = secret, .old_secrets = {short_secret}}}) {
        const auto store = GetParam().make(settings);
        try {
            store->prepare({.cookie_name = "session"});
            ADD_FAILURE() << "a short secret was accepted";
        } catch (const setup_error& error) {
            EXPECT_NE(std::string{error.what()}.find("openssl rand -base64 32"), std::string::npos);
            EXPECT_EQ(std::string{error.what()}.find(short_secret), std::string::npos);
        }
        store->prepare({.cookie_name = "session", .development = true});
        EXPECT_EQ(load(*store, insert(*store, record_with("count", "7"))), session_load::found);
    }
    EXPECT_NO_THROW(static_cast<void>(GetParam().store({.secret = std::string(32, 's')})));
}

TEST_P(CookieSessions, ServeOneApp) {
    EXPECT_THROW(store_->prepare({.cookie_name = "session"}), setup_error);
}

TEST_P(CookieSessions, ServeNobodyBeforeTheyArePrepared) {
    const auto store = GetParam().make({.secret = secret});
    EXPECT_EQ(load(*store, "x"), session_load::failed);
    EXPECT_EQ(commit(*store, operation::insert, "", record_with("a", "1")).outcome,
              session_commit::unavailable);
}

}  // namespace
}  // namespace cloakroom
