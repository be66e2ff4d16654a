// SPDX-License-Identifier: MIT
#include "redis/key_slot.hpp"

#include <gtest/gtest.h>

namespace cloakroom::redis {
namespace {

// Source: https://redis.io/docs/reference/cluster-spec, and CLUSTER KEYSLOT of Redis 7.0.
TEST(KeySlot, IsTheOneThatRedisComputes) {
    static_assert(key_slot("123456789") == 12739);
    EXPECT_EQ(key_slot(""), 0);
    EXPECT_EQ(key_slot("foo"), 12182);
    EXPECT_EQ(key_slot("bar"), 5061);
    EXPECT_EQ(key_slot("a"), 15495);
    EXPECT_EQ(key_slot("\xff\x80"), key_slot("{\xff\x80}"));
}

TEST(KeySlot, IsThatOfTheHashTag) {
    EXPECT_EQ(key_slot("{123456789}"), 12739);
    EXPECT_EQ(key_slot("cloakroom:{123456789}:s:abc"), 12739);
    EXPECT_EQ(key_slot("{foo}{bar}"), 12182);
    EXPECT_EQ(key_slot("a}{foo}"), 12182);
    EXPECT_EQ(key_slot("x{{foo}}"), key_slot("{foo"));
}

TEST(KeySlot, IsThatOfTheWholeKeyWithoutATag) {
    EXPECT_NE(key_slot("{}foo"), key_slot("{}bar"));
    EXPECT_EQ(key_slot("{}{foo}"), 2263);
    EXPECT_NE(key_slot("{foo"), key_slot("foo"));
    EXPECT_NE(key_slot("foo}"), key_slot("foo"));
}

}  // namespace
}  // namespace cloakroom::redis
