// SPDX-License-Identifier: MIT
#include "redis/session_cache.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace cloakroom::redis {
namespace {

stored_session session_of(session_version version, std::size_t bytes = 1) {
    stored_session session;
    session.version = version;
    session.record.values.set("key", std::string(bytes, '7'));
    return session;
}

class SessionCache : public ::testing::Test {
protected:
    std::shared_ptr<session_cache> cache = std::make_shared<session_cache>(10'000);

    void keep(std::string_view key, const stored_session& session) {
        session_cache::load(cache, key).keep(session);
    }

    session_version version_of(std::string_view key) {
        const stored_session* const found = cache->find(key);
        return found == nullptr ? 0 : found->version;
    }
};

TEST_F(SessionCache, RemembersWhatWasLoaded) {
    keep("a", session_of(3));
    keep("b", session_of(4));
    EXPECT_EQ(version_of("a"), 3U);
    EXPECT_EQ(version_of("b"), 4U);
    EXPECT_EQ(version_of("c"), 0U);
}

TEST_F(SessionCache, RemembersTheLatestLoad) {
    keep("a", session_of(3));
    keep("a", session_of(5));
    EXPECT_EQ(version_of("a"), 5U);
}

TEST_F(SessionCache, ForgetsWhatChanges) {
    keep("a", session_of(3));
    keep("b", session_of(4));
    cache->drop("a");
    cache->drop("unknown");
    EXPECT_EQ(version_of("a"), 0U);
    EXPECT_EQ(version_of("b"), 4U);
    cache->clear();
    EXPECT_EQ(version_of("b"), 0U);
    EXPECT_EQ(cache->bytes(), 0U);
}

TEST_F(SessionCache, KeepsNoLoadThatTheNewsHasOvertaken) {
    {
        session_cache::load overtaken(cache, "a");
        session_cache::load beside(cache, "b");
        cache->drop("a");
        overtaken.keep(session_of(1));
        beside.keep(session_of(2));
    }
    EXPECT_EQ(version_of("a"), 0U);
    EXPECT_EQ(version_of("b"), 2U);
    keep("a", session_of(3));
    EXPECT_EQ(version_of("a"), 3U);
}

TEST_F(SessionCache, KeepsNoneOfTheLoadsOfAKeyThatChanged) {
    std::optional<session_cache::load> first(std::in_place, cache, "a");
    session_cache::load second(cache, "a");
    cache->drop("a");
    first->keep(session_of(1));
    first.reset();
    second.keep(session_of(1));
    EXPECT_EQ(version_of("a"), 0U);
}

TEST_F(SessionCache, KeepsNoLoadFromBeforeItWasCleared) {
    session_cache::load overtaken(cache, "a");
    cache->clear();
    overtaken.keep(session_of(1));
    EXPECT_EQ(version_of("a"), 0U);
}

TEST_F(SessionCache, ForgetsTheLeastRecentlyUsedForWantOfRoom) {
    keep("a", session_of(1, 4'000));
    keep("b", session_of(2, 4'000));
    EXPECT_EQ(version_of("a"), 1U);
    keep("c", session_of(3, 4'000));
    EXPECT_EQ(version_of("a"), 1U);
    EXPECT_EQ(version_of("b"), 0U);
    EXPECT_EQ(version_of("c"), 3U);
    EXPECT_LE(cache->bytes(), 10'000U);
}

TEST_F(SessionCache, RemembersNothingThatIsLargerThanItself) {
    keep("a", session_of(1, 100));
    keep("b", session_of(2, 10'000));
    EXPECT_EQ(version_of("a"), 1U);
    EXPECT_EQ(version_of("b"), 0U);
}

}  // namespace
}  // namespace cloakroom::redis
