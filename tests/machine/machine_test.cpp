// SPDX-License-Identifier: MIT
#include "checkout.hpp"
#include <cloakroom/machine.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace {

using namespace checkout_test;
using namespace std::chrono_literals;
using cloakroom::event_outcome;
using cloakroom::machine;
using cloakroom::session;
using cloakroom::session_time;

constexpr session_time now{1'764'115'200s};

// What a client is told of an event.
template <class Event>
cloakroom::problem told(machine<checkout>& flow, const Event& event) {
    try {
        flow.apply(event);
    } catch (const cloakroom::event_refused& error) {
        return error.content();
    }
    return {};
}

TEST(Machine, BeginsInItsFirstStateAndStoresNothing) {
    session visitor;
    const machine<checkout> flow(visitor, now);

    EXPECT_EQ(flow.state_name(), "browsing");
    EXPECT_EQ(flow.since(), session_time{});
    EXPECT_FALSE(visitor.contains("_machine.checkout"));
}

TEST(Machine, GoesOnWhereItWas) {
    session visitor;
    {
        machine<checkout> flow(visitor, now);
        flow.apply(add_line{"apple", 2});
        flow.apply(check_out{});
    }

    const machine<checkout> flow(visitor, now + 1s);

    ASSERT_TRUE(flow.is<paying>());
    EXPECT_EQ(flow.get_if<paying>()->lines, (std::vector<line>{{"apple", 2}}));
    EXPECT_EQ(flow.since(), now);
}

TEST(Machine, RefusesAnEventThatTheStateDoesNotTakeAndChangesNothing) {
    session visitor;
    machine<checkout> flow(visitor, now);
    flow.apply(add_line{"apple", 2});

    const cloakroom::problem refusal = told(flow, confirm{"R1"});

    EXPECT_EQ(refusal.status, cloakroom::status::conflict);
    EXPECT_EQ(refusal.detail, "The event \"confirm\" is not possible in the state \"browsing\".");
    const std::vector<std::pair<std::string, std::string>> expected{
        {"state", "\"browsing\""}, {"allowed", R"(["add_line","check_out","cancel"])"}};
    EXPECT_EQ(refusal.extensions, expected);
    EXPECT_EQ(flow.get_if<browsing>()->lines.size(), 1U);
    EXPECT_EQ(machine<checkout>(visitor, now).state(), flow.state());
}

TEST(Machine, SaysWhyAGuardRefuses) {
    session visitor;
    machine<checkout> flow(visitor, now);

    EXPECT_EQ(told(flow, add_line{"apple", 0}).detail, "The quantity is at least 1.");
    EXPECT_EQ(told(flow, check_out{}).detail,
              "The event \"check_out\" is refused now, in the state \"browsing\".");
    EXPECT_EQ(flow.try_apply(check_out{}).what, event_outcome::kind::refused);
}

TEST(Machine, TakesOneOfTheTargetsOfAChoice) {
    session visitor;
    machine<checkout> flow(visitor, now);
    flow.apply(add_line{"apple", 2});
    flow.apply(check_out{});

    flow.apply(decline{});
    flow.apply(decline{});
    EXPECT_TRUE(flow.is<paying>());
    flow.apply(decline{});

    EXPECT_TRUE(flow.is<cancelled>());
    EXPECT_TRUE(flow.is_final());
    EXPECT_TRUE(flow.allowed().empty());
}

TEST(Machine, CountsAnEventOfOneIdOnce) {
    session visitor;
    machine<checkout>(visitor, now).apply(add_line{"apple", 2}, "evt-1");

    machine<checkout> flow(visitor, now);

    EXPECT_FALSE(flow.apply(add_line{"apple", 2}, "evt-1"));
    EXPECT_TRUE(flow.apply(add_line{"apple", 2}, "evt-2"));
    EXPECT_EQ(flow.get_if<browsing>()->lines.size(), 2U);
}

TEST(Machine, FiresATimeoutWhenItsTimeIsOver) {
    session visitor;
    {
        machine<checkout> flow(visitor, now);
        flow.apply(add_line{"apple", 2});
        flow.apply(check_out{});
    }

    EXPECT_TRUE(machine<checkout>(visitor, now + 15min - 1s).is<paying>());
    const machine<checkout> flow(visitor, now + 20min);

    EXPECT_TRUE(flow.is<browsing>());
    EXPECT_EQ(flow.since(), now + 15min);
}

}  // namespace
