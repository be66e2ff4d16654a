// SPDX-License-Identifier: MIT
// A rename to another shard takes three steps. What may happen between them.
#include "redis/relay.hpp"
#include "redis/session_place.hpp"
#include "redis/store_sessions.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

namespace cloakroom::redis {
namespace {

class ShardChange : public ::testing::Test {
protected:
    // Renames the session of alice to bob. `event` happens before the call of a script; where it
    // says no, the server is gone from then on.
    store_on_loop::committed rename_with(const script& before, std::function<bool()> event) {
        const relay between{server_,
                            [&, is_gone = false](const relay::words& command,
                                                 const relay::forwarding& forward) mutable {
                                is_gone = is_gone || (is_call(command, before) && !event());
                                return is_gone ? std::string{hang_up} : forward(command);
                            }};
        store_on_loop store{url_of(between.port())};
        return rename(store, token_, 1, record_with("2", "bob"));
    }

    // How long, in milliseconds, Redis keeps what the index of an owner names; -2 when it has gone.
    int time_left(const std::string& owner) {
        const owner_place place = place_of_owner("cloakroom:", owner);
        const std::string member = server_.command({"ZRANGE", place.key, "0", "0"});
        return std::stoi(server_.command({"PTTL", place.base + "s:" + member}));
    }

    [[nodiscard]] std::size_t count_of(const std::string& owner) {
        return other_.list(owner, now).size();
    }

    session_scripts scripts_;
    redis_server server_;
    store_on_loop other_{url_of(server_.port())};
    session_token token_ = token_of(other_, record_with("1", "alice"));
};

TEST_F(ShardChange, MovesTheSession) {
    ASSERT_NE(choose_shard("alice"), choose_shard("bob"));
    const store_on_loop::committed made = rename(other_, token_, 1, record_with("2", "bob"));
    EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
    EXPECT_EQ(made.version, 2U);
    EXPECT_EQ(seen(other_, made.token), "2 v2");
    EXPECT_EQ(seen(other_, token_), "absent");
    EXPECT_EQ(count_of("alice"), 0U);
    EXPECT_EQ(count_of("bob"), 1U);
    EXPECT_GT(time_left("bob"), 100'000);
}

TEST_F(ShardChange, IsAConflictWhenAnotherCommitComesBetween) {
    const store_on_loop::committed made = rename_with(scripts_.retire, [&] {
        replace(other_, token_, 1, record_with("7", "alice"));
        return true;
    });
    EXPECT_EQ(made.outcome, session_commit::conflict) << made.error;
    EXPECT_EQ(made.current.version, 2U);
    EXPECT_EQ(made.current.record.values.find("count"), "7");
    EXPECT_TRUE(made.token.empty());
    EXPECT_EQ(seen(other_, token_), "7 v2");
    EXPECT_EQ(count_of("bob"), 0U);
}

TEST_F(ShardChange, IsAConflictForAStaleVersion) {
    replace(other_, token_, 1, record_with("7", "alice"));
    const store_on_loop::committed made = rename(other_, token_, 1, record_with("2", "bob"));
    EXPECT_EQ(made.outcome, session_commit::conflict) << made.error;
    EXPECT_EQ(count_of("bob"), 0U);
}

TEST_F(ShardChange, IsGoneWhenTheSessionEndsBetween) {
    const store_on_loop::committed made = rename_with(scripts_.retire, [&] {
        erase(other_, token_);
        return true;
    });
    EXPECT_EQ(made.outcome, session_commit::gone) << made.error;
    EXPECT_EQ(count_of("alice"), 0U);
    EXPECT_EQ(count_of("bob"), 0U);
}

TEST_F(ShardChange, IsGoneWhenAllOfTheOldOwnerEndBetween) {
    const store_on_loop::committed made = rename_with(scripts_.retire, [&] {
        other_.end_all("alice", nullptr, now);
        return true;
    });
    EXPECT_EQ(made.outcome, session_commit::gone) << made.error;
    EXPECT_EQ(count_of("bob"), 0U);
}

TEST_F(ShardChange, GoesOnWhenItIsSparedBetween) {
    const store_on_loop::committed made = rename_with(scripts_.retire, [&] {
        other_.end_all("alice", &token_, now);
        return true;
    });
    EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
    EXPECT_EQ(seen(other_, made.token), "2 v2");
}

// "Gone" would say that nothing was changed, but the old session has ended: the rename came first.
TEST_F(ShardChange, IsCommittedAndThenEndedWhenAllOfTheNewOwnerEndBetween) {
    for (const script* const before : {&scripts_.retire, &scripts_.confirm}) {
        token_ = token_of(other_, record_with("1", "alice"));
        const store_on_loop::committed made = rename_with(*before, [&] {
            other_.end_all("bob", nullptr, now);
            return true;
        });
        EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
        EXPECT_EQ(seen(other_, token_), "absent");
        EXPECT_EQ(seen(other_, made.token), "absent");
        EXPECT_EQ(count_of("bob"), 0U);
    }
}

TEST_F(ShardChange, IsUnknownWhenTheNewSessionLapsesBetween) {
    const store_on_loop::committed made = rename_with(scripts_.confirm, [&] {
        const owner_place place = place_of_owner("cloakroom:", "bob");
        server_.command(
            {"DEL", place.base + "s:" + server_.command({"ZRANGE", place.key, "0", "0"})});
        return true;
    });
    EXPECT_EQ(made.outcome, session_commit::unavailable);
    EXPECT_NE(made.error, "");
}

TEST_F(ShardChange, LeavesTheOldSessionWhenItStopsBeforeThatEnds) {
    const store_on_loop::committed made = rename_with(scripts_.retire, [] { return false; });
    EXPECT_EQ(made.outcome, session_commit::unavailable);
    EXPECT_NE(made.error, "");
    EXPECT_EQ(seen(other_, token_), "1 v1");
    EXPECT_GT(time_left("bob"), 0);
    EXPECT_LE(time_left("bob"), 60'000);
}

TEST_F(ShardChange, LeavesNothingForLongWhenItStopsAfterwards) {
    const store_on_loop::committed made = rename_with(scripts_.confirm, [] { return false; });
    EXPECT_EQ(made.outcome, session_commit::unavailable);
    EXPECT_EQ(seen(other_, token_), "absent");
    EXPECT_EQ(count_of("alice"), 0U);
    EXPECT_LE(time_left("bob"), 60'000);
}

TEST_F(ShardChange, ChangesNothingWhenItStopsAtOnce) {
    const store_on_loop::committed made = rename_with(scripts_.insert, [] { return false; });
    EXPECT_EQ(made.outcome, session_commit::unavailable);
    EXPECT_EQ(seen(other_, token_), "1 v1");
    EXPECT_EQ(count_of("bob"), 0U);
}

}  // namespace
}  // namespace cloakroom::redis
