// SPDX-License-Identifier: MIT
#include "checkout.hpp"
#include "kettle.hpp"
#include <cloakroom/transition_table.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace checkout_test;
using cloakroom::transition_cell;
using checkout_table = cloakroom::table_of<checkout>;
using kettle_table = cloakroom::table_of<kettle_test::kettle>;

constexpr transition_cell cell_of(std::size_t state, std::size_t event) {
    return checkout_table::cell(state, event);
}

// 0 browsing, 1 paying, 2 paid, 3 cancelled;
// 0 add_line, 1 check_out, 2 confirm, 3 decline, 4 cancel, 5 give_up.
static_assert(checkout_table::fits());
static_assert(checkout_table::state_count == 4 && checkout_table::event_count == 6);
static_assert(checkout_table::index_of_state<paid> == 2);
static_assert(checkout_table::index_of_event<give_up> == 5);
static_assert(checkout_table::index_of_event<paid> == 6, "not there");
static_assert(cloakroom::reachable_states(checkout_table::cells, 6) == 0b1111U);

TEST(TransitionTable, HasABitForEachTarget) {
    EXPECT_EQ(cell_of(0, 0).targets, 0b0001U);
    EXPECT_EQ(cell_of(0, 1).targets, 0b0010U);
    EXPECT_EQ(cell_of(1, 2).targets, 0b0100U);
    EXPECT_EQ(cell_of(1, 3).targets, 0b1010U);
    EXPECT_EQ(cell_of(1, 5).targets, 0b0001U);
}

TEST(TransitionTable, TellsChoicesAndGuardsFromWhatAlwaysHappens) {
    EXPECT_TRUE(cell_of(0, 0).is_conditional);
    EXPECT_TRUE(cell_of(0, 1).is_conditional);
    EXPECT_TRUE(cell_of(1, 3).is_conditional);
    EXPECT_FALSE(cell_of(1, 2).is_conditional);
    EXPECT_FALSE(cell_of(1, 5).is_conditional);
}

TEST(TransitionTable, TakesTheReasonForARefusalForNoTransition) {
    EXPECT_EQ(cell_of(2, 4).targets, 0U);
    EXPECT_TRUE(cell_of(2, 4).is_answered);
    EXPECT_EQ(cell_of(3, 4).targets, 0U);
    EXPECT_FALSE(cell_of(3, 4).is_answered);
}

TEST(TransitionTable, HasATemplateForEachStateThatItTakes) {
    EXPECT_EQ(cell_of(0, 4).targets, 0b1000U);
    EXPECT_EQ(cell_of(1, 4).targets, 0b1000U);
    constexpr std::size_t scrap = kettle_table::index_of_event<kettle_test::scrap>;
    for (std::size_t state = 0; state < 6; ++state) {
        EXPECT_EQ(kettle_table::cell(state, scrap).targets, 1U << 6U) << state;
    }
    EXPECT_FALSE(kettle_table::cell(6, scrap).is_answered);
}

TEST(TransitionTable, LooksIntoAnOptionalOfAChoice) {
    constexpr auto hit = kettle_table::cell(2, kettle_table::index_of_event<kettle_test::hit>);
    EXPECT_EQ(hit.targets, 1U << 3U | 1U << 6U);
    EXPECT_TRUE(hit.is_conditional);
}

TEST(TransitionTable, NamesTypesAsTheyAreWrittenOrAsTheyWish) {
    constexpr auto table = checkout_table::table();
    EXPECT_EQ(table.name, "checkout");
    EXPECT_EQ((std::vector<std::string_view>{table.states.begin(), table.states.end()}),
              (std::vector<std::string_view>{"browsing", "paying", "paid", "cancelled"}));
    EXPECT_EQ((std::vector<std::string_view>{table.events.begin(), table.events.end()}),
              (std::vector<std::string_view>{"add_line", "check_out", "confirm", "decline",
                                             "cancel", "give_up"}));
    EXPECT_EQ(kettle_table::state_names[6], "on-the-heap");
}

