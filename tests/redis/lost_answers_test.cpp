// SPDX-License-Identifier: MIT
// Commits whose answer is lost are sent again, and Redis recognises them.
#include "redis/relay.hpp"
#include "redis/store_sessions.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <utility>

namespace cloakroom::redis {
namespace {

class LostAnswers : public ::testing::Test {
protected:
    // The next call of that script is executed, then `meanwhile` happens, and its answer is lost.
    void lose_answer_of(
        const script& which, std::function<void()> meanwhile = [] {}) {
        meanwhile_ = std::move(meanwhile);
        loses_command_ = false;
        which_ = &which;
    }

    // As lose_answer_of(), but it is not executed.
    void lose_call_of(const script& which, std::function<void()> meanwhile) {
        meanwhile_ = std::move(meanwhile);
        loses_command_ = true;
        which_ = &which;
    }

    // Commits of another instance, from a version on.
    void replace_elsewhere(const session_token& token, session_version from, int count) {
        for (int each = 0; each < count; ++each, ++from) {
            EXPECT_EQ(replace(other_, token, from, record_with("0")).outcome,
                      session_commit::committed);
        }
    }

    session_scripts scripts_;
    redis_server server_;
    store_on_loop other_{url_of(server_.port())};
    std::function<void()> meanwhile_;
    std::atomic<bool> loses_command_ = false;
    std::atomic<const script*> which_ = nullptr;
    relay relay_{server_, [this](const relay::words& command, const relay::forwarding& forward) {
                     const script* const which = which_;
                     if (which == nullptr || !is_call(command, *which)) {
                         return forward(command);
                     }
                     which_ = nullptr;
                     if (!loses_command_) {
                         forward(command);
                     }
                     meanwhile_();
                     return std::string{hang_up};
                 }};
    store_on_loop store_{url_of(relay_.port())};
};

TEST_F(LostAnswers, MakeNoSecondSession) {
    lose_answer_of(scripts_.insert);
    const session_token token = token_of(store_, record_with("1", "alice"));
    EXPECT_EQ(seen(store_, token), "1 v1");
    EXPECT_EQ(store_.list("alice", now).size(), 1U);
    EXPECT_EQ(server_.command({"DBSIZE"}), "2");  // the session and the index
}

TEST_F(LostAnswers, ReplaceOnce) {
    const session_token token = token_of(store_, record_with("1"));
    lose_answer_of(scripts_.replace);
    const store_on_loop::committed made = replace(store_, token, 1, record_with("2"));
    EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
    EXPECT_EQ(made.version, 2U);
    EXPECT_EQ(seen(store_, token), "2 v2");
}

TEST_F(LostAnswers, RenameOnceWithinAShard) {
    const session_token token = token_of(store_, record_with("1", "alice"));
    lose_answer_of(scripts_.rename);
    const store_on_loop::committed made = rename(store_, token, 1, record_with("2", "alice"));
    EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
    EXPECT_EQ(seen(store_, made.token), "2 v2");
    EXPECT_EQ(seen(store_, token), "absent");
    EXPECT_EQ(store_.list("alice", now).size(), 1U);
}

TEST_F(LostAnswers, RenameOnceToAnotherShard) {
    for (const script* each : {&scripts_.insert, &scripts_.retire, &scripts_.confirm}) {
        const session_token token = token_of(store_, record_with("1", "alice"));
        lose_answer_of(*each);
        const store_on_loop::committed made = rename(store_, token, 1, record_with("2", "bob"));
        EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
        EXPECT_EQ(made.version, 2U);
        EXPECT_EQ(seen(store_, made.token), "2 v2");
        EXPECT_EQ(seen(store_, token), "absent");
        EXPECT_EQ(store_.list("bob", now).size(), 1U);
        EXPECT_TRUE(store_.list("alice", now).empty());
        erase(store_, made.token);
    }
}

TEST_F(LostAnswers, EraseOnce) {
    const session_token token = token_of(store_, record_with("1", "alice"));
    lose_answer_of(scripts_.erase);
    EXPECT_EQ(erase(store_, token).outcome, session_commit::committed);
    EXPECT_EQ(seen(store_, token), "absent");
    EXPECT_TRUE(store_.list("alice", now).empty());
}

TEST_F(LostAnswers, TouchAgain) {
    const session_token token = token_of(store_, record_with("1"));
    lose_answer_of(scripts_.touch);
    const store_on_loop::committed made =
        store_.commit(operation::touch, token, 0, record_with("2"), now);
    EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
    EXPECT_EQ(seen(store_, token), "1 v1");
}

TEST_F(LostAnswers, AreRecognisedBehindSevenOtherCommits) {
    const session_token token = token_of(store_, record_with("1"));
    lose_answer_of(scripts_.replace, [&] { replace_elsewhere(token, 2, 7); });
    const store_on_loop::committed made = replace(store_, token, 1, record_with("2"));
    EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
    EXPECT_EQ(made.version, 2U);
    EXPECT_EQ(seen(store_, token), "0 v9");
}

TEST_F(LostAnswers, AreNoConflictBehindMoreCommits) {
    for (const int count : {8, 9, 20}) {
        const session_token token = token_of(store_, record_with("1"));
        lose_answer_of(scripts_.replace, [&] { replace_elsewhere(token, 2, count); });
        const store_on_loop::committed made = replace(store_, token, 1, record_with("2"));
        EXPECT_EQ(made.outcome, session_commit::unavailable);
        EXPECT_EQ(made.error, "Redis does not know any more whether a commit was made");
    }
}

TEST_F(LostAnswers, AreNotTakenForASessionThatHadEnded) {
    const session_token token = token_of(store_, record_with("1"));
    lose_answer_of(scripts_.replace, [&] { erase(other_, token); });
    const store_on_loop::committed made = replace(store_, token, 1, record_with("2"));
    EXPECT_EQ(made.outcome, session_commit::unavailable);
    EXPECT_EQ(made.error, "a commit was sent twice to Redis, and the session has ended");
}

TEST_F(LostAnswers, OfARenameAreRecognisedWhenItsSessionHasChanged) {
    const session_token token = token_of(store_, record_with("1", "alice"));
    lose_answer_of(scripts_.rename, [&] { other_.end_all("alice", nullptr, now); });
    const store_on_loop::committed made = rename(store_, token, 1, record_with("2", "alice"));
    EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
    EXPECT_EQ(seen(store_, made.token), "absent");
}

TEST_F(LostAnswers, AreConflictsWhereAnotherCommitCameFirst) {
    for (const script* each : {&scripts_.replace, &scripts_.rename}) {
        const session_token token = token_of(store_, record_with("1"));
        lose_call_of(*each, [&] { replace_elsewhere(token, 1, 1); });
        const operation what = each == &scripts_.replace ? operation::replace : operation::rename;
        const store_on_loop::committed made = store_.commit(what, token, 1, record_with("2"), now);
        EXPECT_EQ(made.outcome, session_commit::conflict) << made.error;
        EXPECT_EQ(made.current.version, 2U);
        EXPECT_EQ(made.current.record.values.find("count"), "0");
        EXPECT_EQ(seen(store_, token), "0 v2");
    }
}

TEST_F(LostAnswers, CountOnceEach) {
    const session_token token = token_of(store_, record_with("0"));
    for (session_version version = 1; version <= 50; ++version) {
        lose_answer_of(scripts_.replace);
        const store_on_loop::committed made =
            replace(store_, token, version, record_with(std::to_string(version)));
        ASSERT_EQ(made.outcome, session_commit::committed) << made.error;
        ASSERT_EQ(made.version, version + 1);
    }
    EXPECT_EQ(seen(store_, token), "50 v51");
}

}  // namespace
}  // namespace cloakroom::redis
