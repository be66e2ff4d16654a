// SPDX-License-Identifier: MIT
// Rules of the contract: what holds when several threads change one session.
#include "session/contract/subject.hpp"

#include <atomic>
#include <charconv>
#include <chrono>
#include <string>
#include <thread>

namespace cloakroom::testing::session_store_rules {
namespace {

unsigned count_of(const session_record& record) {
    const std::string_view json = record.values.find("count").value_or("");
    unsigned count = 0;
    std::from_chars(json.data(), json.data() + json.size(), count);
    return count;
}

// As a request does it. @return Whether it was committed; else the session is gone.
bool count_up(subject& tried, const session_token& token) {
    stored_session stored = tried.open(token);
    for (int attempt = 0; attempt < 10'000; ++attempt) {
        const commit_answer answer =
            tried.commit(operation::replace, token, stored.version,
                         subject::record(std::to_string(count_of(stored.record) + 1)));
        if (answer.outcome != session_commit::conflict) {
            tried.expect(answer.outcome == session_commit::committed,
                         "a replace of a live session was answered " + name_of(answer.outcome));
            return answer.outcome == session_commit::committed;
        }
        stored = answer.current;
    }
    tried.expect(false, "a replace of the version that a conflict gave is a conflict, ever again");
    return false;
}

void count_up(subject& tried, const session_token& token, unsigned times) {
    for (unsigned count = 0; count < times; ++count) {
        if (!count_up(tried, token)) {
            return;
        }
    }
}

// Where threads that change a session and one that ends it meet, so that the end comes among the
// changes, also where one processor has them all.
class meeting {
public:
    /// By each that changes the session, just before it does.
    void begin_changes() noexcept { ++begun_; }

    /// By the one that ends it: waits until `changers` have begun, and a little longer from one race
    /// to the next, to hit them at another place.
    void await_changes(unsigned changers, unsigned race) const {
        while (begun_ < changers) {
            std::this_thread::yield();
        }
        std::this_thread::sleep_for(std::chrono::microseconds{20 * (race % 8)});
    }

private:
    std::atomic<unsigned> begun_ = 0;
};

// Changes a session until its erase, and once after.
void change_until(const std::atomic<bool>& has_ended, subject& tried, operation what,
                  const commit_answer& session) {
    session_version expected = session.version;
    for (bool is_after = false; !is_after;) {
        is_after = has_ended;
        expected = tried.commit(what, session.token, expected, subject::record("2")).version;
    }
}

// Renames a session until it is gone, which it is once it has been ended.
void rename_until(const std::atomic<bool>& has_ended, subject& tried, commit_answer last) {
    while (last.outcome == session_commit::committed) {
        const bool is_after = has_ended;
        last = tried.commit(operation::rename, last.token, last.version, subject::owned("ada"));
        if (!tried.expect(!is_after || last.outcome != session_commit::committed,
                          "a session that is being renamed escapes an end of all")) {
            return;
        }
    }
}

void race_an_erase(subject& tried, unsigned race) {
    const commit_answer session = tried.begin(subject::record());
    meeting here;
    std::atomic<bool> has_ended = false;
    tried.race(3, [&](unsigned thread) {
        if (thread == 0) {
            here.await_changes(2, race);
            tried.commit(operation::erase, session.token, 0, subject::record());
            has_ended = true;
        } else {
            here.begin_changes();
            change_until(has_ended, tried, thread == 1 ? operation::replace : operation::touch,
                         session);
        }
    });
    tried.expect(!tried.opens(session.token),
                 "a replace or touch that races with an erase revives the session");
}

void race_an_end_of_all(subject& tried, unsigned race) {
    const commit_answer session = tried.begin(subject::owned("ada"));
    meeting here;
    std::atomic<bool> has_ended = false;
    tried.race(2, [&](unsigned thread) {
        if (thread == 0) {
            here.await_changes(1, race);
            static_cast<void>(tried.store().end_all("ada", nullptr, subject::start));
            has_ended = true;
        } else {
            here.begin_changes();
            rename_until(has_ended, tried, session);
        }
    });
}

}  // namespace

violations racing_replaces_lose_nothing(const session_store_under_test& given) {
    return examine(given, [&](subject& tried) {
        if (!tried.can().compare_and_swap) {
            return;
        }
        constexpr unsigned threads = 4;
        const commit_answer shared = tried.begin(subject::record("0"));
        tried.race(threads, [&](unsigned) { count_up(tried, shared.token, given.races); });
        tried.expect(count_of(tried.open(shared.token).record) == threads * given.races,
                     "of replaces by several threads some are lost");
    });
}

violations a_racing_replace_revives_nothing(const session_store_under_test& given) {
    return examine(given, [&](subject& tried) {
        if (!tried.can().compare_and_swap || !tried.can().revocable) {
            return;
        }
        for (unsigned count = 0; count < given.races; ++count) {
            race_an_erase(tried, count);
        }
    });
}

violations racing_renames_have_one_winner(const session_store_under_test& given) {
    return examine(given, [&](subject& tried) {
        if (!tried.can().compare_and_swap || !tried.can().revocable) {
            return;
        }
        for (unsigned count = 0; count < given.races; ++count) {
            const commit_answer session = tried.begin(subject::record());
            std::atomic<unsigned> winners = 0;
            std::atomic<unsigned> live = 0;
            tried.race(3, [&](unsigned) {
                const commit_answer answer = tried.commit(operation::rename, session.token,
                                                          session.version, subject::record("2"));
                const bool has_won = answer.outcome == session_commit::committed;
                tried.expect(has_won || answer.outcome == session_commit::gone ||
                                 answer.outcome == session_commit::conflict,
                             "a rename that lost a race was answered " + name_of(answer.outcome));
                winners += has_won ? 1U : 0U;
                live += tried.opens(answer.token) ? 1U : 0U;
            });
            tried.expect(winners == 1, "of renames that race not exactly one is committed");
            tried.expect(live == 1, "after renames that raced not exactly one token is live");
        }
    });
}

violations an_end_of_all_reaches_a_session_that_is_being_renamed(
    const session_store_under_test& given) {
    return examine(given, [&](subject& tried) {
        if (!tried.can().ends_by_owner || !tried.can().compare_and_swap) {
            return;
        }
        for (unsigned count = 0; count < given.races; ++count) {
            race_an_end_of_all(tried, count);
        }
    });
}

}  // namespace cloakroom::testing::session_store_rules
