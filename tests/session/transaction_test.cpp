// SPDX-License-Identifier: MIT
// What one transaction asks of a store, and what it makes of the answers. No store here.
#include "transaction_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <vector>

namespace cloakroom {
namespace {

using namespace std::chrono_literals;
using operation = session_change::operation;
using verdict = session_transaction::verdict;
using cookie_change = session_transaction::cookie_change;
using Transaction = TransactionTest;

TEST_F(Transaction, HasNoTokenWithoutACookie) {
    begin(std::nullopt);
    EXPECT_FALSE(under_test.has_token());
    begin("");
    EXPECT_FALSE(under_test.has_token());
    begin("the token");
    EXPECT_TRUE(under_test.has_token());
    EXPECT_EQ(under_test.token().text(), "the token");
}

TEST_F(Transaction, OpensWhatIsFound) {
    open({{"count", "3"}});
    EXPECT_EQ(visitor.value("count", 0), 3);
    EXPECT_FALSE(visitor.is_new());
}

TEST_F(Transaction, OpensANewSessionWhereNoneIsFound) {
    for (const session_load outcome : {session_load::absent, session_load::invalid}) {
        open({{"count", "3"}});
        begin("another token");
        EXPECT_EQ(under_test.loaded(outcome), session_transaction::opening::opened);
        EXPECT_EQ(visitor.value("count", 0), 0);
        EXPECT_TRUE(visitor.is_new());
    }
}

TEST_F(Transaction, OpensNoneWhereTheStoreFailed) {
    begin("the token");
    EXPECT_EQ(under_test.loaded(session_load::failed), session_transaction::opening::store_failed);
}

TEST_F(Transaction, ChangesNothingUntilSomethingIsSet) {
    begin(std::nullopt);
    EXPECT_EQ(visitor.value("count", 0), 0);
    visitor.erase("other");
    EXPECT_FALSE(change());
    EXPECT_EQ(under_test.cookie(), cookie_change::none);
}

TEST_F(Transaction, InsertsANewSession) {
    begin(std::nullopt);
    visitor.set("count", 1);
    const std::optional<session_change> made = change();
    ASSERT_TRUE(made);
    EXPECT_EQ(made->what, operation::insert);
    EXPECT_EQ(made->record.values, values_of({{"count", "1"}}));
    EXPECT_EQ(made->record.issued, now);
    EXPECT_EQ(made->record.idle_deadline, now + options.idle_time);
    EXPECT_EQ(made->record.absolute_deadline, now + options.absolute_time);

    under_test.committed().token.assign("the new token");
    EXPECT_EQ(under_test.settle(session_commit::committed, false), verdict::done);
    EXPECT_EQ(under_test.cookie(), cookie_change::set);
    EXPECT_EQ(under_test.cookie_value(), "the new token");
}

TEST_F(Transaction, InsertsUnderATokenOfTheStoreWhereTheClientsIsUnknown) {
    begin("chosen by the client");
    ASSERT_EQ(under_test.loaded(session_load::absent), session_transaction::opening::opened);
    visitor.set("count", 1);
    const std::optional<session_change> made = change();
    ASSERT_TRUE(made);
    EXPECT_EQ(made->what, operation::insert);
    EXPECT_EQ(made->expected, 0U);
}

TEST_F(Transaction, ReplacesTheVersionItLoaded) {
    open({{"count", "3"}, {"other", "1"}});
    visitor.set("count", 4);
    const std::optional<session_change> made = change();
    ASSERT_TRUE(made);
    EXPECT_EQ(made->what, operation::replace);
    EXPECT_EQ(made->token.text(), "the token");
    EXPECT_EQ(made->expected, 7U);
    EXPECT_EQ(made->record.values, values_of({{"count", "4"}, {"other", "1"}}));
    EXPECT_EQ(made->record.issued, now - 1h);
    EXPECT_EQ(made->record.absolute_deadline, now - 1h + options.absolute_time);

    EXPECT_EQ(under_test.settle(session_commit::committed, false), verdict::done);
    EXPECT_EQ(under_test.cookie(), cookie_change::none);
}

TEST_F(Transaction, TakesForAChangeWhatWouldBeStoredOtherwise) {
    open({{"count", "3"}});
    visitor.set("count", 3);
    visitor.set("other", 1);
    visitor.erase("other");
    EXPECT_FALSE(change());

    visitor.erase("count");
    EXPECT_EQ(change()->record.values, session_values{});
}

TEST_F(Transaction, CommitsWhatIsWrittenToASessionThatMayBeStale) {
    begin("the token");
    under_test.stored().may_be_stale = true;
    load({{"count", "3"}}, 7);
    EXPECT_EQ(visitor.value("count", 0), 3);
    EXPECT_FALSE(change());

    visitor.erase("other");
    const std::optional<session_change> made = change();
    ASSERT_TRUE(made);
    EXPECT_EQ(made->what, operation::replace);
    EXPECT_EQ(made->expected, 7U);
    EXPECT_FALSE(change(true));
}

TEST_F(Transaction, DropsChangesWhenItRollsBack) {
    open({{"count", "3"}});
    visitor.set("count", 4);
    EXPECT_FALSE(change(true));
}

TEST_F(Transaction, TouchesWithTheOldContentsWhenItRollsBack) {
    open({{"count", "3"}});
    visitor.set("count", 4);
    now += touch_interval;
    const std::optional<session_change> made = change(true);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->what, operation::touch);
    EXPECT_EQ(made->record.values, values_of({{"count", "3"}}));
}

TEST_F(Transaction, TouchesOnceTheIntervalHasPassed) {
    open({{"count", "3"}});
    now += touch_interval - 1s;
    EXPECT_FALSE(change());
    now += 1s;
    const std::optional<session_change> made = change();
    ASSERT_TRUE(made);
    EXPECT_EQ(made->what, operation::touch);
    EXPECT_EQ(made->record.idle_deadline, now + options.idle_time);
    EXPECT_EQ(made->record.values, values_of({{"count", "3"}}));
}

TEST_F(Transaction, TouchesEachTimeOnlyWhereTheIntervalIsZeroAndTimeHasPassed) {
    options.touch_interval = 0s;
    open({{"count", "3"}});
    EXPECT_FALSE(change());
    now += 1s;
    EXPECT_EQ(change()->what, operation::touch);
}

TEST_F(Transaction, MovesTheIdleDeadlineNotBeyondTheAbsoluteOne) {
    open({{"count", "3"}});
    const session_time end = under_test.stored().record.absolute_deadline;
    now = end - 1h;
    EXPECT_EQ(change()->record.idle_deadline, end);

    under_test.stored().record.idle_deadline = end;
    EXPECT_FALSE(change());  // nothing more to gain
}

TEST_F(Transaction, TouchesAtOnceWhereTheTokenIsToBeRenewed) {
    open({{"count", "3"}});
    under_test.stored().wants_renewal = true;
    EXPECT_EQ(change()->what, operation::touch);

    under_test.committed().token.assign("the new token");
    EXPECT_EQ(under_test.settle(session_commit::committed, false), verdict::done);
    EXPECT_EQ(under_test.cookie(), cookie_change::set);
    EXPECT_EQ(under_test.cookie_value(), "the new token");
}

TEST_F(Transaction, SendsTheSameTokenAgainWhereTheCookiePersists) {
    options.persistent = true;
    open({{"count", "3"}});
    now += touch_interval;
    ASSERT_TRUE(change());
    EXPECT_EQ(under_test.settle(session_commit::committed, false), verdict::done);
    EXPECT_EQ(under_test.cookie(), cookie_change::set);
    EXPECT_EQ(under_test.cookie_value(), "the token");
}

TEST_F(Transaction, DoesNotMindATouchThatFails) {
    for (const session_commit outcome : {session_commit::conflict, session_commit::gone,
                                         session_commit::too_large, session_commit::unavailable}) {
        options.persistent = true;
        open({{"count", "3"}});
        now += touch_interval;
        ASSERT_TRUE(change());
        EXPECT_EQ(under_test.settle(outcome, true), verdict::done);
        EXPECT_EQ(under_test.cookie(), cookie_change::none);
    }
}

TEST_F(Transaction, TellsWhatTheStoreCannotTake) {
    open({{"count", "3"}});
    visitor.set("count", 4);
    ASSERT_TRUE(change());
    EXPECT_EQ(under_test.settle(session_commit::too_large, true), verdict::too_large);
    EXPECT_EQ(under_test.settle(session_commit::unavailable, true), verdict::unavailable);
    EXPECT_EQ(under_test.cookie(), cookie_change::none);
}

TEST_F(Transaction, EndsAStoredSessionWhateverElseItDid) {
    for (const bool rolls_back : {false, true}) {
        open({{"count", "3"}});
        visitor.set("count", 4);
        visitor.end();
        EXPECT_EQ(change(rolls_back)->what, operation::erase);
        for (const session_commit outcome :
             {session_commit::committed, session_commit::gone, session_commit::conflict}) {
            EXPECT_EQ(under_test.settle(outcome, true), verdict::done);
            EXPECT_EQ(under_test.cookie(), cookie_change::remove);
        }
    }
}

TEST_F(Transaction, EndsNothingWhereNothingIsStored) {
    begin(std::nullopt);
    visitor.set("count", 1);
    visitor.end();
    EXPECT_FALSE(change());
    EXPECT_EQ(under_test.cookie(), cookie_change::none);

    begin("unknown");
    ASSERT_EQ(under_test.loaded(session_load::absent), session_transaction::opening::opened);
    visitor.end();
    EXPECT_FALSE(change());
    EXPECT_EQ(under_test.cookie(), cookie_change::remove);
}

TEST_F(Transaction, IsUsedByWhateverDependsOnTheContents) {
    const std::vector<void (*)(session&)> uses{
        [](session& one) { static_cast<void>(one.contains("count")); },
        [](session& one) { static_cast<void>(one.keys()); },
        [](session& one) { one.set("count", 1); }, [](session& one) { one.erase("count"); },
        [](session& one) { one.end(); }};
    for (const auto use : uses) {
        open({});
        EXPECT_FALSE(under_test.was_used());
        use(visitor);
        EXPECT_TRUE(under_test.was_used());
    }
}

TEST_F(Transaction, BeginsWithNothingOfTheOneBefore) {
    open({{"count", "3"}});
    visitor.set("count", 4);
    visitor.after_commit([] {});
    visitor.end();
    ASSERT_TRUE(change());

    begin(std::nullopt);
    EXPECT_FALSE(under_test.was_used());
    EXPECT_FALSE(under_test.has_token());
    EXPECT_FALSE(visitor.contains("count"));
    EXPECT_FALSE(change());
    EXPECT_EQ(under_test.cookie(), cookie_change::none);
    EXPECT_TRUE(under_test.take_effects().empty());
}

// A store that sets what it has need not clear the rest.
TEST_F(Transaction, ShowsAStoreNothingOfTheSessionBefore) {
    begin("the token");
    stored_session& stored = under_test.stored();
    stored.record.owner = "octocat";
    stored.record.label = "Firefox on Linux";
    stored.may_be_stale = true;
    load({{"count", "3"}}, 7);

    begin("another token");
    EXPECT_EQ(stored.record.owner, "");
    EXPECT_EQ(stored.record.label, "");
    EXPECT_TRUE(stored.record.values.empty());
    EXPECT_EQ(stored.version, 0U);
    EXPECT_FALSE(stored.may_be_stale);
}

TEST_F(Transaction, KeepsNothingOfTheSessionBeforeWhereTheMigrationThrows) {
    open({{"count", "3"}});
    visitor.end();
    ASSERT_TRUE(change());

    options.schema = {.version = 1, .migrate = [](session&, unsigned) {
                          throw std::runtime_error("no such contents");
                      }};
    begin("another token");
    EXPECT_THROW(load({{"name", "1"}}, 1), std::runtime_error);
    EXPECT_FALSE(under_test.ends());
    EXPECT_TRUE(visitor.keys().empty());
    EXPECT_FALSE(change(true));
}

}  // namespace
}  // namespace cloakroom
