// SPDX-License-Identifier: MIT
// Rules of the contract: replace, touch, rename and erase.
#include "session/contract/subject.hpp"

#include <algorithm>
#include <utility>

namespace cloakroom::testing::session_store_rules {
namespace {

using std::chrono::seconds;

// What an app stores for a touch at that time.
session_record touched(session_record stored, session_time now) {
    stored.used = now;
    stored.idle_deadline = std::min(now + subject::idle_time, stored.absolute_deadline);
    return stored;
}

// A commit of a version before the current one, or of one that is still to come.
void expect_conflict(subject& tried, operation what, const std::string& name) {
    const commit_answer inserted = tried.begin(subject::record("1"));
    const commit_answer current =
        tried.commit(operation::replace, inserted.token, inserted.version, subject::record("2"));
    for (const session_version stale : {inserted.version, current.version + 1}) {
        const commit_answer answer = tried.commit(what, current.token, stale, subject::record("3"));
        tried.expect(answer.outcome == session_commit::conflict,
                     "a " + name + " of another version than the current one was answered " +
                         name_of(answer.outcome));
        tried.expect(answer.outcome != session_commit::conflict ||
                         (tried.is_same(answer.current.record, subject::record("2")) &&
                          answer.current.version == current.version),
                     "a conflict of a " + name + " does not give what is stored now");
    }
    const stored_session stored = tried.open(current.token);
    tried.expect(
        stored.record.values == subject::record("2").values && stored.version == current.version,
        "a " + name + " of another version than the current one changes the session");
}

}  // namespace

violations a_replace_stores_the_new_contents(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        commit_answer last = tried.begin(subject::record("1"));
        for (int count = 2; count < 6; ++count) {
            session_record record =
                touched(subject::record(std::to_string(count)), subject::start + seconds{count});
            record.label = "label " + std::to_string(count);
            const commit_answer replaced =
                tried.commit(operation::replace, last.token, last.version, record, record.used);
            if (!tried.expect(
                    replaced.outcome == session_commit::committed,
                    "a replace of the current version was answered " + name_of(replaced.outcome))) {
                return;
            }
            const stored_session stored = tried.open(replaced.token, record.used);
            tried.expect(tried.is_same(stored.record, record),
                         "a load gives another record than a replace has stored");
            tried.expect(!tried.can().compare_and_swap || (replaced.version > last.version &&
                                                           stored.version == replaced.version),
                         "a replace does not give a larger version, or not that of the next load");
            last = replaced;
        }
    });
}

violations a_replace_of_a_stale_version_is_a_conflict(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (tried.can().compare_and_swap) {
            expect_conflict(tried, operation::replace, "replace");
        }
    });
}

violations a_touch_moves_the_idle_deadline_alone(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        const session_time now = subject::start + seconds{60};
        const session_record before = subject::owned("ada", "a browser");
        const commit_answer inserted = tried.begin(before);
        const session_record after = touched(before, now);
        session_record asked = after;
        if (tried.can().compare_and_swap) {  // else it has only what it is given
            asked.values.set("count", "2");
            asked.owner = "bob";
            asked.label = "another";
            asked.issued += seconds{1};
            asked.absolute_deadline += seconds{1};
        }
        const commit_answer answer =
            tried.commit(operation::touch, inserted.token, inserted.version, asked, now);
        if (!tried.expect(answer.outcome == session_commit::committed,
                          "a touch of a live session was answered " + name_of(answer.outcome))) {
            return;
        }
        const stored_session stored = tried.open(answer.token, now);
        tried.expect(!tried.given().keeps_times || stored.record.used == now,
                     "a touch does not record the use");
        tried.expect(
            !tried.given().keeps_times || stored.record.idle_deadline == after.idle_deadline,
            "a touch does not move the idle deadline");
        tried.expect(tried.is_same(touched(stored.record, now), after),
                     "a touch changes more than the use and the idle deadline");
        tried.expect(!tried.can().compare_and_swap || stored.version == inserted.version,
                     "a touch changes the version");
    });
}

violations a_touch_stays_below_the_absolute_deadline(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.given().keeps_times) {
            return;
        }
        const session_record before = subject::record();
        const commit_answer inserted = tried.begin(before);
        session_record asked = before;
        asked.idle_deadline = before.absolute_deadline + seconds{100};
        if (tried.can().compare_and_swap) {
            asked.absolute_deadline += seconds{200};
        }
        const commit_answer answer =
            tried.commit(operation::touch, inserted.token, inserted.version, asked);
        tried.expect(!tried.can().compare_and_swap ||
                         tried.open(answer.token).record.idle_deadline <= before.absolute_deadline,
                     "a touch moves the idle deadline beyond the absolute one");
        tried.expect(!tried.opens(answer.token, before.absolute_deadline),
                     "a touch makes a session outlast its absolute deadline");
    });
}

