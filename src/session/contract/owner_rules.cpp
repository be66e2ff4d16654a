// SPDX-License-Identifier: MIT
// Rules of the contract: the sessions of one owner, listed and ended.
#include "session/contract/subject.hpp"

#include <algorithm>
#include <set>

namespace cloakroom::testing::session_store_rules {
namespace {

using std::chrono::seconds;

// A moment after the sessions began: a store may tell them apart by whole seconds.
constexpr session_time later = subject::start + seconds{10};

// Three owners, two of whose names begin alike, and a session of nobody.
struct household {
    explicit household(subject& tried)
        : ada(tried.begin(subject::owned("ada", "laptop"))),
          ada_too(tried.begin(subject::owned("ada", "phone"))),
          adam(tried.begin(subject::owned("adam", "tablet"))),
          bob(tried.begin(subject::owned("bob", "desktop"))),
          nobody(tried.begin(subject::owned("", "kiosk"))) {}

    commit_answer ada;
    commit_answer ada_too;
    commit_answer adam;
    commit_answer bob;
    commit_answer nobody;
};

std::multiset<std::string> labels_of(const std::vector<session_summary>& listed) {
    std::multiset<std::string> labels;
    for (const session_summary& each : listed) {
        labels.insert(each.label);
    }
    return labels;
}

// The handle of the session with that label.
std::string handle_of(subject& tried, std::string_view owner, std::string_view label) {
    for (const session_summary& each : tried.list(owner)) {
        if (each.label == label) {
            return each.handle;
        }
    }
    tried.expect(false, "a list lacks a session of the owner");
    throw rule_ends{};
}

void expect_ended(subject& tried, const commit_answer& session, const std::string& by,
                  session_time now = later) {
    tried.expect(!tried.opens(session.token, now), "a session is open after " + by);
    for (const operation what : {operation::replace, operation::touch, operation::rename}) {
        const commit_answer answer =
            tried.commit(what, session.token, session.version, subject::owned("ada"), now);
        tried.expect(answer.outcome == session_commit::gone,
                     "a change of a session that was ended by " + by + " was answered " +
                         name_of(answer.outcome));
        tried.expect(!tried.opens(answer.token, now),
                     "a change revives a session that was ended by " + by);
    }
}

void expect_committed(subject& tried, session_commit outcome, const std::string& name) {
    tried.expect(outcome == session_commit::committed, name + " was answered " + name_of(outcome));
}

}  // namespace

violations a_list_shows_the_sessions_of_the_owner(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.can().owner_index) {
            return;
        }
        const household all(tried);
        std::vector<session_summary> listed = tried.list("ada");
        tried.expect(labels_of(listed) == std::multiset<std::string>{"laptop", "phone"},
                     "a list has other sessions than those of the owner");
        const session_record record = subject::owned("ada");
        for (const session_summary& each : listed) {
            tried.expect(each.issued == record.issued && each.used == record.used &&
                             each.absolute_deadline == record.absolute_deadline,
                         "a list gives other times than were stored");
        }
        tried.expect(tried.list("nobody of that name").empty(),
                     "a list has sessions of an owner who has none");
        listed.resize(1);
        const session_load outcome =
            tried.store().list("bob", all.bob.token, subject::start, listed);
        tried.expect(outcome == session_load::found && listed.size() == 2 &&
                         labels_of({listed.back()}) == std::multiset<std::string>{"desktop"},
                     "a list does not append to what is there");
    });
}

violations a_list_marks_the_current_session(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.can().owner_index) {
            return;
        }
        const household all(tried);
        for (const session_summary& each : tried.list("ada", all.ada.token)) {
            tried.expect(each.is_current == (each.label == "laptop"),
                         "a list does not mark the current session, or marks another one");
        }
        for (const session_token& other :
             {session_token{}, session_token{"no token"}, all.bob.token}) {
            for (const session_summary& each : tried.list("ada", other)) {
                tried.expect(!each.is_current,
                             "a list marks a session that is not the current one");
            }
        }
    });
}

