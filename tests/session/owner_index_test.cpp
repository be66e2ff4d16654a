// SPDX-License-Identifier: MIT
#include "session/owner_index.hpp"

#include "now.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using digest_type = owner_index::digest_type;
using digests = std::vector<digest_type>;

// Stands for a session: its digest begins with its number.
struct listed_session {
    listed_session(owner_index& in, std::string_view owner, unsigned char number) : index(in) {
        digest[0] = number;
        link.digest = &digest;
        link.used = now;
        index.acquire(link, owner);
    }
    listed_session(const listed_session&) = delete;
    listed_session& operator=(const listed_session&) = delete;
    ~listed_session() { index.release(link); }

    owner_index& index;
    digest_type digest{};
    owner_link link;
};

TEST(OwnerIndex, FindsTheSessionsOfAName) {
    owner_index index(10);
    listed_session first(index, "Alice", 1);
    listed_session second(index, "Alice", 2);
    listed_session other(index, "Bob", 3);
    EXPECT_TRUE(index.find_all("Alice").empty());  // not listed yet
    for (listed_session* const each : {&first, &second, &other}) {
        EXPECT_EQ(index.add(each->link), std::nullopt);
    }
    EXPECT_EQ(index.find_all("Alice"), (digests{second.digest, first.digest}));
    EXPECT_EQ(index.find_all("Bob"), digests{other.digest});
    EXPECT_TRUE(index.find_all("Carol").empty());
    EXPECT_TRUE(index.find_all(std::string(100'000, 'A')).empty());
}

TEST(OwnerIndex, ForgetsWhatIsReleased) {
    owner_index index(10);
    listed_session first(index, "Alice", 1);
    EXPECT_EQ(index.add(first.link), std::nullopt);
    {
        listed_session second(index, "Alice", 2);
        EXPECT_EQ(index.add(second.link), std::nullopt);
    }
    EXPECT_EQ(index.find_all("Alice"), digests{first.digest});
    index.release(first.link);
    EXPECT_TRUE(index.find_all("Alice").empty());
}

TEST(OwnerIndex, TakesTheLeastRecentlyUsedOutBeyondTheLimit) {
    owner_index index(2);
    listed_session first(index, "Alice", 1);
    listed_session second(index, "Alice", 2);
    listed_session third(index, "Alice", 3);
    listed_session fourth(index, "Alice", 4);
    EXPECT_EQ(index.add(first.link), std::nullopt);
    EXPECT_EQ(index.add(second.link), std::nullopt);
    index.use(first.link, now);  // the same second tells nothing
    EXPECT_EQ(index.add(third.link), first.digest);
    index.use(second.link, now + std::chrono::seconds{1});
    EXPECT_EQ(index.add(fourth.link), third.digest);
    EXPECT_EQ(index.find_all("Alice"), (digests{fourth.digest, second.digest}));
}

TEST(OwnerIndex, TakesAllOutButOne) {
    owner_index index(10);
    listed_session first(index, "Alice", 1);
    listed_session second(index, "Alice", 2);
    listed_session third(index, "Alice", 3);
    for (listed_session* const each : {&first, &second, &third}) {
        EXPECT_EQ(index.add(each->link), std::nullopt);
    }
    EXPECT_EQ(index.take_all("Alice", &second.digest), (digests{third.digest, first.digest}));
    EXPECT_EQ(index.find_all("Alice"), digests{second.digest});
    EXPECT_EQ(index.take_all("Alice", nullptr), digests{second.digest});
    EXPECT_TRUE(index.take_all("Alice", nullptr).empty());
}

TEST(OwnerIndex, TakesOneOutByItsHandle) {
    owner_index index(10);
    listed_session first(index, "Alice", 1);
    listed_session second(index, "Alice", 2);
    EXPECT_EQ(index.add(first.link), std::nullopt);
    EXPECT_EQ(index.add(second.link), std::nullopt);
    EXPECT_EQ(index.take("Bob", {1}), std::nullopt);
    EXPECT_EQ(index.take("Alice", {3}), std::nullopt);
    EXPECT_EQ(index.take("Alice", {1}), first.digest);
    EXPECT_EQ(index.find_all("Alice"), digests{second.digest});
}

TEST(OwnerIndex, LetsOneLinkTakeThePlaceOfAnother) {
    owner_index index(1);
    listed_session before(index, "Alice", 1);
    listed_session same(index, "Alice", 2);
    listed_session other(index, "Bob", 3);
    listed_session surplus(index, "Bob", 4);
    std::optional<digest_type> gone;
    EXPECT_EQ(index.add(surplus.link), std::nullopt);
    EXPECT_TRUE(index.pass_on(nullptr, &before.link, gone));
    EXPECT_TRUE(index.pass_on(&before.link, &same.link, gone));
    EXPECT_EQ(gone, std::nullopt);
    EXPECT_EQ(index.find_all("Alice"), digests{same.digest});
    EXPECT_TRUE(index.pass_on(&same.link, &other.link, gone));
    EXPECT_EQ(gone, surplus.digest);
    EXPECT_TRUE(index.find_all("Alice").empty());
    EXPECT_EQ(index.find_all("Bob"), digests{other.digest});
    EXPECT_TRUE(index.pass_on(&other.link, nullptr, gone));
    EXPECT_TRUE(index.find_all("Bob").empty());
}

TEST(OwnerIndex, PassesNothingOnOnceASessionIsToEnd) {
    owner_index index(10);
    listed_session ended(index, "Alice", 1);
    listed_session same(index, "Alice", 2);
    listed_session other(index, "Bob", 3);
    std::optional<digest_type> gone;
    EXPECT_EQ(index.add(ended.link), std::nullopt);
    ASSERT_EQ(index.take_all("Alice", nullptr), digests{ended.digest});
    for (owner_link* const to : {&same.link, &other.link, static_cast<owner_link*>(nullptr)}) {
        EXPECT_FALSE(index.pass_on(&ended.link, to, gone));
    }
    index.use(ended.link, now + std::chrono::seconds{1});
    EXPECT_TRUE(index.find_all("Alice").empty());
    EXPECT_TRUE(index.find_all("Bob").empty());
}

}  // namespace
}  // namespace cloakroom
