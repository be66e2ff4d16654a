// SPDX-License-Identifier: MIT
#include "net/visit_queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace cloakroom::net {
namespace {

struct visitor : queued {
    char name = '?';
};

class VisitQueue : public ::testing::Test {
protected:
    VisitQueue() {
        for (char name = 'a'; visitor & each : all) {
            each.name = name++;
        }
    }

    void add(const std::string& names) {
        for (const char name : names) {
            queue.add(of(name));
        }
    }
    void remove(const std::string& names) {
        for (const char name : names) {
            queue.remove(of(name));
        }
    }
    std::string taken(std::size_t most = 100) {
        std::string names;
        while (!queue.is_empty() && names.size() < most) {
            names += static_cast<visitor&>(queue.take()).name;
        }
        return names;
    }

    visitor& of(char name) { return all[static_cast<std::size_t>(name - 'a')]; }

    std::array<visitor, 5> all;
    visit_queue queue;
};

TEST_F(VisitQueue, IsInOrder) {
    EXPECT_TRUE(queue.is_empty());
    add("cab");
    EXPECT_EQ(queue.size(), 3U);
    EXPECT_EQ(taken(2), "ca");
    add("ed");
    EXPECT_EQ(taken(), "bed");
    EXPECT_EQ(queue.size(), 0U);
    add("a");
    EXPECT_EQ(taken(), "a");
}

TEST_F(VisitQueue, HasEachOnce) {
    add("abab");
    EXPECT_EQ(queue.size(), 2U);
    EXPECT_EQ(taken(1), "a");
    add("ab");
    EXPECT_EQ(taken(), "ba");
}

TEST_F(VisitQueue, LosesNothingButWhatIsRemoved) {
    // Each one of five is removed and goes to the end, then each one of what there is.
    for (const char first : std::string{"abcde"}) {
        for (const char second : std::string{"abcde"}) {
            std::string expected = "abcde";
            add(expected);
            remove({first});
            std::erase(expected, first);
            EXPECT_EQ(queue.size(), 4U);
            remove({first});
            EXPECT_EQ(queue.size(), 4U);
            add({first});
            expected += first;
            remove({second});
            std::erase(expected, second);
            add({second});
            expected += second;
            EXPECT_EQ(queue.size(), 5U);
            EXPECT_EQ(taken(), expected) << first << second;
        }
    }
}

}  // namespace
}  // namespace cloakroom::net
