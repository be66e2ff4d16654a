// SPDX-License-Identifier: MIT
// The GoogleTests that every session store passes: those of Cloakroom, and yours. The only header
// that includes GoogleTest. Include it in one source file of a test program:
//
//     using cloakroom::testing::SessionStoreContract;
//     INSTANTIATE_TEST_SUITE_P(MyStore, SessionStoreContract,
//         ::testing::Values(cloakroom::testing::session_store_under_test{
//             .name = "MyStore", .make = [] { return std::make_shared<my_store>(); }}));
//
// For an async_session_store see <cloakroom/testing/awaited_session_store.hpp>.
#pragma once

#include <cloakroom/testing/session_store_rules.hpp>

#include <gtest/gtest.h>

#include <ostream>

namespace cloakroom::testing {

// GoogleTest calls it by this name.
inline void PrintTo(const session_store_under_test& given, std::ostream* to) {  // NOLINT
    *to << given.name;
}

/// One test a rule. A rule about something that the store does not promise finds nothing in it.
class SessionStoreContract  // NOLINT: a test suite is named as GoogleTest names it
    : public ::testing::TestWithParam<session_store_under_test> {
protected:
    static void check(session_store_rules::rule& rule) {
        for (const std::string& each : rule(GetParam())) {
            ADD_FAILURE() << GetParam().name << ": " << each;
        }
    }
};

TEST_P(SessionStoreContract, ALoadFindsWhatWasInserted) {
    check(session_store_rules::a_load_finds_what_was_inserted);
}

TEST_P(SessionStoreContract, AStoreServesInDevelopmentToo) {
    check(session_store_rules::a_store_serves_in_development_too);
}

TEST_P(SessionStoreContract, APingIsAnswered) {
    check(session_store_rules::a_ping_is_answered);
}

TEST_P(SessionStoreContract, TokensAreCookieValues) {
    check(session_store_rules::tokens_are_cookie_values);
}

TEST_P(SessionStoreContract, TokensAreFresh) {
    check(session_store_rules::tokens_are_fresh);
}

TEST_P(SessionStoreContract, TokensOpenOnlyTheirOwnSession) {
    check(session_store_rules::tokens_open_only_their_own_session);
}

TEST_P(SessionStoreContract, AnInsertIgnoresTheTokenItIsGiven) {
    check(session_store_rules::an_insert_ignores_the_token_it_is_given);
}

TEST_P(SessionStoreContract, BadTokensOpenNothing) {
    check(session_store_rules::bad_tokens_open_nothing);
}

TEST_P(SessionStoreContract, BadTokensChangeNothing) {
    check(session_store_rules::bad_tokens_change_nothing);
}

TEST_P(SessionStoreContract, ForeignTokensAreNotAdopted) {
    check(session_store_rules::foreign_tokens_are_not_adopted);
}

TEST_P(SessionStoreContract, AReplaceStoresTheNewContents) {
    check(session_store_rules::a_replace_stores_the_new_contents);
}

TEST_P(SessionStoreContract, AReplaceOfAStaleVersionIsAConflict) {
    check(session_store_rules::a_replace_of_a_stale_version_is_a_conflict);
}

TEST_P(SessionStoreContract, ATouchMovesTheIdleDeadlineAlone) {
    check(session_store_rules::a_touch_moves_the_idle_deadline_alone);
}

TEST_P(SessionStoreContract, ATouchStaysBelowTheAbsoluteDeadline) {
    check(session_store_rules::a_touch_stays_below_the_absolute_deadline);
}

TEST_P(SessionStoreContract, ARenameMovesTheSessionToANewToken) {
    check(session_store_rules::a_rename_moves_the_session_to_a_new_token);
}

TEST_P(SessionStoreContract, ARenameLeavesTheOldTokenDead) {
    check(session_store_rules::a_rename_leaves_the_old_token_dead);
}

TEST_P(SessionStoreContract, ARenameOfAStaleVersionIsAConflict) {
    check(session_store_rules::a_rename_of_a_stale_version_is_a_conflict);
}

TEST_P(SessionStoreContract, AnEraseEndsTheSession) {
    check(session_store_rules::an_erase_ends_the_session);
}

TEST_P(SessionStoreContract, AnEraseCanBeRepeated) {
    check(session_store_rules::an_erase_can_be_repeated);
}

TEST_P(SessionStoreContract, NothingRevivesAnEndedSession) {
    check(session_store_rules::nothing_revives_an_ended_session);
}

TEST_P(SessionStoreContract, ContentsComeBackByteForByte) {
    check(session_store_rules::contents_come_back_byte_for_byte);
}

TEST_P(SessionStoreContract, WhatIsTooLargeLeavesTheSessionAsItWas) {
    check(session_store_rules::what_is_too_large_leaves_the_session_as_it_was);
}

TEST_P(SessionStoreContract, OwnerAndLabelComeBack) {
    check(session_store_rules::owner_and_label_come_back);
}

TEST_P(SessionStoreContract, ASessionEndsAtItsIdleDeadline) {
    check(session_store_rules::a_session_ends_at_its_idle_deadline);
}

TEST_P(SessionStoreContract, ASessionEndsAtItsAbsoluteDeadline) {
    check(session_store_rules::a_session_ends_at_its_absolute_deadline);
}

TEST_P(SessionStoreContract, AnExpiredSessionIsGoneToEveryChange) {
    check(session_store_rules::an_expired_session_is_gone_to_every_change);
}

TEST_P(SessionStoreContract, TheClockIsTheArgument) {
    check(session_store_rules::the_clock_is_the_argument);
}

TEST_P(SessionStoreContract, AListShowsTheSessionsOfTheOwner) {
    check(session_store_rules::a_list_shows_the_sessions_of_the_owner);
}

TEST_P(SessionStoreContract, AListMarksTheCurrentSession) {
    check(session_store_rules::a_list_marks_the_current_session);
}

TEST_P(SessionStoreContract, AListLeavesOutWhatHasEnded) {
    check(session_store_rules::a_list_leaves_out_what_has_ended);
}

TEST_P(SessionStoreContract, ARenameGivesTheSessionAnOwner) {
    check(session_store_rules::a_rename_gives_the_session_an_owner);
}

TEST_P(SessionStoreContract, AHandleEndsOneSession) {
    check(session_store_rules::a_handle_ends_one_session);
}

TEST_P(SessionStoreContract, AHandleOfAnotherOwnerEndsNothing) {
    check(session_store_rules::a_handle_of_another_owner_ends_nothing);
}

TEST_P(SessionStoreContract, AHandleOpensNothing) {
    check(session_store_rules::a_handle_opens_nothing);
}

TEST_P(SessionStoreContract, AnEndOfAllEndsTheSessionsOfTheOwner) {
    check(session_store_rules::an_end_of_all_ends_the_sessions_of_the_owner);
}

TEST_P(SessionStoreContract, AnEndOfAllSparesTheSessionThatIsRenamedNext) {
    check(session_store_rules::an_end_of_all_spares_the_session_that_is_renamed_next);
}

TEST_P(SessionStoreContract, RacingReplacesLoseNothing) {
    check(session_store_rules::racing_replaces_lose_nothing);
}

TEST_P(SessionStoreContract, ARacingReplaceRevivesNothing) {
    check(session_store_rules::a_racing_replace_revives_nothing);
}

TEST_P(SessionStoreContract, RacingRenamesHaveOneWinner) {
    check(session_store_rules::racing_renames_have_one_winner);
}

TEST_P(SessionStoreContract, AnEndOfAllReachesASessionThatIsBeingRenamed) {
    check(session_store_rules::an_end_of_all_reaches_a_session_that_is_being_renamed);
}

}  // namespace cloakroom::testing
