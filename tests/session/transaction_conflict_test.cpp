// SPDX-License-Identifier: MIT
// What a transaction does when another one came first. No store here.
#include "transaction_fixture.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cloakroom {
namespace {

using operation = session_change::operation;
using verdict = session_transaction::verdict;
using cookie_change = session_transaction::cookie_change;
using TransactionConflict = TransactionTest;

TEST_F(TransactionConflict, OverAnotherKeyIsRebased) {
    open({{"count", "3"}, {"theme", "1"}});
    visitor.set("theme", 2);
    ASSERT_TRUE(change());

    EXPECT_EQ(conflict({{"count", "4"}, {"new", "5"}, {"theme", "1"}}, 9), verdict::commit_again);
    const std::optional<session_change> again = change();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->what, operation::replace);
    EXPECT_EQ(again->expected, 9U);
    EXPECT_EQ(again->record.values, values_of({{"count", "4"}, {"new", "5"}, {"theme", "2"}}));
    EXPECT_EQ(under_test.settle(session_commit::committed, false), verdict::done);
}

TEST_F(TransactionConflict, IsRebasedWithTheKeysThatWereErased) {
    open({{"count", "3"}, {"theme", "1"}});
    visitor.erase("theme");
    ASSERT_TRUE(change());

    EXPECT_EQ(conflict({{"count", "4"}, {"theme", "1"}}, 9), verdict::commit_again);
    EXPECT_EQ(change()->record.values, values_of({{"count", "4"}}));
}

TEST_F(TransactionConflict, OverAKeyThatOthersErasedElsewhereLeavesItErased) {
    open({{"count", "3"}, {"theme", "1"}});
    visitor.set("theme", 2);
    ASSERT_TRUE(change());

    EXPECT_EQ(conflict({{"theme", "1"}}, 9), verdict::commit_again);
    EXPECT_EQ(change()->record.values, values_of({{"theme", "2"}}));
}

TEST_F(TransactionConflict, IsRebasedOnWhatItWasRebasedOnBefore) {
    open({{"count", "3"}});
    visitor.set("theme", 2);
    ASSERT_TRUE(change());

    EXPECT_EQ(conflict({{"count", "4"}}, 8), verdict::commit_again);
    ASSERT_TRUE(change());
    EXPECT_EQ(conflict({{"count", "5"}}, 9), verdict::commit_again);
    EXPECT_EQ(change()->record.values, values_of({{"count", "5"}, {"theme", "2"}}));
    EXPECT_EQ(conflict({{"count", "5"}, {"theme", "1"}}, 10), verdict::conflict);
}

TEST_F(TransactionConflict, KeepsTheDeadlinesOfWhatItIsRebasedOn) {
    open({{"count", "3"}});
    visitor.set("theme", 2);
    ASSERT_TRUE(change());
    const session_time end = now + std::chrono::seconds{10};
    under_test.stored().record.absolute_deadline = end;

    EXPECT_EQ(conflict({{"count", "4"}}, 8), verdict::commit_again);
    EXPECT_EQ(change()->record.absolute_deadline, end);
    EXPECT_EQ(change()->record.idle_deadline, end);
}

// What a handler may do that others must not have come between: they set "count" from 3 to 4.
TEST_F(TransactionConflict, OverAKeyThatWasReadOrWrittenIsNotRebased) {
    const std::vector<std::function<void(session&)>> uses{
        [](session& one) { static_cast<void>(one.value("count", 0)); },
        [](session& one) { static_cast<void>(one.contains("count")); },
        [](session& one) { one.set("count", 9); },
        [](session& one) { one.set("count", 3); },
        [](session& one) { one.erase("count"); },
        [](session& one) { static_cast<void>(one.keys()); },
        [](session& one) { static_cast<void>(one.contains("new")); },
        [](session& one) { one.erase("new"); },
        [](session& one) { one.set("new", 1); },
    };
    for (const auto& use : uses) {
        for (const bool may_rerun : {false, true}) {
            open({{"count", "3"}});
            use(visitor);
            visitor.set("mine", 1);
            ASSERT_TRUE(change());
            EXPECT_EQ(conflict({{"count", "4"}, {"new", "1"}}, 8, may_rerun),
                      may_rerun ? verdict::rerun : verdict::conflict);
            EXPECT_EQ(under_test.cookie(), cookie_change::none);
        }
    }
}

TEST_F(TransactionConflict, RunsTheHandlerAgainThatSaysThatItMayItself) {
    open({{"count", "3"}});
    visitor.rerun_on_conflict();
    visitor.set("count", 4);
    ASSERT_TRUE(change());
    EXPECT_EQ(conflict({{"count", "5"}}, 8), verdict::rerun);

    load({{"count", "5"}}, 8);  // in which it does not say so
    visitor.set("count", 6);
    ASSERT_TRUE(change());
    EXPECT_EQ(conflict({{"count", "7"}}, 9), verdict::conflict);
}

