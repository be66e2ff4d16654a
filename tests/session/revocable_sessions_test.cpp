// SPDX-License-Identifier: MIT
#include "session/revocable_sessions.hpp"

#include "cookie_fixture.hpp"
#include <cloakroom/setup_error.hpp>

#include <set>

namespace cloakroom {
namespace {

using answer = session_revocations::answer;
using outcome = session_revocations::outcome;

// Revocations that can be away.
class revocations_apart : public session_revocations {
public:
    void prepare(std::chrono::seconds longest) override { kept_->prepare(longest); }
    answer has_ended(std::string_view id, std::string_view owner, session_time issued,
                     session_time when) override {
        return is_away ? answer::unknown : kept_->has_ended(id, owner, issued, when);
    }
    outcome end(std::string_view id, session_time until, session_time when) override {
        return is_away ? outcome::unavailable : kept_->end(id, until, when);
    }
    outcome end_all(std::string_view owner, std::string_view spared, session_time when) override {
        return is_away ? outcome::unavailable : kept_->end_all(owner, spared, when);
    }
    std::optional<session_time> issue_time(std::string_view owner, session_time wanted) override {
        return is_away ? std::nullopt : kept_->issue_time(owner, wanted);
    }

    bool is_away = false;

private:
    std::unique_ptr<session_revocations> kept_ = memory_revocations();
};

class RevocableSessions : public ::testing::TestWithParam<cookie_kind> {
protected:
    std::unique_ptr<session_store> with_policy(when_unknown policy) {
        return GetParam().store(
            {.secret = secret, .revocations = revocation_setting(revocations_, policy)});
    }

