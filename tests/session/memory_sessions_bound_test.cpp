// SPDX-License-Identifier: MIT
// What a store in memory holds, and what goes when it is full.
#include "store_steps.hpp"
#include <cloakroom/memory_sessions.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

TEST(MemorySessions, DropTheLeastRecentlyUsedAtTheBound) {
    const auto store = memory_sessions(one_shard);
    const session_record record = record_with(std::string(1000, '1'));  // some 1.2 KB with overhead
    const std::vector<session_token> tokens = insert_many(*store, 50, record);
    // The first one is used by a load, the second by a commit; the third is not.
    ASSERT_EQ(load(*store, tokens[0]), session_load::found);
    ASSERT_EQ(commit(*store, operation::touch, tokens[1], 0, record), session_commit::committed);
    for (int count = 0; count < 20; ++count) {
        insert(*store, record);
    }
    EXPECT_EQ(load(*store, tokens[0]), session_load::found);
    EXPECT_EQ(load(*store, tokens[1]), session_load::found);
    EXPECT_EQ(load(*store, tokens[2]), session_load::absent);
    EXPECT_EQ(load(*store, tokens[49]), session_load::found);
}

TEST(MemorySessions, HoldWhatTheCapacityAllowsAndNoMore) {
    for (const std::size_t size : {1U, 100U, 1000U}) {
        const auto store = memory_sessions(one_shard);
        const std::vector<session_token> tokens =
            insert_many(*store, 2000, record_with(std::string(size, '1')));
        std::size_t held = 0;
        for (const session_token& token : tokens) {
            held += load(*store, token) == session_load::found ? 1U : 0U;
        }
        // Each takes its contents and an overhead between 100 and 250 bytes.
        EXPECT_LE(held * (size + 100), one_shard.capacity_bytes);
        EXPECT_GE((held + 1) * (size + 250), one_shard.capacity_bytes);
    }
}

