// SPDX-License-Identifier: MIT
#include "redis/session_place.hpp"

#include "redis/key_slot.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <string>

namespace cloakroom::redis {
namespace {

bool is_base64url(char character) {
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
           (character >= '0' && character <= '9') || character == '-' || character == '_';
}

TEST(SessionPlace, MakesTokensThatBeginWithTheirShard) {
    const session_token token = make_token("Z_");
    EXPECT_EQ(token.text().size(), 45U);
    EXPECT_EQ(token.text().substr(0, 2), "Z_");
    EXPECT_TRUE(is_well_formed(token.text()));
    EXPECT_NE(token.text(), make_token("Z_").text());
}

TEST(SessionPlace, TakesTokensOfEveryShard) {
    std::set<shard_name> shards;
    for (int owner = 0; owner < 20'000; ++owner) {
        shards.insert(choose_shard(std::to_string(owner)));
    }
    EXPECT_GT(shards.size(), 3'900U);  // of 4096
    for (const shard_name& each : shards) {
        EXPECT_TRUE(is_well_formed(make_token(each).text())) << each;
    }
}

TEST(SessionPlace, RefusesEveryMalformedToken) {
    const std::string good{make_token("AA").text()};
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int value = 0; value < 256; ++value) {
            std::string token = good;
            token[at] = static_cast<char>(value);
            // The last character carries 4 bits; 2 of its 6 have to be zero.
            const bool is_last = at + 1 == good.size();
            if (!is_last) {
                ASSERT_EQ(is_well_formed(token), is_base64url(token[at])) << token;
            } else if (!is_base64url(token[at])) {
                ASSERT_FALSE(is_well_formed(token)) << token;
            }
        }
    }
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_FALSE(is_well_formed(good.substr(0, size)));
    }
    EXPECT_FALSE(is_well_formed(good + "A"));
    EXPECT_FALSE(is_well_formed(good + "="));
    EXPECT_FALSE(is_well_formed(std::string(1'000'000, 'A')));
}

TEST(SessionPlace, TakesOneSpellingOfATokenAlone) {
    std::string token{make_token("AA").text()};
    int accepted = 0;
    for (const char last : std::string{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_"}) {
        token.back() = last;
        accepted += is_well_formed(token) ? 1 : 0;
    }
    EXPECT_EQ(accepted, 16);
}

TEST(SessionPlace, KeepsAnOwnerInOneShard) {
    EXPECT_EQ(choose_shard("alice"), choose_shard("alice"));
    EXPECT_EQ(choose_shard("alice"), "K9");  // the same in every version and on every machine
    EXPECT_NE(choose_shard("alice"), choose_shard("bob"));
}

TEST(SessionPlace, SpreadsTheSessionsOfNobody) {
    std::set<shard_name> shards;
    for (int session = 0; session < 100; ++session) {
        shards.insert(choose_shard(""));
    }
    EXPECT_GT(shards.size(), 50U);
}

TEST(SessionPlace, NamesTheKeyByTheDigest) {
    const session_token token{"AB" + std::string(43, 'A')};
    const session_place place = place_of("shop:", token);
    EXPECT_EQ(place.shard, "AB");
    EXPECT_EQ(place.base, "shop:{AB}:");
    EXPECT_EQ(place.digest.size(), 43U);
    EXPECT_EQ(place.key, "shop:{AB}:s:" + place.digest);
    EXPECT_EQ(place.slot, key_slot("AB"));
    EXPECT_EQ(place.key.find(token.text()), std::string::npos);
    EXPECT_EQ(place.key.find(token.text().substr(2)), std::string::npos);
}

TEST(SessionPlace, HasTheSessionsOfAnOwnerInTheSlotOfTheirIndex) {
    for (const char* const owner : {"alice", "{bob}", "}{", "", "a{b}c"}) {
        const owner_place index = place_of_owner("shop:", owner);
        const session_place session = place_of("shop:", make_token(index.shard));
        EXPECT_EQ(index.slot, session.slot) << owner;
        EXPECT_EQ(index.slot, key_slot(index.key)) << owner;
        EXPECT_EQ(index.base, session.base) << owner;
        EXPECT_EQ(index.key, index.base + "o:" + owner);
    }
}

}  // namespace
}  // namespace cloakroom::redis
