// SPDX-License-Identifier: MIT
#include "owner_ends.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace cloakroom::serialisability {
namespace {

constexpr std::uint32_t ann = 1;
constexpr std::uint32_t bob = 2;

constexpr owned_session hers{.session = 7, .owner = ann, .begin = 10, .end = 20};

TEST(OwnerEnds, EndASessionThatWasTheOwnersBefore) {
    const history made = ends_of({hers}, {{.owner = ann, .client = 3, .begin = 21, .end = 30}});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].session, 7U);
    EXPECT_EQ(made[0].client, 3U);
    EXPECT_EQ(made[0].outcome, outcome::committed);
    EXPECT_EQ(made[0].begin, 21U);
    EXPECT_EQ(made[0].end, 30U);
    EXPECT_TRUE(made[0].ends);
}

TEST(OwnerEnds, MayEndASessionThatBecameTheOwnersMeanwhile) {
    const history made = ends_of({hers}, {{.owner = ann, .begin = 5, .end = 12}});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].outcome, outcome::unknown);
    EXPECT_EQ(made[0].begin, 10U);  // not before there was a session
    EXPECT_EQ(made[0].end, never);
}

TEST(OwnerEnds, MayComeLateWhereTheAnswerWasLost) {
    const history made = ends_of({hers}, {{.owner = ann, .begin = 5}});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].outcome, outcome::unknown);
}

TEST(OwnerEnds, LeaveLaterSessionsAlone) {
    EXPECT_TRUE(ends_of({hers}, {{.owner = ann, .begin = 5, .end = 9}}).empty());
}

TEST(OwnerEnds, LeaveOthersAlone) {
    EXPECT_TRUE(ends_of({hers}, {{.owner = bob, .begin = 21, .end = 30}}).empty());
}

TEST(OwnerEnds, EndNothingThatHasEnded) {
    const owner_end first{.owner = ann, .begin = 21, .end = 30};
    const owner_end overlapping{.owner = ann, .begin = 25, .end = 35};
    const owner_end second{.owner = ann, .begin = 31, .end = 40};
    EXPECT_EQ(ends_of({hers}, {second, overlapping, first}).size(), 2U);
}

}  // namespace
}  // namespace cloakroom::serialisability
