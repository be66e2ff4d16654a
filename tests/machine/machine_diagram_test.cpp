// SPDX-License-Identifier: MIT
#include "machine/diagram_arrows.hpp"
#include "sample_machines.hpp"
#include <cloakroom/machine_diagram.hpp>
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

using namespace std::chrono_literals;

/// What the constructor says; empty when it takes them.
std::string refusal(std::string name, std::vector<diagram_state> states,
                    std::vector<diagram_transition> transitions) {
    try {
        const machine_diagram diagram{std::move(name), std::move(states), std::move(transitions)};
        return {};
    } catch (const setup_error& error) {
        return error.what();
    }
}

std::vector<diagram_state> numbered_states(std::size_t count) {
    std::vector<diagram_state> states;
    for (std::size_t index = 0; index < count; ++index) {
        states.push_back({"state_" + std::to_string(index)});
    }
    return states;
}

TEST(MachineDiagram, RefusesWhatIsNoMachine) {
    const std::string begin = "The picture of machine \"m\": ";
    EXPECT_EQ(refusal("m", {}, {}),
              begin + "there are no states; name at least the one where it begins");
    EXPECT_EQ(refusal("m", {{"a"}, {"a"}}, {}), begin + "two states are named \"a\"; rename one");
    EXPECT_EQ(refusal("m", {{""}}, {}), begin + "a state has no name; give it one");
    EXPECT_EQ(refusal("m", {{"a"}}, {{"a", "", "a"}}), begin + "an event has no name; give it one");
    EXPECT_EQ(refusal("m", {{"a"}}, {{"a", "go", "b"}}),
              begin +
                  "event \"go\" has an arrow at state \"b\", which is not among the states; "
                  "add it to them");
    EXPECT_EQ(refusal("m", {{"a"}}, {{"a", "go", "a", false, -1s}}),
              begin + "event \"go\" happens after less than no time; give it a positive one");
    EXPECT_EQ(refusal("", {{"a"}}, {}),
              "The picture of machine \"\": the machine has no name; "
              "give it one");
}

TEST(MachineDiagram, HasLimits) {
    const std::string longest(machine_diagram::max_name_bytes, 'x');
    const std::vector<diagram_transition> most(machine_diagram::max_transitions,
                                               {"state_0", "go", "state_0"});
    std::vector<diagram_transition> too_many = most;
    too_many.push_back(most.front());

    EXPECT_EQ(refusal("m", {{longest}}, {}), "");
    EXPECT_NE(refusal("m", {{longest + 'x'}}, {}), "");
    EXPECT_NE(refusal(longest + 'x', {{"a"}}, {}), "");
    EXPECT_EQ(refusal("m", numbered_states(machine_diagram::max_states), most), "");
    EXPECT_NE(refusal("m", numbered_states(machine_diagram::max_states + 1), {}), "");
    EXPECT_NE(refusal("m", numbered_states(1), too_many), "");
}

TEST(MachineDiagram, KeepsWhatItWasGiven) {
    const machine_diagram diagram = diagrams::checkout();

    EXPECT_EQ(diagram.name(), "checkout");
    EXPECT_EQ(diagram.states().size(), 5U);
    EXPECT_EQ(diagram.transitions().size(), 10U);
    EXPECT_EQ(diagram.transitions()[8].after, 15min);
}

TEST(MachineDiagram, SaysDurationsInWords) {
    const std::pair<std::chrono::seconds, const char*> table[] = {
        {1s, "1 s"},
        {59s, "59 s"},
        {90s, "1 min 30 s"},
        {15min, "15 min"},
        {24h, "1 d"},
        {90min, "1 h 30 min"},
        {25h + 1min + 1s, "1 d 1 h 1 min 1 s"},
        {720h, "30 d"},
        {0s, ""}};
    for (const auto& [duration, text] : table) {
        EXPECT_EQ(diagrams::duration_text(duration), text);
    }
}

TEST(MachineDiagram, DrawsOneArrowForAllTransitionsBetweenTwoStates) {
    const machine_diagram diagram{
        "m",
        {{"a"}, {"b"}},
        {{"a", "go", "b"}, {"b", "back", "a"}, {"a", "go", "b"}, {"a", "run", "b", true}}};

    const std::vector<diagrams::arrow> arrows = diagrams::arrows_of(diagram);

    ASSERT_EQ(arrows.size(), 2U);
    const std::vector<diagrams::arrow_line> lines{{"go", ""}, {"run", " [guard]"}};
    EXPECT_EQ(arrows[0].lines, lines);
    EXPECT_FALSE(arrows[0].is_conditional);
}