TEST_F(TransactionConflict, OverAKeyThatIsAsItWasReadIsRebased) {
    open({{"count", "3"}});
    EXPECT_EQ(visitor.value("count", 0), 3);
    EXPECT_FALSE(visitor.contains("missing"));
    visitor.set("mine", 1);
    ASSERT_TRUE(change());
    EXPECT_EQ(conflict({{"count", "3"}, {"other", "1"}}, 8), verdict::commit_again);
}

TEST_F(TransactionConflict, WithAnEndIsNeverRebased) {
    for (const bool may_rerun : {false, true}) {
        open({{"count", "3"}});
        visitor.set("mine", 1);
        ASSERT_TRUE(change());
        EXPECT_EQ(under_test.settle(session_commit::gone, may_rerun),
                  may_rerun ? verdict::rerun : verdict::conflict);
    }
}

TEST_F(TransactionConflict, IsTriedFiveTimesByRebasing) {
    open({{"count", "0"}});
    visitor.set("mine", 1);
    for (session_version version = 8; version < 12; ++version) {
        ASSERT_TRUE(change());
        const std::string count = std::to_string(version);
        ASSERT_EQ(conflict({{"count", count}}, version, true), verdict::commit_again);
    }
    ASSERT_TRUE(change());
    EXPECT_EQ(conflict({{"count", "100"}}, 12, true), verdict::conflict);
}

TEST_F(TransactionConflict, IsTriedFiveTimesByRunningAgainAndRebasingTogether) {
    open({{"count", "0"}});
    for (session_version version = 8; version < 12; ++version) {
        const std::string count = std::to_string(version);
        visitor.set("mine", 1);
        ASSERT_TRUE(change());
        if (version % 2 == 0) {
            ASSERT_EQ(conflict({{"count", count}}, version, true), verdict::commit_again);
        } else {
            ASSERT_EQ(under_test.settle(session_commit::gone, true), verdict::rerun);
            load({{"count", count}}, version);
        }
    }
    visitor.set("mine", 1);
    ASSERT_TRUE(change());
    EXPECT_EQ(under_test.settle(session_commit::gone, true), verdict::conflict);
}

TEST_F(TransactionConflict, CountsItsAttemptsAnewForTheNextRequest) {
    open({{"count", "0"}});
    visitor.set("mine", 1);
    for (int each = 0; each < 5; ++each) {
        ASSERT_TRUE(change());
        static_cast<void>(under_test.settle(session_commit::gone, true));
    }
    open({{"count", "0"}});
    visitor.set("mine", 1);
    ASSERT_TRUE(change());
    EXPECT_EQ(under_test.settle(session_commit::gone, true), verdict::rerun);
}

TEST_F(TransactionConflict, LeavesNothingOfTheFirstRunToTheSecond) {
    int effects = 0;
    open({{"count", "3"}});
    visitor.set("count", visitor.value("count", 0) + 1);
    visitor.set("first", 1);
    visitor.after_commit([&] { ++effects; });
    ASSERT_TRUE(change());
    ASSERT_EQ(conflict({{"count", "10"}}, 8, true), verdict::rerun);

    load({{"count", "10"}}, 8);
    EXPECT_EQ(visitor.value("count", 0), 10);
    EXPECT_EQ(visitor.keys(), std::vector<std::string>{"count"});
    visitor.set("count", 11);
    visitor.after_commit([&] { effects += 10; });
    const std::optional<session_change> made = change();
    ASSERT_TRUE(made);
    EXPECT_EQ(made->record.values, values_of({{"count", "11"}}));
    EXPECT_EQ(made->expected, 8U);
    EXPECT_EQ(under_test.settle(session_commit::committed, true), verdict::done);
    for (const std::function<void()>& effect : under_test.take_effects()) {
        effect();
    }
    EXPECT_EQ(effects, 10);
    EXPECT_TRUE(under_test.take_effects().empty());
}

TEST_F(TransactionConflict, StartsAFreshSessionWhereTheOldOneEnded) {
    open({{"count", "3"}});
    visitor.set("count", 4);
    ASSERT_TRUE(change());
    ASSERT_EQ(under_test.settle(session_commit::gone, true), verdict::rerun);

    ASSERT_EQ(under_test.loaded(session_load::absent), session_transaction::opening::opened);
    EXPECT_TRUE(visitor.is_new());
    visitor.set("count", 1);
    EXPECT_EQ(change()->what, operation::insert);
    EXPECT_EQ(change()->record.issued, now);
}

}  // namespace
}  // namespace cloakroom
