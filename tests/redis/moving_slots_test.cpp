// SPDX-License-Identifier: MIT
// Sessions that are used while their slot moves to another node of a real Redis Cluster.
#include "redis/redis_cluster.hpp"
#include "redis/session_place.hpp"
#include "redis/store_sessions.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cloakroom::redis {
namespace {

class MovingSlots : public ::testing::Test {
protected:
    MovingSlots() { cluster_.clear(); }

    ~MovingSlots() override {
        cluster_.clear();
        cluster_.end_move(slot_, to_);
    }

    [[nodiscard]] session_record record(std::string_view count) const {
        return record_with(count, owner_);
    }

    // Ends all sessions of the owner while one of them has been moved, and the other has not.
    void expect_whole_end_of_all(bool is_index_moved);

    static std::string key_of(const session_token& token) {
        return place_of("cloakroom:", token).key;
    }

    redis_cluster& cluster_ = shared_cluster();
    store_on_loop store_{cluster_.url(), {.answer_time = std::chrono::milliseconds{1000}}};
    // Each test has an owner, and with it a slot, of its own.
    const std::string owner_ = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    const owner_place index_ = place_of_owner("cloakroom:", owner_);
    const std::uint16_t slot_ = index_.slot;
    const std::size_t from_ = cluster_.master_of(slot_);
    const std::size_t to_ = (from_ + 1) % redis_cluster::masters;
};

TEST_F(MovingSlots, KeepTheirSessionsInUse) {
    const session_token token = token_of(store_, record("1"));
    cluster_.begin_move(slot_, from_, to_);
    EXPECT_EQ(replace(store_, token, 1, record("2")).version, 2U);
    cluster_.move_keys({key_of(token)}, from_, to_);
    EXPECT_EQ(seen(store_, token), "2 v2");
    EXPECT_EQ(replace(store_, token, 2, record("3")).version, 3U);
    EXPECT_EQ(store_.commit(operation::touch, token, 0, record("4"), now).outcome,
              session_commit::committed);
    EXPECT_EQ(replace(store_, token, 1, record("5")).outcome, session_commit::conflict);
    cluster_.move_keys({index_.key}, from_, to_);
    cluster_.end_move(slot_, to_);
    EXPECT_EQ(seen(store_, token), "3 v3");
    EXPECT_EQ(store_.list(owner_, now).size(), 1U);
    EXPECT_EQ(replace(store_, token, 3, record("6")).version, 4U);
    EXPECT_EQ(erase(store_, token).outcome, session_commit::committed);
    EXPECT_EQ(seen(store_, token), "absent");
}

TEST_F(MovingSlots, LetSessionsEndOnEitherNode) {
    const session_token left = token_of(store_, record("1"));
    const session_token moved = token_of(store_, record("2"));
    cluster_.begin_move(slot_, from_, to_);
    cluster_.move_keys({key_of(moved)}, from_, to_);
    const store_on_loop::committed first = erase(store_, left);
    EXPECT_EQ(first.outcome, session_commit::committed) << first.error;
    const store_on_loop::committed second = erase(store_, moved);
    EXPECT_EQ(second.outcome, session_commit::committed) << second.error;
    EXPECT_EQ(replace(store_, left, 1, record("3")).outcome, session_commit::gone);
    EXPECT_EQ(replace(store_, moved, 1, record("3")).outcome, session_commit::gone);
}

TEST_F(MovingSlots, LetSessionsLeaveThem) {
    const session_token left = token_of(store_, record("1"));
    const session_token moved = token_of(store_, record("2"));
    cluster_.begin_move(slot_, from_, to_);
    cluster_.move_keys({key_of(moved)}, from_, to_);
    for (const session_token& each : {left, moved}) {
        const store_on_loop::committed made = rename(store_, each, 1, record_with("3", "bob"));
        EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
        EXPECT_EQ(seen(store_, made.token), "3 v2");
        EXPECT_EQ(seen(store_, each), "absent");
    }
    EXPECT_EQ(store_.list("bob", now).size(), 2U);
}

TEST_F(MovingSlots, LeaveNoSessionOutOfTheIndexOfItsOwner) {
    const session_token old = token_of(store_, record("1"));
    cluster_.begin_move(slot_, from_, to_);
    const store_on_loop::committed made = insert(store_, record("2"));
    cluster_.move_keys({key_of(old), index_.key}, from_, to_);
    cluster_.end_move(slot_, to_);
    const std::size_t expected = made.outcome == session_commit::committed ? 2 : 1;
    EXPECT_EQ(store_.list(owner_, now).size(), expected);
    EXPECT_EQ(store_.end_all(owner_, nullptr, now), session_commit::committed);
    EXPECT_EQ(seen(store_, old), "absent");
}

void MovingSlots::expect_whole_end_of_all(bool is_index_moved) {
    const session_token moved = token_of(store_, record("1"));
    const session_token left = token_of(store_, record("2"));
    cluster_.begin_move(slot_, from_, to_);
    cluster_.move_keys({key_of(moved)}, from_, to_);
    if (is_index_moved) {
        cluster_.move_keys({index_.key}, from_, to_);
    }
    EXPECT_THROW(store_.end_all(owner_, nullptr, now), std::runtime_error);  // unavailable
    cluster_.move_keys({key_of(left), index_.key}, from_, to_);
    cluster_.end_move(slot_, to_);
    EXPECT_EQ(store_.end_all(owner_, nullptr, now), session_commit::committed);
    EXPECT_EQ(seen(store_, moved), "absent");
    EXPECT_EQ(seen(store_, left), "absent");
}

TEST_F(MovingSlots, LetNoSessionOutliveAnEndOfAllBehindTheIndex) {
    expect_whole_end_of_all(true);
}

TEST_F(MovingSlots, LetNoSessionOutliveAnEndOfAllAheadOfTheIndex) {
    expect_whole_end_of_all(false);
}

TEST_F(MovingSlots, KeepWhatTheIndexHas) {
    const session_token moved = token_of(store_, record("1"));
    const session_token left = token_of(store_, record("2"));
    cluster_.begin_move(slot_, from_, to_);
    cluster_.move_keys({key_of(moved), index_.key}, from_, to_);
    EXPECT_THROW(store_.list(owner_, now), std::runtime_error);
    cluster_.move_keys({key_of(left)}, from_, to_);
    cluster_.end_move(slot_, to_);
    EXPECT_EQ(store_.list(owner_, now).size(), 2U);
}

TEST_F(MovingSlots, WaitWithRenamesUntilTheyHaveMoved) {
    const session_token token = token_of(store_, record("1"));
    cluster_.begin_move(slot_, from_, to_);
    EXPECT_EQ(rename(store_, token, 1, record("2")).outcome, session_commit::unavailable);
    EXPECT_EQ(seen(store_, token), "1 v1");
    std::future<store_on_loop::committed> renaming =
        store_.start_commit(operation::rename, token, 1, record("3"), now);
    cluster_.move_keys({key_of(token), index_.key}, from_, to_);
    cluster_.end_move(slot_, to_);
    const store_on_loop::committed made = renaming.get();
    EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
    EXPECT_EQ(seen(store_, made.token), "3 v2");
}

}  // namespace
}  // namespace cloakroom::redis