violations a_list_leaves_out_what_has_ended(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.can().owner_index) {
            return;
        }
        const household all(tried);
        tried.commit(operation::erase, all.ada.token, 0, subject::owned("ada"));
        tried.expect(labels_of(tried.list("ada")) == std::multiset<std::string>{"phone"},
                     "a list has a session that was erased, or lacks another one");
        const session_record late = subject::owned("ada", "late", later);
        tried.begin(late, later);
        const session_time end = subject::record().idle_deadline;
        tried.expect(labels_of(tried.list("ada", {}, end - seconds{1})) ==
                         std::multiset<std::string>{"late", "phone"},
                     "a list lacks a session that has not expired");
        tried.expect(labels_of(tried.list("ada", {}, end)) == std::multiset<std::string>{"late"},
                     "a list has a session that has expired");
    });
}

violations a_rename_gives_the_session_an_owner(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        const commit_answer anonymous = tried.begin(subject::owned("", "laptop"));
        const commit_answer mine = tried.commit(operation::rename, anonymous.token,
                                                anonymous.version, subject::owned("ada", "laptop"));
        expect_committed(tried, mine.outcome, "a rename to an owner");
        if (tried.can().owner_index) {
            const std::vector<session_summary> listed = tried.list("ada", mine.token);
            tried.expect(listed.size() == 1 && listed.front().is_current,
                         "a list lacks a session that got its owner by a rename");
            const commit_answer theirs = tried.commit(operation::rename, mine.token, mine.version,
                                                      subject::owned("bob", "laptop"));
            tried.expect(tried.list("ada").empty() && tried.list("bob", theirs.token).size() == 1,
                         "a list has a session under the owner of before");
        } else if (tried.can().ends_by_owner) {
            expect_committed(tried, tried.store().end_all("ada", nullptr, later), "an end of all");
            tried.expect(!tried.opens(mine.token, later),
                         "an end of all misses a session that got its owner by a rename");
        }
    });
}

violations a_handle_ends_one_session(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.can().owner_index) {
            return;
        }
        const household all(tried);
        const std::string handle = handle_of(tried, "ada", "laptop");
        tried.expect(handle != handle_of(tried, "ada", "phone"), "two sessions have one handle");
        // A page was made before the session changed, and the person clicks after.
        const commit_answer changed = tried.commit(
            operation::replace, all.ada.token, all.ada.version, subject::owned("ada", "laptop"));
        for (int count = 0; count < 2; ++count) {
            expect_committed(tried, tried.store().end("ada", handle, later), "an end by handle");
        }
        expect_ended(tried, changed, "its handle");
        tried.expect(tried.opens(all.ada_too.token, later) && tried.opens(all.adam.token, later) &&
                         tried.opens(all.bob.token, later) && tried.opens(all.nobody.token, later),
                     "an end by handle ends another session");
        tried.expect(labels_of(tried.list("ada", {}, later)) == std::multiset<std::string>{"phone"},
                     "a list has a session that was ended by its handle, or lacks another one");
    });
}

violations a_handle_of_another_owner_ends_nothing(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.can().owner_index) {
            return;
        }
        const household all(tried);
        const std::string handle = handle_of(tried, "ada", "laptop");
        for (const std::string_view owner : {"bob", "adam", "ad", ""}) {
            expect_committed(tried, tried.store().end(owner, handle, later),
                             "an end of no session");
        }
        for (const std::string& none :
             {std::string{}, std::string{"x"}, handle + "x", handle.substr(1), std::string(1, '\0'),
              std::string(100'000, 'h'), std::string{all.ada.token.text()}}) {
            expect_committed(tried, tried.store().end("ada", none, later), "an end of no session");
        }
        tried.expect(tried.opens(all.ada.token, later) && tried.opens(all.ada_too.token, later),
                     "a handle ends a session of another owner, or one that it does not name");
    });
}

