// SPDX-License-Identifier: MIT
#include "machine/diagram_layout.hpp"

#include "machine/diagram_sizes.hpp"
#include "sample_machines.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cloakroom::diagrams {
namespace {

/// Something that takes room, and what it is.
struct obstacle {
    box at;
    std::string what;
};

obstacle dot(point center, double radius, std::string what) {
    return {{center.x - radius, center.y - radius, center.x + radius, center.y + radius},
            std::move(what)};
}

std::vector<obstacle> obstacles_of(const machine_diagram& machine, const layout& placed) {
    std::vector<obstacle> obstacles;
    for (std::size_t state = 0; state < placed.states.size(); ++state) {
        obstacles.push_back({placed.states[state], machine.states()[state].name});
    }
    for (const placed_arrow& each : placed.arrows) {
        if (each.arrow) {
            obstacles.push_back({each.text, "text " + std::to_string(*each.arrow)});
        }
    }
    obstacles.push_back(dot(placed.beginning, sizes::beginning_radius, "the beginning"));
    for (const placed_ending& each : placed.endings) {
        obstacles.push_back(dot(each.center, sizes::ending_radius, "an end"));
    }
    return obstacles;
}

bool overlap(const box& one, const box& other) {
    return one.left < other.right && other.left < one.right && one.top < other.bottom &&
           other.top < one.bottom;
}

point on(const curve& drawn, double part) {
    const double rest = 1 - part;
    const double a = rest * rest * rest;
    const double b = 3 * rest * rest * part;
    const double c = 3 * rest * part * part;
    const double d = part * part * part;
    return {a * drawn.begin.x + b * drawn.leaving.x + c * drawn.arriving.x + d * drawn.end.x,
            a * drawn.begin.y + b * drawn.leaving.y + c * drawn.arriving.y + d * drawn.end.y};
}

/// Points all along an arrow, its head too.
std::vector<point> points_of(const placed_arrow& drawn) {
    std::vector<point> points;
    for (const curve& each : drawn.path) {
        for (int step = 0; step <= 20; ++step) {
            points.push_back(on(each, step / 20.0));
        }
    }
    points.push_back(drawn.tip);
    return points;
}

/// At the outline is not within: arrows end there.
bool is_within(const box& area, point at) {
    constexpr double outline = 0.5;
    return at.x > area.left + outline && at.x < area.right - outline && at.y > area.top + outline &&
           at.y < area.bottom - outline;
}

bool is_at_outline(const box& area, point at) {
    return std::min({std::abs(at.x - area.left), std::abs(at.x - area.right),
                     std::abs(at.y - area.top), std::abs(at.y - area.bottom)}) < 0.01 &&
           at.x > area.left - 0.01 && at.x < area.right + 0.01 && at.y > area.top - 0.01 &&
           at.y < area.bottom + 0.01;
}

void expect_no_overlaps(const std::vector<obstacle>& obstacles) {
    for (std::size_t one = 0; one < obstacles.size(); ++one) {
        for (std::size_t other = one + 1; other < obstacles.size(); ++other) {
            EXPECT_FALSE(overlap(obstacles[one].at, obstacles[other].at))
                << obstacles[one].what << " and " << obstacles[other].what;
        }
    }
}

void expect_free_paths(const layout& placed, const std::vector<obstacle>& obstacles) {
    for (const placed_arrow& drawn : placed.arrows) {
        const box whole{0, 0, placed.width, placed.height};
        for (const point at : points_of(drawn)) {
            EXPECT_TRUE(is_within(whole, at));
            for (const obstacle& each : obstacles) {
                EXPECT_FALSE(is_within(each.at, at))
                    << "arrow " << drawn.arrow.value_or(0) << " runs through " << each.what;
            }
        }
    }
}

/// Each arrow begins at its state, leads on without a break, and ends at its state.
void expect_whole_paths(const layout& placed, const std::vector<arrow>& arrows) {
    std::size_t drawn_arrows = 0;
    for (const placed_arrow& drawn : placed.arrows) {
        for (std::size_t part = 1; part < drawn.path.size(); ++part) {
            EXPECT_DOUBLE_EQ(drawn.path[part - 1].end.x, drawn.path[part].begin.x);
            EXPECT_DOUBLE_EQ(drawn.path[part - 1].end.y, drawn.path[part].begin.y);
        }
        const point base = drawn.path.back().end;
        EXPECT_NEAR(std::hypot(base.x - drawn.tip.x, base.y - drawn.tip.y), sizes::head_length,
                    0.01);
        if (drawn.arrow) {
            ++drawn_arrows;
            const arrow& each = arrows.at(*drawn.arrow);
            EXPECT_TRUE(is_at_outline(placed.states.at(each.from), drawn.path.front().begin));
            EXPECT_TRUE(is_at_outline(placed.states.at(each.to), drawn.tip));
        }
    }
    EXPECT_EQ(drawn_arrows, arrows.size());
}

void expect_clear(const machine_diagram& machine) {
    const std::vector<arrow> arrows = arrows_of(machine);
    const layout placed = layout_of(machine, arrows);
    const std::vector<obstacle> obstacles = obstacles_of(machine, placed);
    ASSERT_EQ(placed.states.size(), machine.states().size());
    expect_no_overlaps(obstacles);
    expect_free_paths(placed, obstacles);
    expect_whole_paths(placed, arrows);
}

TEST(DiagramLayout, KeepsBoxesTextsAndArrowsOfAMachineApart) {
    expect_clear(checkout());
    expect_clear(awkward());
    expect_clear({"one", {{"alone", true}}, {}});
    expect_clear({"loop", {{"alone"}}, {{"alone", "again", "alone"}}});
    expect_clear({"apart", {{"here"}, {"there"}}, {}});
}

TEST(DiagramLayout, KeepsThemApartInAnyMachine) {
    for (const std::size_t states : {1U, 2U, 5U, 10U, 20U}) {
        for (std::uint32_t seed = 0; seed < 30; ++seed) {
            SCOPED_TRACE(std::to_string(states) + " states, seed " + std::to_string(seed));
            expect_clear(generated_machine{states, seed}.diagram());
            if (::testing::Test::HasFailure()) {
                return;
            }
        }
    }
}

TEST(DiagramLayout, LeadsDownwardButBackUp) {
    const machine_diagram machine{
        "order",
        {{"open"}, {"packed"}, {"sent"}},
        {{"open", "pack", "packed"}, {"packed", "send", "sent"}, {"sent", "return_it", "open"}}};

    const layout placed = layout_of(machine, arrows_of(machine));

    EXPECT_LT(placed.beginning.y, placed.states[0].top);
    EXPECT_LT(placed.states[0].bottom, placed.states[1].top);
    EXPECT_LT(placed.states[1].bottom, placed.states[2].top);
}

TEST(DiagramLayout, DrawsAChainAsOneStraightLine) {
    const machine_diagram machine{
        "post",
        {{"draft"}, {"reviewed"}, {"published", true}},
        {{"draft", "review", "reviewed"}, {"reviewed", "publish", "published"}}};

    const layout placed = layout_of(machine, arrows_of(machine));

    for (const placed_arrow& drawn : placed.arrows) {
        for (const point at : points_of(drawn)) {
            EXPECT_NEAR(at.x, placed.beginning.x, 0.5);
        }
    }
}

}  // namespace
}  // namespace cloakroom::diagrams