TEST(TransitionTable, TakesNamesThatCanStandInAUrl) {
    EXPECT_TRUE(cloakroom::is_outside_name("Az-_09"));
    EXPECT_TRUE(cloakroom::is_outside_name(std::string(64, 'a')));
    for (const std::string& name :
         {std::string{}, std::string(65, 'a'), std::string{"a/b"}, std::string{"a b"},
          std::string{"a<b>"}, std::string{"\xc3\xa9"}, std::string{"a\0b", 3}, std::string{"a\""},
          std::string{"@"}, std::string{"["}, std::string{"`"}, std::string{"{"}}) {
        EXPECT_FALSE(cloakroom::is_outside_name(name)) << name;
    }
}

TEST(TransitionTable, MarksInternalEvents) {
    EXPECT_EQ(checkout_table::internal_events(), 0b101100U);
    EXPECT_EQ(kettle_table::internal_events(), 0b11100000U);
}

TEST(TransitionTable, PutsTheShorterTimeoutFirst) {
    std::vector<long> times;
    for (const auto& each : kettle_table::timeouts) {
        times.push_back(static_cast<long>(each.after.count()));
    }
    EXPECT_EQ(times, (std::vector<long>{2, 3, 10, 15, 20, 30}));
    ASSERT_EQ(checkout_table::timeouts.size(), 1U);
    EXPECT_EQ(checkout_table::timeouts[0].state, 1U);
    EXPECT_EQ(checkout_table::timeouts[0].event, 5U);
    EXPECT_EQ(checkout_table::timeouts[0].after, std::chrono::minutes{15});
}

TEST(TransitionTable, ReachesWhatTheFirstStateLeadsTo) {
    // 0 -> 1 -> 2; 3 leads to 0, and nothing to 3.
    constexpr std::array<transition_cell, 4> cells{{{0b0010, true, false, true},
                                                    {0b0100, true, false, true},
                                                    {},
                                                    {0b0001, true, false, true}}};
    EXPECT_EQ(cloakroom::reachable_states(cells, 1), 0b0111U);
}

// Says in the session what ran.
struct off {};
struct on {
    int turns = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("turns", &on::turns));
};
struct flip {};
struct turn {};
struct light : cloakroom::machine_of<off, on> {
    using events = cloakroom::events<flip, turn>;
    static on apply(const off& /*from*/, const flip& /*event*/) { return {}; }
    static off apply(const on& /*from*/, const flip& /*event*/) { return {}; }
    static on apply(const on& from, const turn& /*event*/) { return {from.turns + 1}; }

    static void on_exit(const off& /*state*/, cloakroom::session& visitor) { say(visitor, "-off"); }
    static void on_exit(const on& /*state*/, cloakroom::session& visitor) { say(visitor, "-on"); }
    static void on_entry(on& state, cloakroom::session& visitor) {
        say(visitor, "+on");
        state.turns = 100;
    }
    static void on_entry(off& /*state*/, cloakroom::session& visitor) { say(visitor, "+off"); }

private:
    static void say(cloakroom::session& visitor, std::string_view what) {
        visitor.set("said", visitor.value("said", "") + std::string{what});
    }
};

TEST(TransitionTable, LeavesTheOldStateBeforeItEntersTheNew) {
    cloakroom::session visitor;
    cloakroom::machine<light> flow(visitor, cloakroom::session_time{std::chrono::seconds{1}});
    EXPECT_EQ(visitor.value("said", ""), "") << "the first state is not entered";

    flow.apply(flip{});
    EXPECT_EQ(visitor.value("said", ""), "-off+on");
    EXPECT_EQ(flow.get_if<on>()->turns, 100) << "what on_entry makes of it is what counts";

    flow.apply(turn{});
    EXPECT_EQ(visitor.value("said", ""), "-off+on") << "it stays";

    flow.apply(flip{});
    EXPECT_EQ(visitor.value("said", ""), "-off+on-on+off");
}

}  // namespace
