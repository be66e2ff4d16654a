// SPDX-License-Identifier: MIT
#include "session/growing_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cloakroom {
namespace {

struct entry {
    std::size_t key;
    entry* next_in_bucket = nullptr;

    // SplitMix64: neighbours come far apart.
    [[nodiscard]] std::size_t hash() const noexcept {
        std::uint64_t mixed = key + 0x9E3779B97F4A7C15U;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31);
    }
};

using table = growing_table<entry>;

// As many entries as that, with keys from 0 on, which stay where they are.
std::vector<entry> entries(std::size_t count) {
    std::vector<entry> made;
    for (std::size_t key = 0; key < count; ++key) {
        made.push_back({key});
    }
    return made;
}

entry* find(const table& in, std::size_t key) {
    return in.find(entry{key}.hash(), [key](const entry& each) { return each.key == key; });
}

TEST(GrowingTable, FindsWhatIsInIt) {
    std::vector<entry> all = entries(10'000);
    table in;
    for (entry& each : all) {
        EXPECT_EQ(find(in, each.key), nullptr);
        in.insert(each);
        EXPECT_EQ(find(in, each.key), &each);
    }
    EXPECT_EQ(in.size(), all.size());
    for (entry& each : all) {
        ASSERT_EQ(find(in, each.key), &each);
    }
}

TEST(GrowingTable, ForgetsWhatIsErasedAndNothingElse) {
    std::vector<entry> all = entries(10'000);
    table in;
    for (entry& each : all) {
        in.insert(each);
    }
    // In another order than that of insertion.
    for (std::size_t index = 0; index < all.size(); ++index) {
        in.erase(all[index * 7919 % all.size()]);
        if (index % 500 == 0) {
            const auto left = static_cast<std::size_t>(
                std::count_if(all.begin(), all.end(),
                              [&](const entry& each) { return find(in, each.key) == &each; }));
            ASSERT_EQ(left, all.size() - index - 1);
        }
    }
    EXPECT_EQ(in.size(), 0U);
}

TEST(GrowingTable, TellsEntriesOfOneHashApart) {
    struct twin {
        int name;
        twin* next_in_bucket = nullptr;
        [[nodiscard]] std::size_t hash() const noexcept { return 42; }
    };
    std::vector<twin> all{{0}, {1}, {2}};
    growing_table<twin> in;
    for (twin& each : all) {
        in.insert(each);
    }
    in.erase(all[1]);
    const auto named = [&](int name) {
        return in.find(42, [name](const twin& each) { return each.name == name; });
    };
    EXPECT_EQ(named(0), &all[0]);
    EXPECT_EQ(named(1), nullptr);
    EXPECT_EQ(named(2), &all[2]);
}

// What this table is for: no operation lays out more than a few buckets anew.
TEST(GrowingTable, GrowsAndShrinksByFewBucketsAtATime) {
    std::vector<entry> all = entries(100'000);
    table in;
    std::size_t before = in.bucket_count();
    for (entry& each : all) {
        in.insert(each);
        ASSERT_LE(in.bucket_count(), before + 1);
        before = in.bucket_count();
    }
    EXPECT_EQ(in.bucket_count(), all.size());
    for (entry& each : all) {
        in.erase(each);
        ASSERT_GE(in.bucket_count() + 2, before);
        before = in.bucket_count();
    }
    EXPECT_EQ(in.bucket_count(), table{}.bucket_count());
}

TEST(GrowingTable, TakesNoMoreBucketsThanItSays) {
    std::vector<entry> all = entries(20'000);
    table in;
    const std::size_t least = in.bucket_count();
    const auto is_within = [&] {
        return in.bucket_count() * sizeof(entry*) <=
               std::max(least * sizeof(entry*), in.size() * table::bytes_per_entry);
    };
    for (entry& each : all) {
        in.insert(each);
        ASSERT_TRUE(is_within()) << in.size();
    }
    for (entry& each : all) {
        in.erase(each);
        ASSERT_TRUE(is_within()) << in.size();
    }
}

// Buckets that are split have half as many entries as those that are still to be.
TEST(GrowingTable, KeepsItsChainsShort) {
    struct counting {
        entry is;
        std::size_t* looks;
        counting* next_in_bucket = nullptr;
        [[nodiscard]] std::size_t hash() const noexcept {
            ++*looks;
            return is.hash();
        }
    };
    std::size_t looks = 0;
    std::vector<counting> all;
    for (std::size_t key = 0; key < 98'304; ++key) {  // half-way between two powers of two
        all.push_back({{key}, &looks});
    }
    growing_table<counting> in;
    for (counting& each : all) {
        in.insert(each);
    }
    looks = 0;
    for (const counting& each : all) {
        static_cast<void>(
            in.find(each.is.hash(), [&](const counting& seen) { return &seen == &each; }));
    }
    EXPECT_LT(looks, all.size() * 17 / 10);
}

}  // namespace
}  // namespace cloakroom