violations a_handle_opens_nothing(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.can().owner_index) {
            return;
        }
        const household all(tried);
        for (const session_summary& each : tried.list("ada")) {
            tried.expect(!each.handle.empty(), "a handle is empty");
            tried.expect(!tried.opens(session_token{each.handle}), "a handle opens a session");
            for (const commit_answer* session : {&all.ada, &all.ada_too}) {
                tried.expect(each.handle.find(session->token.text()) == std::string::npos,
                             "a handle tells the token");
            }
        }
    });
}

violations an_end_of_all_ends_the_sessions_of_the_owner(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.can().ends_by_owner) {
            return;
        }
        const household all(tried);
        // One that has just been changed, and one that has just been renamed.
        const commit_answer changed =
            tried.commit(operation::replace, all.ada.token, all.ada.version, subject::owned("ada"));
        const commit_answer renamed = tried.commit(operation::rename, all.ada_too.token,
                                                   all.ada_too.version, subject::owned("ada"));
        expect_committed(tried, tried.store().end_all("ada", nullptr, later), "an end of all");
        expect_ended(tried, changed, "an end of all");
        expect_ended(tried, renamed, "an end of all");
        tried.expect(tried.opens(all.adam.token, later) && tried.opens(all.bob.token, later) &&
                         tried.opens(all.nobody.token, later),
                     "an end of all ends a session of another owner");
        tried.expect(!tried.can().owner_index || tried.list("ada", {}, later).empty(),
                     "a list has sessions after an end of all");
        const session_time after = later + seconds{1};
        const commit_answer next = tried.begin(subject::owned("ada", "", after), after);
        tried.expect(tried.opens(next.token, after),
                     "a session that begins after an end of all has ended");
        for (const std::string_view owner : {"nobody of that name", "adam", "adam"}) {
            expect_committed(tried, tried.store().end_all(owner, nullptr, after),
                             "an end of all where there may be none");
        }
        tried.expect(tried.opens(next.token, after),
                     "an end of all ends a session of another owner");
        // Where the store itself keeps the sessions, it also tells those of one second apart.
        if (tried.can().compare_and_swap) {
            expect_committed(tried, tried.store().end_all("ada", nullptr, after), "an end of all");
            tried.expect(!tried.opens(next.token, after),
                         "an end of all misses a session that began in the same second");
        }
    });
}

violations an_end_of_all_spares_the_session_that_is_renamed_next(
    const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.can().ends_by_owner) {
            return;
        }
        const household all(tried);
        expect_committed(tried, tried.store().end_all("ada", &all.ada.token, later),
                         "an end of all others");
        const session_record record = subject::owned("ada", "laptop", later);
        const commit_answer renamed =
            tried.commit(operation::rename, all.ada.token, all.ada.version, record, later);
        expect_committed(tried, renamed.outcome, "the rename of the spared session");
        tried.expect(tried.load(renamed.token, later) == session_load::found,
                     "an end of all does not spare the session it is to spare");
        expect_ended(tried, all.ada_too, "an end of all others");
        tried.expect(!tried.opens(all.ada.token, later),
                     "the old token of the spared session opens it after the rename");

        // A token of another owner, and one that is none, spare nothing.
        const session_time after = later + seconds{10};
        expect_committed(tried, tried.store().end_all("ada", &all.bob.token, after),
                         "an end of all that spares a session of another owner");
        tried.expect(!tried.opens(renamed.token, after),
                     "an end of all spares a session that it is not to spare");
        const session_token none{"no token"};
        expect_committed(tried, tried.store().end_all("bob", &none, after),
                         "an end of all that spares no session");
        tried.expect(!tried.opens(all.bob.token, after),
                     "an end of all that spares no session misses one");
    });
}

}  // namespace cloakroom::testing::session_store_rules