TEST(MachineDiagram, IsMermaid) {
    EXPECT_EQ(diagrams::checkout().mermaid("paying"),
              R"(stateDiagram-v2
    accTitle: checkout
    [*] --> browsing
    browsing --> browsing : add_line<br/>remove_line [guard]
    browsing --> paying : check_out [guard]
    paying --> browsing : change
    paying --> charging : confirm
    charging --> paid : settle [choice]
    charging --> paying : settle [choice]
    paying --> cancelled : cancel<br/>expire after 15 min
    browsing --> cancelled : abandon
    paid --> [*]
    cancelled --> [*]
    classDef current fill:#dbeafe,stroke:#1d4ed8,stroke-width:3px,color:#172554
    class paying current
)");
}

TEST(MachineDiagram, LightsNoStateThatIsNotThere) {
    const machine_diagram diagram = diagrams::checkout();
    EXPECT_EQ(diagram.mermaid("elsewhere"), diagram.mermaid());
    EXPECT_EQ(diagram.graphviz("elsewhere"), diagram.graphviz());
    EXPECT_EQ(diagram.mermaid().find("current"), std::string::npos);
    EXPECT_EQ(diagram.graphviz().find("current"), std::string::npos);
}

// Each of these was read and drawn by Mermaid 11.17, where it looks as it does in C++.
TEST(MachineDiagram, WritesMermaidThatReadsNamesAsNames) {
    const machine_diagram diagram{
        "m",
        {{"end"},
         {"Note"},
         {"toString"},
         {"_x_"},
         {"a::b<int>"},
         {"direction LR"},
         {"end_"},
         {"alone"}},
        {{"end", "direction TB", "Note"}, {"Note", "a:b;#1 <b>\"\xC3\xA4", "toString"}}};

    EXPECT_EQ(diagram.mermaid("end"),
              R"(stateDiagram-v2
    accTitle: m
    state "end" as end__
    state "Note" as Note_
    state "toString" as toString_
    state "#95;x#95;" as _x_
    state "a#58;#58;b#60;int#62;" as state_4_
    state "direction#32;LR" as state_5_
    state "end#95;" as end_
    alone
    [*] --> end__
    end__ --> Note_ : direction#32;TB
    Note_ --> toString_ : a#58;b#59;#35;1#32;#60;b#62;#34;)"
              "\xC3\xA4"
              R"(
    classDef current fill:#dbeafe,stroke:#1d4ed8,stroke-width:3px,color:#172554
    class end__ current
)");
}

TEST(MachineDiagram, IsGraphviz) {
    const machine_diagram diagram{
        "door",
        {{"open"}, {"say \"shut\"\\ & go", true}},
        {{"open", "shut", "say \"shut\"\\ & go", true}, {"open", "wait", "open", false, 2h}}};

    EXPECT_EQ(diagram.graphviz("open"),
              R"(digraph "door" {
    graph [rankdir=TB, nodesep=0.5, ranksep=0.5, fontname="Helvetica"]
    node [shape=box, style="rounded,filled", fillcolor="#f6f8fa", color="#57606a", fontname="Helvetica", fontsize=12, margin="0.2,0.1"]
    edge [color="#57606a", fontname="Helvetica", fontsize=10, arrowsize=0.7]
    "[*]" [shape=circle, label="", width=0.15, fillcolor="#24292f", tooltip="begins"]
    "open" [label="open", fillcolor="#dbeafe", color="#1d4ed8", penwidth=3, tooltip="current state"]
    "say \"shut\"\\ & go" [label="say \"shut\"\\ &amp; go"]
    "[*]" -> "open"
    "open" -> "say \"shut\"\\ & go" [label=" shut [guard]\l", style=dashed]
    "open" -> "open" [label=" wait after 2 h\l"]
    "say \"shut\"\\ & go [*]" [shape=doublecircle, label="", width=0.12, fillcolor="#24292f", tooltip="ends"]
    "say \"shut\"\\ & go" -> "say \"shut\"\\ & go [*]"
}
)");
}

}  // namespace
}  // namespace cloakroom
