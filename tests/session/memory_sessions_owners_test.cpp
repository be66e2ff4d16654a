// SPDX-License-Identifier: MIT
// The sessions of an owner in a store in memory.
#include "store_steps.hpp"
#include <cloakroom/memory_sessions.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

std::vector<session_summary> list(session_store& store, std::string_view owner,
                                  const session_token& current = {}, session_time when = now) {
    std::vector<session_summary> into;
    EXPECT_EQ(store.list(owner, current, when, into), session_load::found);
    return into;
}

std::string handle_of(session_store& store, std::string_view owner, const session_token& token) {
    for (const session_summary& each : list(store, owner, token)) {
        if (each.is_current) {
            return each.handle;
        }
    }
    return {};
}

session_token rename(session_store& store, const session_token& token, session_version expected,
                     const session_record& record, session_time when = now) {
    session_committed into;
    EXPECT_EQ(store.commit({operation::rename, token, expected, record}, when, into),
              session_commit::committed);
    return into.token;
}

TEST(MemorySessions, KeepOwnerAndLabel) {
    const auto store = memory_sessions();
    const session_record record = owned_by("Alice", "Firefox on Linux");
    const session_token token = insert(*store, record);
    stored_session into;
    into.record = owned_by("whoever was there before", "somewhere");
    ASSERT_EQ(store->load(token, now, into), session_load::found);
    EXPECT_EQ(into.record, record);
    ASSERT_EQ(store->load(insert(*store, record_with("7")), now, into), session_load::found);
    EXPECT_EQ(into.record, record_with("7"));
}

TEST(MemorySessions, ListThoseOfAnOwner) {
    const auto store = memory_sessions();
    session_record phone = owned_by("Alice", "phone");
    phone.used = now + seconds{5};
    const session_token first = insert(*store, phone);
    insert(*store, owned_by("Alice", "desk"));
    insert(*store, owned_by("Bob", "phone"));
    insert(*store, owned_by("", "phone"));
    std::vector<session_summary> listed = list(*store, "Alice", first);
    ASSERT_EQ(listed.size(), 2U);
    std::sort(listed.begin(), listed.end(),
              [](const auto& one, const auto& other) { return one.label < other.label; });
    EXPECT_EQ(listed[0].label, "desk");
    EXPECT_FALSE(listed[0].is_current);
    EXPECT_EQ(listed[1].label, "phone");
    EXPECT_TRUE(listed[1].is_current);
    EXPECT_EQ(listed[1].issued, phone.issued);
    EXPECT_EQ(listed[1].used, phone.used);
    EXPECT_EQ(listed[1].absolute_deadline, phone.absolute_deadline);
    EXPECT_NE(listed[0].handle, listed[1].handle);
    EXPECT_TRUE(list(*store, "Carol").empty());
    EXPECT_TRUE(list(*store, "").empty());
    EXPECT_TRUE(list(*store, "Alice", {}, now + seconds{100}).empty());
}

TEST(MemorySessions, GiveHandlesThatOpenNothing) {
    const auto store = memory_sessions();
    const session_token token = insert(*store, owned_by("Alice"));
    const std::string handle = handle_of(*store, "Alice", token);
    EXPECT_EQ(handle.size(), 22U);
    EXPECT_EQ(token.text().find(handle), std::string_view::npos);
    EXPECT_EQ(load(*store, session_token{handle}), session_load::invalid);
}

