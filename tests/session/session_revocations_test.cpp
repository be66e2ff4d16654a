// SPDX-License-Identifier: MIT
#include "now.hpp"
#include <cloakroom/session_revocations.hpp>
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

using answer = session_revocations::answer;
using outcome = session_revocations::outcome;
using std::chrono::seconds;

constexpr seconds longest = std::chrono::hours{24};

class MemoryRevocations : public ::testing::Test {
protected:
    MemoryRevocations() { revocations_->prepare(longest); }

    answer has_ended(std::string_view id, std::string_view owner = "", session_time issued = now) {
        return revocations_->has_ended(id, owner, issued, now);
    }

    std::unique_ptr<session_revocations> revocations_ = memory_revocations();
};

TEST_F(MemoryRevocations, RememberEndedIds) {
    EXPECT_EQ(has_ended("a"), answer::no);
    EXPECT_EQ(revocations_->end("a", now + longest, now), outcome::ended);
    EXPECT_EQ(has_ended("a"), answer::yes);
    EXPECT_EQ(has_ended("b"), answer::no);
    EXPECT_EQ(revocations_->end("a", now + longest, now), outcome::was_ended);
}

TEST_F(MemoryRevocations, EndAllSessionsOfAnOwnerIssuedByThen) {
    EXPECT_EQ(revocations_->end_all("alice", "", now), outcome::ended);
    EXPECT_EQ(has_ended("a", "alice", now - seconds{100}), answer::yes);
    EXPECT_EQ(has_ended("b", "alice", now), answer::yes);  // in the same second
    EXPECT_EQ(has_ended("c", "alice", now + seconds{1}), answer::no);
    EXPECT_EQ(has_ended("d", "bob", now), answer::no);
    EXPECT_EQ(has_ended("e", "", now), answer::no);
}

TEST_F(MemoryRevocations, SpareOneUntilTheNextTime) {
    EXPECT_EQ(revocations_->end_all("alice", "mine", now), outcome::ended);
    EXPECT_EQ(has_ended("mine", "alice"), answer::no);
    EXPECT_EQ(has_ended("other", "alice"), answer::yes);
    EXPECT_EQ(revocations_->end("mine", now + longest, now), outcome::ended);
    EXPECT_EQ(has_ended("mine", "alice"), answer::yes);
    EXPECT_EQ(revocations_->end_all("alice", "second", now), outcome::ended);
    EXPECT_EQ(revocations_->end_all("alice", "", now), outcome::ended);
    EXPECT_EQ(has_ended("second", "alice"), answer::yes);
}

TEST_F(MemoryRevocations, GiveATimeOfIssueThatHasNotEnded) {
    EXPECT_EQ(revocations_->issue_time("alice", now), now);
    EXPECT_EQ(revocations_->end_all("alice", "", now), outcome::ended);
    EXPECT_EQ(revocations_->issue_time("alice", now), now + seconds{1});
    EXPECT_EQ(revocations_->issue_time("alice", now + seconds{5}), now + seconds{5});
    EXPECT_EQ(revocations_->issue_time("bob", now), now);
}

// However often in one second.
TEST_F(MemoryRevocations, EndAlsoWhatWasIssuedLaterInTheSameSecond) {
    for (int turn = 0; turn < 5; ++turn) {
        EXPECT_EQ(revocations_->end_all("alice", "", now), outcome::ended);
        const session_time issued = revocations_->issue_time("alice", now).value();
        EXPECT_EQ(has_ended("a", "alice", issued), answer::no);
        EXPECT_EQ(revocations_->end_all("alice", "", now), outcome::ended);
        EXPECT_EQ(has_ended("a", "alice", issued), answer::yes);
    }
}

// Two threads do not read the clock in the order in which they come here.
TEST_F(MemoryRevocations, EndWhatWasIssuedByAClockAhead) {
    EXPECT_EQ(revocations_->issue_time("alice", now + seconds{1}), now + seconds{1});
    EXPECT_EQ(revocations_->end_all("alice", "", now), outcome::ended);
    EXPECT_EQ(has_ended("a", "alice", now + seconds{1}), answer::yes);
}

