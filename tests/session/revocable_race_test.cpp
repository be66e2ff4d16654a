// SPDX-License-Identifier: MIT
// Sessions that end while threads still work on them, and those that were spilled to a server-side
// store.
#include "cookie_fixture.hpp"
#include <cloakroom/memory_sessions.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

// Runs all at once, to their ends.
void run_together(const std::vector<std::function<void()>>& tasks) {
    std::atomic<std::size_t> waiting = tasks.size();
    std::vector<std::thread> running;
    for (const std::function<void()>& task : tasks) {
        running.emplace_back([&waiting, &task] {
            for (--waiting; waiting != 0;) {
                std::this_thread::yield();
            }
            task();
        });
    }
    for (std::thread& each : running) {
        each.join();
    }
}

// With a cookie store alone, and with one that spills.
class RevocableRace : public ::testing::TestWithParam<cookie_kind> {
protected:
    std::shared_ptr<session_store> larger_ = memory_sessions();
    std::unique_ptr<session_store> store_ = GetParam().store(
        {.secret = secret,
         .spill_to = larger_,
         .revocations = revocation_setting(memory_revocations(), when_unknown::refuse)});
};

INSTANTIATE_TEST_SUITE_P(All, RevocableRace, ::testing::ValuesIn(cookie_kinds), name_of_kind);

TEST_P(RevocableRace, EraseWinsOverReplaceWhoeverSignsLater) {
    for (int turn = 0; turn < 100; ++turn) {
        const std::string cookie = insert(*store_, record_of("alice"));
        std::vector<std::string> last(2, cookie);
        const auto replace_often = [&](std::string& token) {
            for (int step = 0; step < 20; ++step) {
                token = commit(*store_, operation::replace, token, record_of("alice")).token;
            }
        };
        run_together({[&] { replace_often(last[0]); }, [&] { replace_often(last[1]); },
                      [&] { static_cast<void>(commit(*store_, operation::erase, cookie, {})); }});
        for (const std::string& token : last) {
            EXPECT_EQ(load(*store_, token), session_load::absent);
        }
    }
}

TEST_P(RevocableRace, OneOfTwoRenamesHasTheSession) {
    for (const std::string_view json : {std::string_view{"7"}, std::string_view{large}}) {
        for (int turn = 0; turn < 100; ++turn) {
            const session_record record = record_with("count", json);
            const std::string cookie = insert(*store_, record);
            std::vector<committed_change> made(3);
            const auto rename_to = [&](committed_change& into) {
                stored_session stored;
                static_cast<void>(store_->load(session_token{cookie}, now, stored));
                into = commit(*store_, operation::rename, cookie, record, now, stored.version);
            };
            run_together({[&] { rename_to(made[0]); }, [&] { rename_to(made[1]); },
                          [&] { rename_to(made[2]); }});
            int renamed = 0;
            for (const committed_change& each : made) {
                renamed += each.outcome == session_commit::committed ? 1 : 0;
                EXPECT_EQ(load(*store_, each.token), each.outcome == session_commit::committed
                                                         ? session_load::found
                                                         : session_load::absent);
            }
            EXPECT_EQ(renamed, 1);
        }
    }
}

// Whatever the order: what was renamed before is ended, what comes later is gone.
TEST_P(RevocableRace, EndAllReachesWhatIsJustBeingRenamed) {
    for (int turn = 0; turn < 200; ++turn) {
        const std::string owner = "alice" + std::to_string(turn);
        const std::string cookie = insert(*store_, record_of(owner));
        committed_change made;
        run_together(
            {[&] {
                 // By a clock that is a second ahead.
                 made = commit(*store_, operation::rename, cookie,
                               record_of(owner, now + seconds{1}), now + seconds{1});
             },
             [&] { EXPECT_EQ(store_->end_all(owner, nullptr, now), session_commit::committed); }});
        EXPECT_EQ(load(*store_, cookie), session_load::absent);
        EXPECT_EQ(load(*store_, made.token), session_load::absent);
    }
}

TEST_P(RevocableRace, ASpilledSessionIsEndedInItsOwnStoreToo) {
    const std::string token = insert(*store_, record_with("k", large));
    ASSERT_EQ(token.front(), '~');
    EXPECT_EQ(loaded(*store_, token), record_with("k", large));
    EXPECT_EQ(commit(*store_, operation::erase, token, {}).outcome, session_commit::committed);
    EXPECT_EQ(load(*store_, token), session_load::absent);
    EXPECT_EQ(load(*larger_, token.substr(1)), session_load::absent);
}

TEST_P(RevocableRace, ASpilledSessionIsEndedWithTheCookiesOfBefore) {
    const std::string cookie = insert(*store_, record_with("k", "1"));
    const std::string token =
        commit(*store_, operation::replace, cookie, record_with("k", large)).token;
    ASSERT_EQ(token.front(), '~');
    EXPECT_EQ(load(*store_, cookie), session_load::found);
    EXPECT_EQ(commit(*store_, operation::erase, token, {}).outcome, session_commit::committed);
    EXPECT_EQ(load(*store_, cookie), session_load::absent);
    const std::string second = insert(*store_, record_with("k", "1"));
    const std::string spilled =
        commit(*store_, operation::replace, second, record_with("k", large)).token;
    EXPECT_EQ(commit(*store_, operation::erase, second, {}).outcome, session_commit::committed);
    EXPECT_EQ(load(*store_, spilled), session_load::absent);
}

TEST_P(RevocableRace, ASpilledSessionIsRenamedAndEndedWithItsOwners) {
    session_record record = record_with("k", large);
    record.owner = "alice";
    const std::string token = insert(*store_, record);
    const committed_change late =
        commit(*store_, operation::replace, token, record_of("alice"), now, 0);
    EXPECT_EQ(late.outcome, session_commit::conflict);
    EXPECT_EQ(late.into.current.record, record);  // without the id
    const committed_change renamed = commit(*store_, operation::rename, token, record, now, 1);
    ASSERT_EQ(renamed.outcome, session_commit::committed);
    EXPECT_EQ(load(*store_, token), session_load::absent);
    EXPECT_EQ(loaded(*store_, renamed.token), record);
    EXPECT_EQ(store_->end_all("alice", nullptr, now), session_commit::committed);
    EXPECT_EQ(load(*store_, renamed.token), session_load::absent);
}

TEST_P(RevocableRace, ASpilledSessionIsSpared) {
    session_record record = record_with("k", large);
    record.owner = "alice";
    const std::string mine = insert(*store_, record);
    const std::string other = insert(*store_, record);
    const session_token held{mine};
    EXPECT_EQ(store_->end_all("alice", &held, now), session_commit::committed);
    EXPECT_EQ(load(*store_, other), session_load::absent);
    const committed_change renamed = commit(*store_, operation::rename, mine, record, now, 1);
    ASSERT_EQ(renamed.outcome, session_commit::committed);
    EXPECT_EQ(load(*store_, renamed.token), session_load::found);
}

}  // namespace
}  // namespace cloakroom
