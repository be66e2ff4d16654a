// SPDX-License-Identifier: MIT
#include "session/spilling_sessions.hpp"

#include "cookie_fixture.hpp"
#include <cloakroom/memory_sessions.hpp>

namespace cloakroom {
namespace {

class SpillingSessions : public ::testing::TestWithParam<cookie_kind> {
protected:
    std::shared_ptr<session_store> larger_ = memory_sessions({.session_bytes = 10'000});
    std::unique_ptr<session_store> store_ =
        GetParam().store({.secret = secret, .spill_to = larger_});
};

INSTANTIATE_TEST_SUITE_P(All, SpillingSessions, ::testing::ValuesIn(cookie_kinds), name_of_kind);

TEST_P(SpillingSessions, StayInTheCookieWhileTheyFit) {
    const std::string cookie = insert(*store_, record_with("k", "1"));
    EXPECT_EQ(load(*GetParam().store(), cookie), session_load::found);
    EXPECT_EQ(loaded(*store_, cookie), record_with("k", "1"));
}

TEST_P(SpillingSessions, GoToTheLargerStoreWhenTheyAreTooLarge) {
    const std::string token = insert(*store_, record_with("k", large));
    EXPECT_EQ(token.size(), 44U);
    EXPECT_EQ(token.front(), '~');
    EXPECT_EQ(loaded(*store_, token), record_with("k", large));
    EXPECT_EQ(loaded(*larger_, token.substr(1)), record_with("k", large));
    EXPECT_EQ(load(*GetParam().store(), token), session_load::invalid);
}

TEST_P(SpillingSessions, GoThereWhenAChangeMakesThemTooLarge) {
    for (const operation what : {operation::replace, operation::rename}) {
        const std::string cookie = insert(*store_, record_with("k", "1"));
        const committed_change made = commit(*store_, what, cookie, record_with("k", large));
        ASSERT_EQ(made.outcome, session_commit::committed);
        EXPECT_EQ(made.token.front(), '~');
        stored_session into;
        ASSERT_EQ(store_->load(session_token{made.token}, now, into), session_load::found);
        EXPECT_EQ(into.record, record_with("k", large));
        EXPECT_EQ(into.version, made.into.version);
    }
}

TEST_P(SpillingSessions, StayThereAlsoWhenTheyFitAgain) {
    const std::string token = insert(*store_, record_with("k", large));
    const committed_change made =
        commit(*store_, operation::replace, token, record_with("k", "1"), now, 1);
    ASSERT_EQ(made.outcome, session_commit::committed);
    EXPECT_TRUE(made.into.token.empty());
    EXPECT_EQ(loaded(*larger_, token.substr(1)), record_with("k", "1"));
}

TEST_P(SpillingSessions, CountThoseThatAreThere) {
    static_cast<void>(insert(*store_, record_with("k", "1")));
    static_cast<void>(insert(*store_, record_with("k", large)));
    EXPECT_EQ(store_->metrics().sessions, 1U);
}

TEST_P(SpillingSessions, CompareAndSwapThere) {
    const std::string token = insert(*store_, record_with("k", large));
    EXPECT_EQ(commit(*store_, operation::replace, token, record_with("k", "2"), now, 1).outcome,
              session_commit::committed);
    const committed_change late =
        commit(*store_, operation::replace, token, record_with("k", "3"), now, 1);
    EXPECT_EQ(late.outcome, session_commit::conflict);
    EXPECT_EQ(late.into.current.record, record_with("k", "2"));
}

TEST_P(SpillingSessions, AreTouchedRenamedAndErasedThere) {
    const std::string token = insert(*store_, record_with("k", large));
    session_record used = record_with("k", large);
    used.used = now + seconds{60};
    ASSERT_EQ(commit(*store_, operation::touch, token, used).outcome, session_commit::committed);
    EXPECT_EQ(loaded(*larger_, token.substr(1)), used);
    const committed_change renamed = commit(*store_, operation::rename, token, used, now, 1);
    ASSERT_EQ(renamed.outcome, session_commit::committed);
    EXPECT_EQ(renamed.token.front(), '~');
    EXPECT_NE(renamed.token, token);
    EXPECT_EQ(load(*store_, token), session_load::absent);
    EXPECT_EQ(loaded(*store_, renamed.token), used);
    EXPECT_EQ(commit(*store_, operation::erase, renamed.token, {}).outcome,
              session_commit::committed);
    EXPECT_EQ(load(*store_, renamed.token), session_load::absent);
    EXPECT_EQ(commit(*store_, operation::replace, renamed.token, used, now, 1).outcome,
              session_commit::gone);
}

// Half an hour later is a byte more.
TEST_P(SpillingSessions, GoThereWhenATouchMakesThemTooLarge) {
    const auto cookies = GetParam().store();
    session_record record;
    for (std::size_t size = 2900;; ++size) {
        const session_record one_more = record_with("k", std::string(size, '1'));
        if (commit(*cookies, operation::insert, "", one_more).outcome !=
            session_commit::committed) {
            break;
        }
        record = one_more;
    }
    const std::string cookie = insert(*store_, record);
    session_record change;  // its contents are not to be used
    change.used = now + std::chrono::minutes{30};
    change.idle_deadline = change.used + std::chrono::hours{1};
    const committed_change made = commit(*store_, operation::touch, cookie, change);
    ASSERT_EQ(made.outcome, session_commit::committed);
    EXPECT_EQ(made.token.front(), '~');
    record.used = change.used;
    record.idle_deadline = change.idle_deadline;
    EXPECT_EQ(loaded(*store_, made.token), record);
}

TEST_P(SpillingSessions, RefuseWhatIsTooLargeForBoth) {
    const committed_change made =
        commit(*store_, operation::insert, "", record_with("k", std::string(10'001, '1')));
    EXPECT_EQ(made.outcome, session_commit::too_large);
    EXPECT_TRUE(made.into.token.empty());
}

TEST_P(SpillingSessions, RefuseReferencesToNothing) {
    const std::string token = insert(*store_, record_with("k", large));
    EXPECT_EQ(load(*store_, "~"), session_load::invalid);
    EXPECT_EQ(load(*store_, "~~" + token.substr(1)), session_load::invalid);
    EXPECT_EQ(load(*store_, token + "A"), session_load::invalid);
    EXPECT_EQ(load(*store_, token.substr(1)), session_load::invalid);
    EXPECT_EQ(load(*store_, "~" + std::string(43, 'A')), session_load::absent);
    EXPECT_EQ(load(*store_, "~" + insert(*store_, record_with("k", "1"))), session_load::invalid);
}

TEST_P(SpillingSessions, PromiseWhatBothPromise) {
    const bool is_sealed = GetParam().store()->capabilities().confidential;
    EXPECT_EQ(store_->capabilities(),
              (session_capabilities{.confidential = is_sealed, .bounded = true}));
}

}  // namespace
}  // namespace cloakroom
