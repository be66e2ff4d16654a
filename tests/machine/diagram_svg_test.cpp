// SPDX-License-Identifier: MIT
#include "sample_machines.hpp"
#include <cloakroom/machine_diagram.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cloakroom {
namespace {

using diagrams::checkout;
using diagrams::generated_machine;

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + part.size())) {
        ++found;
    }
    return found;
}

/// What stands between two texts, from the first on.
std::string between(const std::string& text, std::string_view begin, std::string_view end) {
    const std::size_t from = text.find(begin);
    return from == std::string::npos
               ? std::string{}
               : text.substr(from + begin.size(), text.find(end, from) - from - begin.size());
}

TEST(DiagramSvg, ShowsEachStateAndEachArrow) {
    const std::string svg = checkout().svg();

    for (const char* const name : {"browsing", "paying", "charging", "paid", "cancelled"}) {
        EXPECT_EQ(count(svg, std::string{">"} + name + "</text>"), 1U) << name;
    }
    for (const char* const event :
         {"add_line", "check_out", "change", "confirm", "cancel", "abandon", "expire"}) {
        EXPECT_EQ(count(svg, std::string{">"} + event + "<"), 1U) << event;
    }
    EXPECT_EQ(count(svg, "class=\"arrow\""), 8U + 1U + 2U);  // and those of the dots
    EXPECT_EQ(count(svg, "stroke-dasharray"), 3U);
    EXPECT_EQ(count(svg, "<tspan fill-opacity=\".75\"> after 15 min</tspan>"), 1U);
    EXPECT_EQ(count(svg, "<circle"), 1U + 2U * 2U);
}

TEST(DiagramSvg, SaysItsContentInWords) {
    const machine_diagram diagram{
        "door", {{"open"}, {"shut", true}}, {{"open", "close", "shut", true}}};

    const std::string svg = diagram.svg("open");

    const std::string id = between(svg, "aria-labelledby=\"", "-title ");
    EXPECT_NE(svg.find("role=\"img\" aria-labelledby=\"" + id + "-title " + id + "-desc\""),
              std::string::npos);
    EXPECT_EQ(between(svg, "<title id=\"" + id + "-title\">", "</title>"),
              "door, current state: open");
    EXPECT_EQ(between(svg, "<desc id=\"" + id + "-desc\">", "</desc>"),
              "A state machine. It begins in open. From open to shut: close [guard]. "
              "It ends in shut.");
}

TEST(DiagramSvg, LightsTheCurrentStateAlone) {
    const std::string svg = checkout().svg("paying");

    EXPECT_EQ(count(svg, "aria-current=\"true\""), 1U);
    EXPECT_EQ(between(svg, "aria-current=\"true\"><title>", "</title>"), "paying (current)");
    EXPECT_EQ(count(svg, "stroke-width=\"3\""), 1U);
    EXPECT_EQ(count(checkout().svg("elsewhere"), "aria-current"), 0U);
}

TEST(DiagramSvg, SharesNoIdWithAnotherPictureOfThePage) {
    const auto id = [](const std::string& svg) { return between(svg, "<title id=\"", "\""); };
    const machine_diagram other{"checkout", {{"browsing"}}, {}};

    EXPECT_NE(id(checkout().svg()), id(checkout().svg("paying")));
    EXPECT_NE(id(checkout().svg("browsing")), id(other.svg("browsing")));
    EXPECT_EQ(count(checkout().svg(), " id=\""), 2U);
}

TEST(DiagramSvg, IsTheSameForTheSameMachine) {
    EXPECT_EQ(checkout().svg("paying"), checkout().svg("paying"));
    EXPECT_EQ((generated_machine{20, 3}.diagram().svg()),
              (generated_machine{20, 3}.diagram().svg()));
}

TEST(DiagramSvg, EscapesNames) {
    const machine_diagram diagram{"m", {{"a<b>&\"\xFF"}}, {}};
    const std::string svg = diagram.svg();
    EXPECT_EQ(count(svg, ">a&lt;b&gt;&amp;&quot;\xEF\xBF\xBD</text>"), 1U);
    EXPECT_EQ(count(svg, "<b>"), 0U);
}

TEST(DiagramSvg, DrawsTheLargestMachine) {
    generated_machine machine{machine_diagram::max_states, 5};
    EXPECT_EQ(count(machine.diagram().svg(), "class=\"state\""), machine_diagram::max_states);
}

}  // namespace
}  // namespace cloakroom
