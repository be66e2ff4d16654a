// SPDX-License-Identifier: MIT
// What every session store keeps to, rule by rule, each as a function that lists the violations it
// found. <cloakroom/testing/session_store_contract.hpp> makes GoogleTests of them.
#pragma once

#include <cloakroom/session_store.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cloakroom::testing {

/// A store to be tried, and what is special about it.
struct session_store_under_test {
    std::string name;  ///< For messages.

    /// Makes a store that holds no session, and shares none with others that it made. Each rule
    /// calls it, and prepares the store it gets.
    std::function<std::shared_ptr<session_store>()> make;

    /// False for a store whose format has no place for owner and label.
    bool keeps_names = true;

    /// False for a store whose format has no place for the four times of a record, so that it makes
    /// its own of what it has.
    bool keeps_times = true;

    /// How often a race between threads is run. Fewer for a store that takes long to answer.
    unsigned races = 50;
};

/// One sentence for each violation; empty when there is none.
using violations = std::vector<std::string>;

/// The rules. A rule about something that a store does not promise (session_capabilities) finds
/// nothing in it. They use a clock of their own, and call the store from several threads.
namespace session_store_rules {

using rule = violations(const session_store_under_test& given);

// Tokens.
rule a_load_finds_what_was_inserted;
rule a_store_serves_in_development_too;
rule a_ping_is_answered;
rule tokens_are_cookie_values;
rule tokens_are_fresh;
rule tokens_open_only_their_own_session;
rule an_insert_ignores_the_token_it_is_given;
rule bad_tokens_open_nothing;
rule bad_tokens_change_nothing;
rule foreign_tokens_are_not_adopted;

// Replace, touch, rename and erase.
rule a_replace_stores_the_new_contents;
rule a_replace_of_a_stale_version_is_a_conflict;
rule a_touch_moves_the_idle_deadline_alone;
rule a_touch_stays_below_the_absolute_deadline;
rule a_rename_moves_the_session_to_a_new_token;
rule a_rename_leaves_the_old_token_dead;
rule a_rename_of_a_stale_version_is_a_conflict;
rule an_erase_ends_the_session;
rule an_erase_can_be_repeated;
rule nothing_revives_an_ended_session;

// Contents and times.
rule contents_come_back_byte_for_byte;
rule what_is_too_large_leaves_the_session_as_it_was;
rule owner_and_label_come_back;
rule a_session_ends_at_its_idle_deadline;
rule a_session_ends_at_its_absolute_deadline;
rule an_expired_session_is_gone_to_every_change;
rule the_clock_is_the_argument;

// Sessions by their owner.
rule a_list_shows_the_sessions_of_the_owner;
rule a_list_marks_the_current_session;
rule a_list_leaves_out_what_has_ended;
rule a_rename_gives_the_session_an_owner;
rule a_handle_ends_one_session;
rule a_handle_of_another_owner_ends_nothing;
rule a_handle_opens_nothing;
rule an_end_of_all_ends_the_sessions_of_the_owner;
rule an_end_of_all_spares_the_session_that_is_renamed_next;

// Races between threads.
rule racing_replaces_lose_nothing;
rule a_racing_replace_revives_nothing;
rule racing_renames_have_one_winner;
rule an_end_of_all_reaches_a_session_that_is_being_renamed;

}  // namespace session_store_rules
}  // namespace cloakroom::testing