TEST(MemorySessions, DropExpiredSessionsBeforeLiveOnes) {
    const auto store = memory_sessions(one_shard);
    const std::string json(20'000, '1');
    const session_token oldest = insert(*store, record_with(json));
    session_record brief = record_with(json);
    brief.absolute_deadline = now + seconds{1};
    const session_token expired = insert(*store, brief);
    const session_token newest = insert(*store, record_with(json));
    const session_time later = now + seconds{2};
    insert(*store, record_with(json, later), later);
    EXPECT_EQ(load(*store, oldest, later), session_load::found);
    EXPECT_EQ(load(*store, newest, later), session_load::found);
    EXPECT_EQ(load(*store, expired), session_load::absent);
}

// Seen from outside by a clock that goes back: what has been dropped stays away.
TEST(MemorySessions, DropExpiredSessionsInPassing) {
    const auto store = memory_sessions(one_shard);
    const std::vector<session_token> tokens = insert_many(*store, 20, record_with("7"));
    const session_time later = now + seconds{100};
    const session_token other = insert(*store, record_with("8", later), later);
    for (int count = 0; count < 20; ++count) {
        ASSERT_EQ(load(*store, other, later), session_load::found);
    }
    for (const session_token& token : tokens) {
        EXPECT_EQ(load(*store, token), session_load::absent);
    }
}

TEST(MemorySessions, GiveOneSessionAllOfASmallStore) {
    const auto store = memory_sessions(one_shard);
    const session_token small = insert(*store, record_with("7"));
    const session_token large = insert(*store, record_with(std::string(65'250, '1')));
    EXPECT_EQ(load(*store, small), session_load::absent);
    EXPECT_EQ(load(*store, large), session_load::found);
    EXPECT_EQ(commit(*store, operation::insert, {}, 0, record_with(std::string(66'000, '1'))),
              session_commit::too_large);
    EXPECT_EQ(commit(*store, operation::replace, large, 1, record_with(std::string(66'000, '1'))),
              session_commit::too_large);
    EXPECT_EQ(load(*store, large), session_load::found);
}

TEST(MemorySessions, MakeRoomForASessionThatGrows) {
    const auto store = memory_sessions(one_shard);
    const session_token growing = insert(*store, record_with("7"));
    const session_token other = insert(*store, record_with(std::string(30'000, '1')));
    const session_record large = record_with(std::string(60'000, '2'));
    ASSERT_EQ(commit(*store, operation::replace, growing, 1, large), session_commit::committed);
    EXPECT_EQ(load(*store, other), session_load::absent);
    stored_session into;
    ASSERT_EQ(store->load(growing, now, into), session_load::found);
    EXPECT_EQ(into.record, large);
}

TEST(MemorySessions, GiveBackTheRoomOfASessionThatShrinks) {
    const auto store = memory_sessions(one_shard);
    const session_token shrinking = insert(*store, record_with(std::string(60'000, '1')));
    ASSERT_EQ(commit(*store, operation::replace, shrinking, 1, record_with("7")),
              session_commit::committed);
    const session_token other = insert(*store, record_with(std::string(60'000, '2')));
    EXPECT_EQ(load(*store, shrinking), session_load::found);
    EXPECT_EQ(load(*store, other), session_load::found);
}

TEST(MemorySessions, CountNoByteWhereNoSessionIs) {
    const auto store = memory_sessions();
    session_record record = record_with("7");
    for (const std::string_view owner : {"", "Alice", "a name too long for a string itself"}) {
        record.owner = owner;
        for (const std::size_t size : {1U, 1000U, 100U, 3U}) {
            const session_token token = insert(*store, record);
            EXPECT_GE(store->metrics().bytes, 150U);
            session_record other = record_with(std::string(size, '1'));
            other.owner = size == 100 ? "Bob" : "Alice";
            other.label = std::string(size / 10, 'x');
            ASSERT_EQ(commit(*store, operation::replace, token, 1, other),
                      session_commit::committed);
            EXPECT_GE(store->metrics().bytes, 150U + size);
            ASSERT_EQ(commit(*store, operation::erase, token, 0, {}), session_commit::committed);
            EXPECT_EQ(store->metrics().bytes, 0U);
        }
    }
}

TEST(MemorySessions, RenameALargeSessionInASmallStore) {
    const auto store = memory_sessions(one_shard);
    const session_token small = insert(*store, record_with("7"));
    const session_record large = record_with(std::string(40'000, '1'));
    const session_token token = insert(*store, large);
    session_committed into;
    ASSERT_EQ(store->commit({operation::rename, token, 1, large}, now, into),
              session_commit::committed);
    // What is renamed takes the place of itself.
    EXPECT_EQ(load(*store, small), session_load::found);
    EXPECT_EQ(load(*store, into.token), session_load::found);
    EXPECT_EQ(
        commit(*store, operation::rename, into.token, 2, record_with(std::string(66'000, '1'))),
        session_commit::too_large);
}

session_token insert_owned(session_store& store, std::string_view owner, session_record record) {
    record.owner = owner;
    return insert(store, record);
}

TEST(MemorySessions, DropAnonymousSessionsBeforeOwnedOnes) {
    const auto store = memory_sessions(one_shard);
    const session_record record = record_with(std::string(15'000, '1'));
    const session_token owned_first = insert_owned(*store, "Alice", record);
    const session_token anonymous_first = insert(*store, record);
    const session_token owned_last = insert_owned(*store, "Bob", record);
    const session_token anonymous_last = insert(*store, record);
    insert_owned(*store, "Carol", record);
    EXPECT_EQ(load(*store, anonymous_first), session_load::absent);
    EXPECT_EQ(load(*store, anonymous_last), session_load::found);
    insert_owned(*store, "Dave", record);
    EXPECT_EQ(load(*store, anonymous_last), session_load::absent);
    EXPECT_EQ(load(*store, owned_first), session_load::found);
    insert(*store, record);
    EXPECT_EQ(load(*store, owned_last), session_load::absent);
    EXPECT_EQ(load(*store, owned_first), session_load::found);
    EXPECT_EQ(store->metrics().evicted, 3U);
}

TEST(MemorySessions, DropExpiredOwnedSessionsBeforeAnonymousOnes) {
    const auto store = memory_sessions(one_shard);
    const session_record record = record_with(std::string(20'000, '1'));
    const session_token owned = insert_owned(*store, "Alice", record);
    session_record brief = record;
    brief.absolute_deadline = now + seconds{1};
    insert_owned(*store, "Bob", brief);
    const session_token anonymous = insert(*store, record);
    ASSERT_EQ(load(*store, owned), session_load::found);
    const session_time later = now + seconds{2};
    insert(*store, record, later);
    EXPECT_EQ(load(*store, owned, later), session_load::found);
    EXPECT_EQ(load(*store, anonymous, later), session_load::found);
    EXPECT_EQ(store->metrics().expired, 1U);
    EXPECT_EQ(store->metrics().evicted, 0U);
}

// The only anonymous session is the one that grows: it is not dropped for itself.
TEST(MemorySessions, MakeRoomForAnAnonymousSessionAmongOwnedOnes) {
    const auto store = memory_sessions(one_shard);
    const session_token owned = insert_owned(*store, "Alice", record_with(std::string(9'000, '1')));
    const session_token growing = insert(*store, record_with("7"));
    const session_record large = record_with(std::string(60'000, '2'));
    ASSERT_EQ(commit(*store, operation::replace, growing, 1, large), session_commit::committed);
    EXPECT_EQ(load(*store, growing), session_load::found);
    EXPECT_EQ(load(*store, owned), session_load::absent);
}

// More than a shard evicts at one go.
TEST(MemorySessions, MakeRoomForALargeSessionAmongManySmallOnes) {
    const auto store = memory_sessions(one_shard);
    insert_many(*store, 300, record_with("7"));
    ASSERT_GT(store->metrics().sessions, 250U);
    const session_token large = insert(*store, record_with(std::string(60'000, '1')));
    EXPECT_EQ(load(*store, large), session_load::found);
    insert_many(*store, 300, record_with("7"));
    const session_token growing = insert(*store, record_with("7"));
    EXPECT_EQ(commit(*store, operation::replace, growing, 1, record_with(std::string(60'000, '1'))),
              session_commit::committed);
    EXPECT_LT(store->metrics().sessions, 50U);
    EXPECT_LE(store->metrics().bytes, one_shard.capacity_bytes);
}

TEST(MemorySessions, ChargeOwnersAndLabels) {
    session_record record = record_with("7");
    record.owner = std::string(256, 'o');
    record.label = std::string(256, 'l');
    const auto store = memory_sessions(one_shard);
    insert_many(*store, 200, record);
    const session_metrics counted = store->metrics();
    EXPECT_LE(counted.sessions * (150 + 512 + 150), one_shard.capacity_bytes);
    EXPECT_LE(counted.bytes, one_shard.capacity_bytes);
    EXPECT_GE((counted.sessions + 1) * (512 + 600), one_shard.capacity_bytes);
}

}  // namespace
}  // namespace cloakroom