TEST(MemorySessions, EndTheOneOfAHandle) {
    const auto store = memory_sessions();
    const session_token one = insert(*store, owned_by("Alice"));
    const session_token other = insert(*store, owned_by("Alice"));
    const std::string handle = handle_of(*store, "Alice", one);
    EXPECT_EQ(store->end("Bob", handle, now), session_commit::committed);
    for (const std::string& wrong : {std::string{}, handle + 'A', std::string(22, '='),
                                     std::string(22, 'A'), std::string(100'000, 'A')}) {
        EXPECT_EQ(store->end("Alice", wrong, now), session_commit::committed);
    }
    EXPECT_EQ(load(*store, one), session_load::found);
    EXPECT_EQ(store->end("Alice", handle, now), session_commit::committed);
    EXPECT_EQ(store->end("Alice", handle, now), session_commit::committed);
    EXPECT_EQ(load(*store, one), session_load::absent);
    EXPECT_EQ(load(*store, other), session_load::found);
    EXPECT_EQ(store->metrics().ended, 1U);
}

TEST(MemorySessions, EndAllOfAnOwner) {
    const auto store = memory_sessions();
    const std::vector<session_token> hers = insert_many(*store, 100, owned_by("Alice"));
    const session_token his = insert(*store, owned_by("Bob"));
    const session_token nobodys = insert(*store, record_with("7"));
    EXPECT_EQ(store->end_all("Alice", nullptr, now), session_commit::committed);
    EXPECT_EQ(store->end_all("Alice", nullptr, now), session_commit::committed);
    EXPECT_EQ(store->end_all("", nullptr, now), session_commit::committed);
    for (const session_token& token : hers) {
        EXPECT_EQ(load(*store, token), session_load::absent);
        EXPECT_EQ(commit(*store, operation::replace, token, 1, owned_by("Alice")),
                  session_commit::gone);
    }
    EXPECT_EQ(load(*store, his), session_load::found);
    EXPECT_EQ(load(*store, nobodys), session_load::found);
    EXPECT_EQ(store->metrics().ended, 100U);
    EXPECT_EQ(load(*store, insert(*store, owned_by("Alice"))), session_load::found);
}

TEST(MemorySessions, SpareOneWhereAllOthersEnd) {
    const auto store = memory_sessions();
    const std::vector<session_token> hers = insert_many(*store, 3, owned_by("Alice"));
    const session_token his = insert(*store, owned_by("Bob"));
    EXPECT_EQ(store->end_all("Alice", &hers[1], now), session_commit::committed);
    EXPECT_EQ(load(*store, hers[0]), session_load::absent);
    EXPECT_EQ(load(*store, hers[1]), session_load::found);
    EXPECT_EQ(load(*store, hers[2]), session_load::absent);
    const session_token renamed = rename(*store, hers[1], 1, owned_by("Alice"));
    EXPECT_EQ(handle_of(*store, "Alice", renamed).size(), 22U);
    // One of somebody else spares nobody.
    EXPECT_EQ(store->end_all("Alice", &his, now), session_commit::committed);
    EXPECT_EQ(load(*store, renamed), session_load::absent);
}

// From nobody to Alice, to Bob, to Bob with a label, to nobody, by both operations that can do it.
TEST(MemorySessions, FollowTheOwner) {
    const auto store = memory_sessions();
    for (const operation what : {operation::replace, operation::rename}) {
        for (int round = 0; round < 50; ++round) {  // within a shard and from one to another
            session_token token = insert(*store, record_with("7"));
            session_version version = 1;
            for (const auto& [owner, label] :
                 {std::pair{"Alice", ""}, {"Bob", ""}, {"Bob", "phone"}, {"", ""}}) {
                session_committed into;
                const session_record record = owned_by(owner, label);
                ASSERT_EQ(store->commit({what, token, version, record}, now, into),
                          session_commit::committed);
                version = into.version;
                if (what == operation::rename) {
                    token = into.token;
                }
                stored_session stored;
                ASSERT_EQ(store->load(token, now, stored), session_load::found);
                EXPECT_EQ(stored.record, record);
                EXPECT_EQ(list(*store, "Alice").size(), record.owner == "Alice" ? 1U : 0U);
                EXPECT_EQ(list(*store, "Bob").size(), record.owner == "Bob" ? 1U : 0U);
            }
            ASSERT_EQ(commit(*store, operation::erase, token, 0, {}), session_commit::committed);
        }
    }
    EXPECT_EQ(store->metrics().bytes, 0U);
}

TEST(MemorySessions, ForgetTheOwnerOfWhatIsGone) {
    const auto store = memory_sessions();
    const session_token erased = insert(*store, owned_by("Alice"));
    const session_token expired = insert(*store, owned_by("Alice"));
    ASSERT_EQ(commit(*store, operation::erase, erased, 0, {}), session_commit::committed);
    EXPECT_EQ(list(*store, "Alice").size(), 1U);
    EXPECT_EQ(load(*store, expired, now + seconds{100}), session_load::absent);
    EXPECT_TRUE(list(*store, "Alice").empty());
    EXPECT_EQ(store->end_all("Alice", nullptr, now), session_commit::committed);
    EXPECT_EQ(store->metrics().ended, 1U);
}

TEST(MemorySessions, EndTheLeastRecentlyUsedBeyondTheLimitOfAnOwner) {
    const auto store = memory_sessions({.sessions_per_owner = 3});
    const std::vector<session_token> hers = insert_many(*store, 3, owned_by("Alice"));
    const std::vector<session_token> his = insert_many(*store, 3, owned_by("Bob"));
    const session_time later = now + seconds{1};
    ASSERT_EQ(load(*store, hers[0], later), session_load::found);
    const session_token fourth = insert(*store, owned_by("Alice"), later);
    EXPECT_EQ(load(*store, hers[0]), session_load::found);
    EXPECT_EQ(load(*store, hers[1]), session_load::absent);
    EXPECT_EQ(load(*store, hers[2]), session_load::found);
    EXPECT_EQ(load(*store, fourth), session_load::found);
    for (const session_token& token : his) {
        EXPECT_EQ(load(*store, token), session_load::found);
    }
    EXPECT_EQ(store->metrics().evicted, 1U);
}

TEST(MemorySessions, KeepTheLimitWhereASessionGetsAnOwner) {
    for (const operation what : {operation::replace, operation::rename}) {
        const auto store = memory_sessions({.sessions_per_owner = 2});
        const std::vector<session_token> hers = insert_many(*store, 2, owned_by("Alice"));
        const session_token token = insert(*store, record_with("7"));
        ASSERT_EQ(commit(*store, what, token, 1, owned_by("Alice")), session_commit::committed);
        EXPECT_EQ(load(*store, hers[0]), session_load::absent);
        EXPECT_EQ(load(*store, hers[1]), session_load::found);
        EXPECT_EQ(list(*store, "Alice").size(), 2U);
    }
}

TEST(MemorySessions, RenameAtTheLimitOfAnOwner) {
    const auto store = memory_sessions({.sessions_per_owner = 2});
    const std::vector<session_token> hers = insert_many(*store, 2, owned_by("Alice"));
    const session_token renamed = rename(*store, hers[0], 1, owned_by("Alice", "desk"));
    EXPECT_EQ(load(*store, renamed), session_load::found);
    EXPECT_EQ(load(*store, hers[1]), session_load::found);
    EXPECT_EQ(store->metrics().evicted, 0U);
}

}  // namespace
}  // namespace cloakroom
