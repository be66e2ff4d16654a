// SPDX-License-Identifier: MIT
#include "session/deflate_bound.hpp"

#include "session/deflater.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <span>
#include <string>

namespace cloakroom {
namespace {

// The bound must never say that zlib cannot where it can. Texts of few letters, of repetitions and
// of JSON's own characters come closest.
TEST(DeflateBound, NeverMissesATextThatZlibMakesShorter) {
    std::mt19937 random(1);
    const auto below = [&](std::size_t limit) { return random() % limit; };
    deflater with;
    std::array<char, 200> room;
    std::size_t skipped = 0;
    std::size_t deflatable = 0;
    for (int round = 0; round < 100'000; ++round) {
        const std::size_t size = 3 + below(140);
        const std::string_view all = "{\"a\":1,b_c}[]\\u0d9efghijklmnopqrstvwxyzABCDEFGH ";
        const std::size_t letters = 1 + below(all.size());
        std::string json;
        while (json.size() < size) {
            if (json.size() > 3 && below(4) == 0) {
                json += json.substr(below(json.size() - 2), 3 + below(8));
            } else {
                json += all[below(letters)];
            }
        }
        json.resize(size);
        const bool gains = with.deflate(json, std::span{room}.first(json.size() - 2)) != 0;
        deflatable += gains ? 1 : 0;
        if (deflating_surely_gains_nothing(json)) {
            ++skipped;
            ASSERT_FALSE(gains) << json;
        }
    }
    EXPECT_GT(skipped, 10'000U);
    EXPECT_GT(deflatable, 10'000U);
}

TEST(DeflateBound, KnowsCommonSmallSessions) {
    for (const char* json :
         {"{}", "{\"count\":1}", "{\"count\":1234567}", "{\"_permanent\":true,\"count\":1}",
          "{\"_permanent\":true,\"user_id\":42}"}) {
        EXPECT_TRUE(deflating_surely_gains_nothing(json)) << json;
    }
}

}  // namespace
}  // namespace cloakroom
