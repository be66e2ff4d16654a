// SPDX-License-Identifier: MIT
// Each rule of the contract finds the store that breaks it.
#include "wrong_store.hpp"
#include <cloakroom/testing/session_store_rules.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>

namespace cloakroom::testing {
namespace {

using namespace session_store_rules;

struct broken_rule {
    const char* name;
    rule* check;
    defect by;

    friend void PrintTo(const broken_rule& of, std::ostream* to) { *to << of.name; }
};

const broken_rule broken_rules[] = {
    {"ALoadFindsWhatWasInserted", &a_load_finds_what_was_inserted, defect::loses_contents},
    {"AStoreServesInDevelopmentToo", &a_store_serves_in_development_too, defect::needs_production},
    {"APingIsAnswered", &a_ping_is_answered, defect::denies_that_it_answers},
    {"TokensAreCookieValues", &tokens_are_cookie_values, defect::gives_semicolons},
    {"TokensAreFresh", &tokens_are_fresh, defect::counts_tokens},
    {"TokensOpenOnlyTheirOwnSession", &tokens_open_only_their_own_session,
     defect::opens_the_latest_session},
    {"AnInsertIgnoresTheTokenItIsGiven", &an_insert_ignores_the_token_it_is_given,
     defect::adopts_the_token_of_an_insert},
    {"BadTokensOpenNothing", &bad_tokens_open_nothing, defect::takes_tokens_that_go_on},
    {"BadTokensChangeNothing", &bad_tokens_change_nothing, defect::throws_on_malformed_tokens},
    {"ForeignTokensAreNotAdopted", &foreign_tokens_are_not_adopted, defect::adopts_foreign_tokens},
    {"AReplaceStoresTheNewContents", &a_replace_stores_the_new_contents,
     defect::keeps_the_old_label},
    {"AReplaceOfAStaleVersionIsAConflict", &a_replace_of_a_stale_version_is_a_conflict,
     defect::replaces_blindly},
    {"ATouchMovesTheIdleDeadlineAlone", &a_touch_moves_the_idle_deadline_alone,
     defect::touches_everything},
    {"ATouchStaysBelowTheAbsoluteDeadline", &a_touch_stays_below_the_absolute_deadline,
     defect::touches_beyond_the_absolute_deadline},
    {"ARenameMovesTheSessionToANewToken", &a_rename_moves_the_session_to_a_new_token,
     defect::renames_to_the_same_token},
    {"ARenameLeavesTheOldTokenDead", &a_rename_leaves_the_old_token_dead,
     defect::keeps_the_old_token},
    {"ARenameOfAStaleVersionIsAConflict", &a_rename_of_a_stale_version_is_a_conflict,
     defect::renames_blindly},
    {"AnEraseEndsTheSession", &an_erase_ends_the_session, defect::never_erases},
    {"AnEraseCanBeRepeated", &an_erase_can_be_repeated, defect::erases_once},
    {"NothingRevivesAnEndedSession", &nothing_revives_an_ended_session, defect::revives_by_a_touch},
    {"ContentsComeBackByteForByte", &contents_come_back_byte_for_byte, defect::cuts_contents},
    {"WhatIsTooLargeLeavesTheSessionAsItWas", &what_is_too_large_leaves_the_session_as_it_was,
     defect::drops_what_grows_too_large},
    {"OwnerAndLabelComeBack", &owner_and_label_come_back, defect::cuts_labels},
    {"ASessionEndsAtItsIdleDeadline", &a_session_ends_at_its_idle_deadline,
     defect::expires_a_second_late},
    {"ASessionEndsAtItsAbsoluteDeadline", &a_session_ends_at_its_absolute_deadline,
     defect::ignores_the_absolute_deadline},
    {"AnExpiredSessionIsGoneToEveryChange", &an_expired_session_is_gone_to_every_change,
     defect::changes_expired_sessions},
    {"TheClockIsTheArgument", &the_clock_is_the_argument, defect::looks_at_the_system_clock},
    {"AListShowsTheSessionsOfTheOwner", &a_list_shows_the_sessions_of_the_owner,
     defect::lists_similar_owners},
    {"AListMarksTheCurrentSession", &a_list_marks_the_current_session, defect::marks_no_session},
    {"AListLeavesOutWhatHasEnded", &a_list_leaves_out_what_has_ended,
     defect::lists_expired_sessions},
    {"ARenameGivesTheSessionAnOwner", &a_rename_gives_the_session_an_owner,
     defect::renames_without_the_owner},
    {"AHandleEndsOneSession", &a_handle_ends_one_session, defect::ends_all_by_a_handle},
    {"AHandleOfAnotherOwnerEndsNothing", &a_handle_of_another_owner_ends_nothing,
     defect::ends_sessions_of_others},
    {"AHandleOpensNothing", &a_handle_opens_nothing, defect::gives_tokens_as_handles},
    {"AnEndOfAllEndsTheSessionsOfTheOwner", &an_end_of_all_ends_the_sessions_of_the_owner,
     defect::ends_only_some},
    {"AnEndOfAllSparesTheSessionThatIsRenamedNext",
     &an_end_of_all_spares_the_session_that_is_renamed_next, defect::spares_nothing},
    {"RacingReplacesLoseNothing", &racing_replaces_lose_nothing, defect::replaces_in_two_steps},
    {"ARacingReplaceRevivesNothing", &a_racing_replace_revives_nothing, defect::revives_in_a_race},
    {"RacingRenamesHaveOneWinner", &racing_renames_have_one_winner, defect::renames_in_two_steps},
    {"AnEndOfAllReachesASessionThatIsBeingRenamed",
     &an_end_of_all_reaches_a_session_that_is_being_renamed, defect::renames_out_of_reach},
};

// How a failing_store fails.
enum class failure { is_away, throws_on_changes, conflicts_for_ever };

/// A reference_store that is no store to rely on.
class failing_store final : public reference_store {
public:
    explicit failing_store(failure how) : how_(how) {}

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        if (how_ == failure::is_away) {
            return session_commit::unavailable;
        }
        if (change.what != operation::insert && how_ == failure::throws_on_changes) {
            throw std::runtime_error("the store is broken");
        }
        if (change.what != operation::insert) {
            into.current = {change.record, change.expected};
            return session_commit::conflict;
        }
        return reference_store::commit(change, now, into);
    }

private:
    const failure how_;
};

violations found_in(rule& check, failure how) {
    return check({.name = "failing",
                  .make = [how] { return std::make_shared<failing_store>(how); },
                  .races = 2});
}

class SessionStoreRules : public ::testing::TestWithParam<broken_rule> {};

INSTANTIATE_TEST_SUITE_P(All, SessionStoreRules, ::testing::ValuesIn(broken_rules),
                         [](const auto& each) { return std::string{each.param.name}; });

TEST_P(SessionStoreRules, FindTheStoreThatBreaksThem) {
    const session_store_under_test wrong{
        .name = "wrong",
        .make = [] { return std::make_shared<wrong_store>(GetParam().by); },
        .races = 20};

    EXPECT_NE(GetParam().check(wrong), violations{});
}

TEST_P(SessionStoreRules, FindNothingInAStoreWithoutADefect) {
    const session_store_under_test right{
        .name = "right",
        .make = [] { return std::make_shared<wrong_store>(defect::none); },
        .races = 20};

    EXPECT_EQ(GetParam().check(right), violations{});
}

TEST_P(SessionStoreRules, FindAStoreThatIsAway) {
    const violations found = found_in(*GetParam().check, failure::is_away);

    // These two only look at what must not be there.
    const bool finds_nothing = GetParam().check == &an_insert_ignores_the_token_it_is_given ||
                               GetParam().check == &foreign_tokens_are_not_adopted;
    ASSERT_EQ(found.empty(), finds_nothing);
    EXPECT_TRUE(finds_nothing || found.front().find("unavailable") != std::string::npos);
}

TEST(SessionStoreRulesOfRaces, FindAStoreThatThrows) {
    EXPECT_EQ(found_in(racing_replaces_lose_nothing, failure::throws_on_changes).front(),
              "it threw: the store is broken");
}

TEST(SessionStoreRulesOfRaces, FindAStoreThatConflictsForEver) {
    const violations found = found_in(racing_replaces_lose_nothing, failure::conflicts_for_ever);

    EXPECT_EQ(found.front(),
              "a replace of the version that a conflict gave is a conflict, ever again");
}

}  // namespace
}  // namespace cloakroom::testing
