// SPDX-License-Identifier: MIT
// Session stores that each break one rule, so that it is seen that the contract finds it.
#pragma once

#include "reference_store.hpp"

#include <stdexcept>

namespace cloakroom {

/// What a wrong_store does wrongly.
enum class defect {
    none,
    loses_contents,
    needs_production,
    denies_that_it_answers,
    gives_semicolons,
    counts_tokens,
    opens_the_latest_session,
    adopts_the_token_of_an_insert,
    takes_tokens_that_go_on,
    throws_on_malformed_tokens,
    adopts_foreign_tokens,
    keeps_the_old_label,
    replaces_blindly,
    touches_everything,
    touches_beyond_the_absolute_deadline,
    renames_to_the_same_token,
    keeps_the_old_token,
    renames_blindly,
    never_erases,
    erases_once,
    revives_by_a_touch,
    cuts_contents,
    drops_what_grows_too_large,
    cuts_labels,
    expires_a_second_late,
    ignores_the_absolute_deadline,
    changes_expired_sessions,
    looks_at_the_system_clock,
    lists_similar_owners,
    marks_no_session,
    lists_expired_sessions,
    renames_without_the_owner,
    ends_all_by_a_handle,
    ends_sessions_of_others,
    gives_tokens_as_handles,
    ends_only_some,
    spares_nothing,
    replaces_in_two_steps,
    revives_in_a_race,
    renames_in_two_steps,
    renames_out_of_reach,
};

/// A reference_store with one defect.
class wrong_store final : public reference_store {
public:
    explicit wrong_store(defect what) : defect_(what) {}

    void prepare(const session_setting& setting) override {
        if (defect_ == defect::needs_production && setting.development) {
            throw std::runtime_error("not in development");
        }
    }

    [[nodiscard]] bool ping(session_time now) override {
        return defect_ != defect::denies_that_it_answers && reference_store::ping(now);
    }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        using std::chrono::seconds;
        switch (defect_) {
            case defect::takes_tokens_that_go_on:
                return reference_store::load(session_token{std::string{token.text().substr(0, 43)}},
                                             now, into);
            case defect::opens_the_latest_session:
                return reference_store::load(find(token.text(), now) ? latest_ : token, now, into);
            case defect::expires_a_second_late:
                return reference_store::load(token, now - seconds{1}, into);
            case defect::looks_at_the_system_clock:
                return reference_store::load(
                    token, std::chrono::time_point_cast<seconds>(std::chrono::system_clock::now()),
                    into);
            case defect::loses_contents: {
                const session_load outcome = reference_store::load(token, now, into);
                into.record.values.clear();
                return outcome;
            }
            default:
                return reference_store::load(token, now, into);
        }
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        switch (change.what) {
            case operation::insert:
                return insert(change, now, into);
            case operation::replace:
                return replace(change, now, into);
            case operation::rename:
                return rename(change, now, into);
            case operation::touch:
                return touch(change, now, into);
            case operation::erase:
                break;
        }
        if (defect_ == defect::never_erases) {
            return session_commit::committed;
        }
        if (defect_ == defect::erases_once && !find(change.token.text(), now)) {
            return session_commit::gone;
        }
        return reference_store::commit(change, now, into);
    }

    [[nodiscard]] session_load list(std::string_view owner, const session_token& current,
                                    session_time now, std::vector<session_summary>& into) override;
    [[nodiscard]] session_commit end(std::string_view owner, std::string_view handle,
                                     session_time now) override;
    [[nodiscard]] session_commit end_all(std::string_view owner, const session_token* spared,
                                         session_time now) override;

private:
    session_commit insert(const session_change& change, session_time now, session_committed& into);
    session_commit replace(const session_change& change, session_time now, session_committed& into);
    session_commit rename(const session_change& change, session_time now, session_committed& into);
    session_commit touch(const session_change& change, session_time now, session_committed& into);
    session_commit insert_as(std::string token, const session_record& record,
                             session_committed& into);
    session_commit pass_on(const session_change& change, const session_record& record,
                           session_time now, session_committed& into) {
        return reference_store::commit({change.what, change.token, change.expected, record}, now,
                                       into);
    }
    session_commit change_blindly(const session_change& change, session_time now,
                                  session_committed& into);

    const defect defect_;
    session_token latest_;
    unsigned count_ = 0;
};

}  // namespace cloakroom
