// SPDX-License-Identifier: MIT
#include "session/expiring_map.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cloakroom {
namespace {

constexpr session_time at(int second) {
    return session_time{std::chrono::seconds{second}};
}

TEST(ExpiringMap, KeepsAKeyUntilItsTime) {
    expiring_map<int> map(10);
    const auto [kept, is_new] = map.put("a", at(10), at(0));
    ASSERT_NE(kept, nullptr);
    EXPECT_TRUE(is_new);
    *kept = 7;
    ASSERT_NE(map.find("a"), nullptr);
    EXPECT_EQ(*map.find("a"), 7);
    static_cast<void>(map.put("b", at(20), at(9)));
    EXPECT_NE(map.find("a"), nullptr);
    static_cast<void>(map.put("c", at(20), at(10)));
    EXPECT_EQ(map.find("a"), nullptr);
}

TEST(ExpiringMap, ProlongsButNeverShortens) {
    expiring_map<int> map(10);
    *map.put("a", at(10), at(0)).first = 7;
    const auto [kept, is_new] = map.put("a", at(30), at(1));
    EXPECT_FALSE(is_new);
    EXPECT_EQ(*kept, 7);
    static_cast<void>(map.put("a", at(5), at(2)));
    static_cast<void>(map.put("b", at(40), at(29)));
    EXPECT_NE(map.find("a"), nullptr);
    static_cast<void>(map.put("c", at(40), at(30)));
    EXPECT_EQ(map.find("a"), nullptr);
}

TEST(ExpiringMap, RefusesWhatIsOneTooMany) {
    expiring_map<int> map(2);
    static_cast<void>(map.put("a", at(10), at(0)));
    static_cast<void>(map.put("b", at(20), at(0)));
    EXPECT_EQ(map.put("c", at(20), at(9)).first, nullptr);
    EXPECT_NE(map.put("a", at(10), at(9)).first, nullptr);
    EXPECT_NE(map.put("c", at(20), at(10)).first, nullptr);
    EXPECT_EQ(map.size(), 2U);
}

TEST(ExpiringMap, HasNoMoreThanIsAliveInASteadyStream) {
    expiring_map<int> map(1000);
    for (int second = 0; second < 10'000; ++second) {
        ASSERT_NE(map.put(std::to_string(second), at(second + 100), at(second)).first, nullptr);
        ASSERT_LE(map.size(), 101U);
    }
}

}  // namespace
}  // namespace cloakroom