    std::shared_ptr<revocations_apart> revocations_ = std::make_shared<revocations_apart>();
    std::unique_ptr<session_store> store_ = with_policy(when_unknown::refuse);
};

INSTANTIATE_TEST_SUITE_P(All, RevocableSessions, ::testing::ValuesIn(cookie_kinds), name_of_kind);

TEST_P(RevocableSessions, LoadWhatTheyCommittedWithoutTheId) {
    session_record record = record_of("alice");
    std::string cookie = insert(*store_, record);
    EXPECT_EQ(loaded(*store_, cookie), record);
    record.values.set("count", "8");
    cookie = commit(*store_, operation::replace, cookie, record).token;
    EXPECT_EQ(loaded(*store_, cookie), record);
    record.used = now + seconds{1};
    cookie = commit(*store_, operation::touch, cookie, record).token;
    EXPECT_EQ(loaded(*store_, cookie), record);
    record.issued = now + seconds{1};
    cookie = commit(*store_, operation::rename, cookie, record).token;
    EXPECT_EQ(loaded(*store_, cookie), record);
}

TEST_P(RevocableSessions, GiveEachSessionAnIdThatLastsUntilItIsRenamed) {
    const auto bare = GetParam().store();
    const auto id_of = [&](const std::string& cookie) {
        return std::string{loaded(*bare, cookie).values.find(session_id_key).value_or("none")};
    };
    const std::string cookie = insert(*store_, record_of("alice"));
    const std::string id = id_of(cookie);
    EXPECT_EQ(id.size(), 24U);  // 22 characters in quotation marks
    EXPECT_EQ(id_of(commit(*store_, operation::replace, cookie, record_of("alice")).token), id);
    EXPECT_EQ(id_of(commit(*store_, operation::touch, cookie, record_of("alice")).token), id);
    std::set<std::string> ids{id};
    ids.insert(id_of(commit(*store_, operation::rename, cookie, record_of("alice")).token));
    ids.insert(id_of(insert(*store_, record_of("alice"))));
    EXPECT_EQ(ids.size(), 3U);
}

TEST_P(RevocableSessions, KeepTheirIdWhateverAHandlerSets) {
    session_record record = record_of("alice");
    const std::string cookie = insert(*store_, record);
    record.values.set(session_id_key, "\"AAAAAAAAAAAAAAAAAAAAAA\"");
    const std::string changed = commit(*store_, operation::replace, cookie, record).token;
    EXPECT_EQ(loaded(*store_, changed), record_of("alice"));
    EXPECT_EQ(commit(*store_, operation::erase, cookie, {}).outcome, session_commit::committed);
    EXPECT_EQ(load(*store_, changed), session_load::absent);
}

TEST_P(RevocableSessions, AreDeadAfterEraseInEveryCookie) {
    const std::string first = insert(*store_, record_of("alice"));
    const std::string second = commit(*store_, operation::replace, first, record_of("alice")).token;
    const std::string other = insert(*store_, record_of("alice"));
    EXPECT_EQ(commit(*store_, operation::erase, second, {}).outcome, session_commit::committed);
    EXPECT_EQ(load(*store_, first), session_load::absent);
    EXPECT_EQ(load(*store_, second), session_load::absent);
    EXPECT_EQ(load(*store_, other), session_load::found);
    for (const operation what : {operation::replace, operation::touch, operation::rename}) {
        const committed_change late = commit(*store_, what, first, record_of("alice"));
        EXPECT_EQ(late.outcome, session_commit::gone);
        EXPECT_TRUE(late.into.token.empty());
    }
    EXPECT_EQ(commit(*store_, operation::erase, first, {}).outcome, session_commit::committed);
}

// A cookie that has run out may not be the only one of its session.
TEST_P(RevocableSessions, AreDeadAfterEraseByACookieThatHasRunOut) {
    const std::string first = insert(*store_, record_of("alice"));
    session_record used = record_of("alice");
    used.idle_deadline = now + std::chrono::hours{3};
    const std::string second = commit(*store_, operation::touch, first, used).token;
    const session_time later = now + std::chrono::hours{2};
    ASSERT_EQ(load(*store_, first, later), session_load::absent);
    ASSERT_EQ(load(*store_, second, later), session_load::found);
    EXPECT_EQ(commit(*store_, operation::erase, first, {}, later).outcome,
              session_commit::committed);
    EXPECT_EQ(load(*store_, second, later), session_load::absent);
}

TEST_P(RevocableSessions, AreDeadUnderTheirOldIdAfterRename) {
    const std::string old = insert(*store_, record_of(""));
    const committed_change made = commit(*store_, operation::rename, old, record_of("alice"));
    ASSERT_EQ(made.outcome, session_commit::committed);
    EXPECT_EQ(load(*store_, old), session_load::absent);
    EXPECT_EQ(loaded(*store_, made.token), record_of("alice"));
    EXPECT_EQ(commit(*store_, operation::rename, old, record_of("mallory")).outcome,
              session_commit::gone);
}

TEST_P(RevocableSessions, EndAllOfAnOwner) {
    const std::string one = insert(*store_, record_of("alice", now - seconds{5}));
    const std::string two = insert(*store_, record_of("alice"));
    const std::string other = insert(*store_, record_of("bob"));
    EXPECT_EQ(store_->end_all("alice", nullptr, now), session_commit::committed);
    EXPECT_EQ(load(*store_, one), session_load::absent);
    EXPECT_EQ(load(*store_, two), session_load::absent);
    EXPECT_EQ(load(*store_, other), session_load::found);
    for (const operation what : {operation::replace, operation::touch, operation::rename}) {
        EXPECT_EQ(commit(*store_, what, two, record_of("alice")).outcome, session_commit::gone);
    }
}

TEST_P(RevocableSessions, TakeANewLogInInTheSameSecond) {
    EXPECT_EQ(store_->end_all("alice", nullptr, now), session_commit::committed);
    const std::string inserted = insert(*store_, record_of("alice"));
    EXPECT_EQ(loaded(*store_, inserted), record_of("alice", now + seconds{1}));
    const std::string anonymous = insert(*store_, record_of(""));
    const committed_change elevated =
        commit(*store_, operation::rename, anonymous, record_of("alice"));
    EXPECT_EQ(loaded(*store_, elevated.token), record_of("alice", now + seconds{1}));
    EXPECT_EQ(store_->end_all("alice", nullptr, now), session_commit::committed);
    EXPECT_EQ(load(*store_, inserted), session_load::absent);
    EXPECT_EQ(load(*store_, elevated.token), session_load::absent);
}

TEST_P(RevocableSessions, SpareTheOneThatAsksForIt) {
    const std::string mine = insert(*store_, record_of("alice"));
    const std::string other = insert(*store_, record_of("alice"));
    const session_token held{mine};
    EXPECT_EQ(store_->end_all("alice", &held, now), session_commit::committed);
    EXPECT_EQ(load(*store_, mine), session_load::found);
    EXPECT_EQ(load(*store_, other), session_load::absent);
    EXPECT_EQ(commit(*store_, operation::rename, other, record_of("alice")).outcome,
              session_commit::gone);
    const committed_change renamed = commit(*store_, operation::rename, mine, record_of("alice"));
    ASSERT_EQ(renamed.outcome, session_commit::committed);
    EXPECT_EQ(load(*store_, renamed.token), session_load::found);
    EXPECT_EQ(load(*store_, mine), session_load::absent);
}

TEST_P(RevocableSessions, SpareNobodyForABadToken) {
    const std::string mine = insert(*store_, record_of("alice"));
    const session_token bad{"forged"};
    EXPECT_EQ(store_->end_all("alice", &bad, now), session_commit::committed);
    EXPECT_EQ(load(*store_, mine), session_load::absent);
}

TEST_P(RevocableSessions, HaveNoPlaceForCookiesWithoutAnId) {
    const auto bare = GetParam().store();
    EXPECT_EQ(load(*store_, insert(*bare, record_of("alice"))), session_load::absent);
    for (const char* json : {"7", "\"\"", "\"AAAAAAAAAAAAAAAAAAAAA\"", "null"}) {
        const std::string cookie = insert(*bare, record_with(session_id_key, json));
        EXPECT_EQ(load(*store_, cookie), session_load::absent);
        EXPECT_EQ(commit(*store_, operation::replace, cookie, record_of("alice")).outcome,
                  session_commit::gone);
    }
}

// What end_all() says is forgotten after the absolute time of today.
TEST_P(RevocableSessions, LastNoLongerThanTheAbsoluteTimeOfToday) {
    session_record record = record_of("alice");
    record.idle_deadline = record.absolute_deadline = now + std::chrono::hours{24 * 60};
    const std::string cookie = insert(*store_, record);
    const session_time end = now + std::chrono::hours{24 * 30};  // the default
    EXPECT_EQ(load(*store_, cookie, end - seconds{1}), session_load::found);
    EXPECT_EQ(load(*store_, cookie, end), session_load::absent);
}

// Else the id could be forgotten before the last of its cookies.
TEST_P(RevocableSessions, CannotBeMadeToLastLongerByAReplace) {
    const std::string cookie = insert(*store_, record_of("alice"));
    session_record record = record_of("alice", now + seconds{100});
    record.absolute_deadline = now + std::chrono::hours{100};
    const std::string replaced = commit(*store_, operation::replace, cookie, record).token;
    EXPECT_EQ(loaded(*store_, replaced), record_of("alice"));
}

TEST_P(RevocableSessions, RefuseWhenNothingIsKnownIfToldSo) {
    const std::string cookie = insert(*store_, record_of("alice"));
    revocations_->is_away = true;
    EXPECT_EQ(load(*store_, cookie), session_load::failed);
    for (const operation what :
         {operation::insert, operation::replace, operation::touch, operation::rename}) {
        const committed_change made = commit(*store_, what, cookie, record_of("alice"));
        EXPECT_EQ(made.outcome, session_commit::unavailable);
        EXPECT_TRUE(made.into.token.empty());
    }
    EXPECT_EQ(load(*store_, "forged"), session_load::invalid);
}

TEST_P(RevocableSessions, AcceptWhenNothingIsKnownIfToldSo) {
    const auto store = with_policy(when_unknown::accept);
    const std::string cookie = insert(*store, record_of("alice"));
    revocations_->is_away = true;
    EXPECT_EQ(load(*store, cookie), session_load::found);
    for (const operation what : {operation::insert, operation::replace, operation::touch}) {
        EXPECT_EQ(commit(*store, what, cookie, record_of("alice")).outcome,
                  session_commit::committed);
    }
}

TEST_P(RevocableSessions, NeverSayThatASessionHasEndedWhenThatIsNotRemembered) {
    for (const when_unknown policy : {when_unknown::refuse, when_unknown::accept}) {
        revocations_->is_away = false;
        const auto store = with_policy(policy);
        const std::string cookie = insert(*store, record_of("alice"));
        revocations_->is_away = true;
        EXPECT_EQ(commit(*store, operation::erase, cookie, {}).outcome,
                  session_commit::unavailable);
        const committed_change renamed =
            commit(*store, operation::rename, cookie, record_of("alice"));
        EXPECT_EQ(renamed.outcome, session_commit::unavailable);
        EXPECT_TRUE(renamed.into.token.empty());
        EXPECT_EQ(store->end_all("alice", nullptr, now), session_commit::unavailable);
        revocations_->is_away = false;
        EXPECT_EQ(load(*store, cookie), session_load::found);
    }
}

TEST_P(RevocableSessions, AreMadeAnewUnderANewSecretWithTheSameId) {
    const auto with_secrets = [&](cookie_session_settings settings) {
        settings.revocations = revocation_setting(revocations_, when_unknown::refuse);
        return GetParam().store(std::move(settings));
    };
    const auto rotated = with_secrets({.secret = other_secret, .old_secrets = {secret}});
    const std::string cookie = insert(*store_, record_of("alice"));
    stored_session into;
    ASSERT_EQ(rotated->load(session_token{cookie}, now, into), session_load::found);
    EXPECT_TRUE(into.wants_renewal);
    const std::string renewed = commit(*rotated, operation::touch, cookie, into.record).token;
    EXPECT_EQ(commit(*rotated, operation::erase, cookie, {}).outcome, session_commit::committed);
    EXPECT_EQ(load(*rotated, renewed), session_load::absent);
}

TEST_P(RevocableSessions, PromiseIt) {
    session_capabilities can = GetParam().store()->capabilities();
    can.revocable = can.ends_by_owner = true;
    EXPECT_EQ(store_->capabilities(), can);
}

TEST_P(RevocableSessions, NeedRevocations) {
    EXPECT_THROW(
        static_cast<void>(GetParam().make(
            {.secret = secret, .revocations = revocation_setting(nullptr, when_unknown::refuse)})),
        setup_error);
}

}  // namespace
}  // namespace cloakroom