violations a_rename_moves_the_session_to_a_new_token(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        const session_time now = subject::start + seconds{60};
        const commit_answer inserted = tried.begin(subject::record());
        const session_record record = subject::record("2", now);
        const commit_answer renamed =
            tried.commit(operation::rename, inserted.token, inserted.version, record, now);
        if (!tried.expect(
                renamed.outcome == session_commit::committed,
                "a rename of the current version was answered " + name_of(renamed.outcome))) {
            return;
        }
        tried.expect(renamed.has_new_token && renamed.token.text() != inserted.token.text(),
                     "a rename does not give a new token");
        const stored_session stored = tried.open(renamed.token, now);
        tried.expect(tried.is_same(stored.record, record),
                     "a load gives another record than a rename has stored");
        if (!tried.can().compare_and_swap) {
            return;
        }
        tried.expect(stored.version == renamed.version,
                     "a rename gives another version than the next load");
        const commit_answer replaced =
            tried.commit(operation::replace, renamed.token, renamed.version, record, now);
        tried.expect(replaced.outcome == session_commit::committed,
                     "a replace after a rename was answered " + name_of(replaced.outcome));
    });
}

violations a_rename_leaves_the_old_token_dead(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        const commit_answer inserted = tried.begin(subject::record());
        const commit_answer renamed =
            tried.commit(operation::rename, inserted.token, inserted.version, subject::record("2"));
        if (!tried.can().revocable) {
            return;
        }
        tried.expect(!tried.opens(inserted.token),
                     "the old token opens the session after a rename");
        for (const operation what : {operation::replace, operation::touch, operation::rename}) {
            const session_commit outcome =
                tried.commit(what, inserted.token, inserted.version, subject::record("3")).outcome;
            tried.expect(
                outcome == session_commit::gone,
                "a change of the old token after a rename was answered " + name_of(outcome));
        }
        tried.expect(!tried.opens(inserted.token), "a change of the old token revives it");
        tried.commit(operation::erase, inserted.token, 0, subject::record());
        tried.expect(tried.open(renamed.token).record.values == subject::record("2").values,
                     "what is done with the old token reaches the renamed session");
    });
}

violations a_rename_of_a_stale_version_is_a_conflict(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (tried.can().compare_and_swap) {
            expect_conflict(tried, operation::rename, "rename");
        }
    });
}

violations an_erase_ends_the_session(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        const commit_answer inserted = tried.begin(subject::record());
        // As it comes from an app that has not looked at the version.
        const session_commit outcome =
            tried.commit(operation::erase, inserted.token, 0, subject::record()).outcome;
        tried.expect(outcome == session_commit::committed,
                     "an erase of a live session was answered " + name_of(outcome));
        tried.expect(!tried.can().revocable || !tried.opens(inserted.token),
                     "a token opens its session after an erase");
    });
}

violations an_erase_can_be_repeated(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        const commit_answer inserted = tried.begin(subject::record());
        for (int count = 0; count < 3; ++count) {
            const session_commit outcome =
                tried.commit(operation::erase, inserted.token, inserted.version, subject::record())
                    .outcome;
            tried.expect(outcome == session_commit::committed,
                         "an erase of what has ended was answered " + name_of(outcome));
        }
    });
}

violations nothing_revives_an_ended_session(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.can().revocable) {
            return;
        }
        for (const auto& [what, name] :
             {std::pair{operation::replace, "replace"}, std::pair{operation::touch, "touch"},
              std::pair{operation::rename, "rename"}}) {
            const commit_answer inserted = tried.begin(subject::record());
            tried.commit(operation::erase, inserted.token, inserted.version, subject::record());
            for (const session_version expected : {inserted.version, session_version{0}}) {
                const commit_answer answer =
                    tried.commit(what, inserted.token, expected, subject::record("2"));
                tried.expect(answer.outcome == session_commit::gone,
                             std::string{"a "} + name + " of an ended session was answered " +
                                 name_of(answer.outcome));
                tried.expect(!tried.opens(inserted.token) && !tried.opens(answer.token),
                             std::string{"a "} + name + " revives an ended session");
            }
        }
    });
}

}  // namespace cloakroom::testing::session_store_rules
