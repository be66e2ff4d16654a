// SPDX-License-Identifier: MIT
#include "wrong_store.hpp"

namespace cloakroom {

session_commit wrong_store::insert_as(std::string token, const session_record& record,
                                      session_committed& into) {
    put(token, {record, 1, new_handle()});
    into.version = 1;
    into.token.assign(token);
    return session_commit::committed;
}

session_commit wrong_store::insert(const session_change& change, session_time now,
                                   session_committed& into) {
    session_record record = change.record;
    switch (defect_) {
        case defect::gives_semicolons:
            return insert_as(std::string{session_token::random().text()} + ';', record, into);
        case defect::counts_tokens:
            return insert_as("session number " + std::to_string(1'000'000 + ++count_), record,
                             into);
        case defect::adopts_the_token_of_an_insert:
            return change.token.empty() ? reference_store::commit(change, now, into)
                                        : insert_as(std::string{change.token.text()}, record, into);
        case defect::opens_the_latest_session: {
            const session_commit outcome = reference_store::commit(change, now, into);
            latest_ = into.token;
            return outcome;
        }
        case defect::cuts_contents: {
            session_values kept;
            record.values.for_each([&](std::string_view key, std::string_view json) {
                kept.set(key, json.size() > 1'000 ? R"("")" : json);
            });
            record.values = kept;
            return pass_on(change, record, now, into);
        }
        case defect::cuts_labels:
            record.label = record.label.substr(0, 100);
            return pass_on(change, record, now, into);
        case defect::ignores_the_absolute_deadline:
            record.absolute_deadline += std::chrono::hours{1'000};
            return pass_on(change, record, now, into);
        default:
            return reference_store::commit(change, now, into);
    }
}

// With the version that is stored, whatever is expected.
session_commit wrong_store::change_blindly(const session_change& change, session_time now,
                                           session_committed& into) {
    const std::optional<entry> stored = find(change.token.text(), now);
    return reference_store::commit(
        {change.what, change.token, stored ? stored->version : 0, change.record}, now, into);
}

session_commit wrong_store::replace(const session_change& change, session_time now,
                                    session_committed& into) {
    std::optional<entry> stored = find(change.token.text(), now);
    session_record record = change.record;
    switch (defect_) {
        case defect::throws_on_malformed_tokens:
            if (change.token.text().size() != 43) {
                throw std::runtime_error("what a token");
            }
            break;
        case defect::adopts_foreign_tokens:
            if (!stored) {
                return insert_as(std::string{change.token.text()}, record, into);
            }
            break;
        case defect::keeps_the_old_label:
            record.label = stored ? stored->record.label : "";
            return pass_on(change, record, now, into);
        case defect::replaces_blindly:
            return change_blindly(change, now, into);
        case defect::drops_what_grows_too_large:
            if (record.values.encoded().size() > 5'000) {
                remove(change.token.text());
                return session_commit::too_large;
            }
            break;
        case defect::changes_expired_sessions:
            return reference_store::commit(change, {}, into);
        case defect::replaces_in_two_steps:
        case defect::revives_in_a_race:
            if (!stored || stored->version != change.expected) {
                break;
            }
            if (defect_ == defect::replaces_in_two_steps) {
                wait_for_another_thread();
            } else {
                wait_until_removed(change.token.text());
            }
            into.version = stored->version + 1;
            put(change.token.text(), {record, into.version, stored->handle});
            return session_commit::committed;
        default:
            break;
    }
    return reference_store::commit(change, now, into);
}

session_commit wrong_store::rename(const session_change& change, session_time now,
                                   session_committed& into) {
    const std::optional<entry> stored = find(change.token.text(), now);
    const bool is_current = stored && stored->version == change.expected;
    session_record record = change.record;
    switch (defect_) {
        case defect::renames_to_the_same_token:
            return reference_store::commit(
                {operation::replace, change.token, change.expected, record}, now, into);
        case defect::keeps_the_old_token:
            if (is_current) {
                return insert_as(std::string{session_token::random().text()}, record, into);
            }
            break;
        case defect::renames_blindly:
            return change_blindly(change, now, into);
        case defect::renames_without_the_owner:
            record.owner = stored ? stored->record.owner : "";
            return pass_on(change, record, now, into);
        case defect::renames_in_two_steps:
        case defect::renames_out_of_reach:
            if (!is_current) {
                break;
            }
            if (defect_ == defect::renames_in_two_steps) {
                wait_for_another_thread();
                remove(change.token.text());
            } else {
                remove(change.token.text());
                wait_until_all_are_ended();
            }
            into.version = stored->version + 1;
            into.token.assign(put_new({record, into.version, stored->handle}));
            return session_commit::committed;
        default:
            break;
    }
    return reference_store::commit(change, now, into);
}

session_commit wrong_store::touch(const session_change& change, session_time now,
                                  session_committed& into) {
    std::optional<entry> stored = find(change.token.text(), now);
    switch (defect_) {
        case defect::touches_everything:
        case defect::touches_beyond_the_absolute_deadline:
            if (!stored) {
                break;
            }
            if (defect_ == defect::touches_everything) {
                stored->record = change.record;
            } else {
                stored->record.used = change.record.used;
                stored->record.idle_deadline = change.record.idle_deadline;
            }
            put(change.token.text(), *stored);
            return session_commit::committed;
        case defect::revives_by_a_touch:
            if (!stored) {
                return insert_as(std::string{change.token.text()}, change.record, into);
            }
            break;
        default:
            break;
    }
    return reference_store::commit(change, now, into);
}

session_load wrong_store::list(std::string_view owner, const session_token& current,
                               session_time now, std::vector<session_summary>& into) {
    switch (defect_) {
        case defect::lists_similar_owners:
            static_cast<void>(reference_store::list(std::string{owner} + 'm', current, now, into));
            break;
        case defect::marks_no_session:
            return reference_store::list(owner, {}, now, into);
        case defect::lists_expired_sessions:
            return reference_store::list(owner, current, {}, into);
        case defect::gives_tokens_as_handles: {
            const session_load outcome = reference_store::list(owner, current, now, into);
            for (session_summary& each : into) {
                each.handle = token_of(each.handle);
            }
            return outcome;
        }
        default:
            break;
    }
    return reference_store::list(owner, current, now, into);
}

session_commit wrong_store::end(std::string_view owner, std::string_view handle, session_time now) {
    switch (defect_) {
        case defect::ends_all_by_a_handle:
            return reference_store::end_all(owner, nullptr, now);
        case defect::ends_sessions_of_others:
            remove(token_of(handle));
            return session_commit::committed;
        default:
            return reference_store::end(owner, handle, now);
    }
}

session_commit wrong_store::end_all(std::string_view owner, const session_token* spared,
                                    session_time now) {
    switch (defect_) {
        case defect::ends_only_some: {
            std::vector<session_summary> listed;
            static_cast<void>(list(owner, {}, now, listed));
            return listed.empty() ? session_commit::committed
                                  : reference_store::end(owner, listed.front().handle, now);
        }
        case defect::spares_nothing:
            return reference_store::end_all(owner, nullptr, now);
        default:
            return reference_store::end_all(owner, spared, now);
    }
}

}  // namespace cloakroom