TEST_F(MemoryRevocations, RefuseToEndOneTooManyAndForgetNone) {
    const auto full = memory_revocations({.capacity = 3});
    full->prepare(longest);
    for (const char* id : {"a", "b", "c"}) {
        EXPECT_EQ(full->end(id, now + longest, now), outcome::ended);
        EXPECT_EQ(full->end_all(id, "", now), outcome::ended);
    }
    EXPECT_EQ(full->end("d", now + longest, now), outcome::unavailable);
    EXPECT_EQ(full->end_all("d", "", now), outcome::unavailable);
    EXPECT_EQ(full->end("a", now + longest, now), outcome::was_ended);
    EXPECT_EQ(full->end_all("a", "", now + seconds{1}), outcome::ended);
    for (const char* id : {"a", "b", "c"}) {
        EXPECT_EQ(full->has_ended(id, "", now, now), answer::yes);
        EXPECT_EQ(full->has_ended("x", id, now, now), answer::yes);
    }
    EXPECT_EQ(full->has_ended("d", "d", now, now), answer::no);
}

TEST_F(MemoryRevocations, HaveRoomAgainWhenSessionsWouldHaveEndedAnyway) {
    const auto full = memory_revocations({.capacity = 1});
    full->prepare(longest);
    const session_time later = now + longest + std::chrono::minutes{1};
    EXPECT_EQ(full->end("a", now + longest, now), outcome::ended);
    EXPECT_EQ(full->end_all("alice", "", now), outcome::ended);
    EXPECT_EQ(full->end("b", later + longest, later - seconds{1}), outcome::unavailable);
    EXPECT_EQ(full->end_all("bob", "", later - seconds{1}), outcome::unavailable);
    EXPECT_EQ(full->end("b", later + longest, later), outcome::ended);
    EXPECT_EQ(full->end_all("bob", "", later), outcome::ended);
}

TEST_F(MemoryRevocations, RememberOwnersForTheLongestOfTheStores) {
    const auto shared = memory_revocations({.capacity = 1});
    shared->prepare(seconds{1000});
    shared->prepare(seconds{10});
    EXPECT_EQ(shared->end_all("alice", "", now), outcome::ended);
    EXPECT_EQ(shared->end_all("bob", "", now + seconds{999}), outcome::unavailable);
}

TEST_F(MemoryRevocations, RefuseNamesOfNoBound) {
    const std::string longest_name(256, 'a');
    EXPECT_EQ(revocations_->end(longest_name, now + longest, now), outcome::ended);
    EXPECT_EQ(revocations_->end_all(longest_name, longest_name, now), outcome::ended);
    EXPECT_EQ(revocations_->end(longest_name + 'a', now + longest, now), outcome::unavailable);
    EXPECT_EQ(revocations_->end_all(longest_name + 'a', "", now), outcome::unavailable);
    EXPECT_EQ(revocations_->end_all("", longest_name + 'a', now), outcome::unavailable);
}

TEST_F(MemoryRevocations, NeedSomeCapacity) {
    EXPECT_THROW(static_cast<void>(memory_revocations({.capacity = 0})), setup_error);
}

TEST_F(MemoryRevocations, HoldTheirCapacityInManyParts) {
    constexpr std::size_t capacity = 8192;
    const auto many = memory_revocations({.capacity = capacity});
    std::size_t ended = 0;
    for (std::size_t made = 0; made < 2 * capacity; ++made) {
        ended += many->end(std::to_string(made), now + longest, now) == outcome::ended ? 1 : 0;
    }
    EXPECT_LE(ended, capacity);
    EXPECT_GE(ended, capacity * 9 / 10);
}

TEST_F(MemoryRevocations, TellOneOfManyThreadsThatItEndedASession) {
    for (int turn = 0; turn < 200; ++turn) {
        const std::string id = std::to_string(turn);
        std::atomic<int> ended = 0;
        std::vector<std::thread> running;
        for (int thread = 0; thread < 3; ++thread) {
            running.emplace_back([&] {
                if (revocations_->end(id, now + longest, now) == outcome::ended) {
                    ++ended;
                }
                EXPECT_EQ(has_ended(id), answer::yes);
            });
        }
        for (std::thread& each : running) {
            each.join();
        }
        EXPECT_EQ(ended, 1);
    }
}

}  // namespace
}  // namespace cloakroom
