// SPDX-License-Identifier: MIT
#include "machine/diagram_order.hpp"

#include "sample_machines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace cloakroom::diagrams {
namespace {

std::size_t counted_crossings(const layers& drawn) {
    std::size_t count = 0;
    for (const line& one : drawn.lines) {
        for (const line& other : drawn.lines) {
            const node& one_upper = drawn.nodes[one.upper];
            const node& other_upper = drawn.nodes[other.upper];
            count += one_upper.row == other_upper.row && one_upper.place < other_upper.place &&
                             drawn.nodes[one.lower].place > drawn.nodes[other.lower].place
                         ? 1U
                         : 0U;
        }
    }
    return count;
}

layers layers_of_machine(const machine_diagram& machine) {
    return layers_of(machine, arrows_of(machine));
}

TEST(DiagramOrder, AvoidsACrossingThatTheWalkInDepthHas) {
    layers drawn = layers_of_machine({"m",
                                      {{"top"}, {"left"}, {"right"}, {"both"}, {"one"}},
                                      {{"top", "a", "left"},
                                       {"top", "b", "right"},
                                       {"left", "c", "both"},
                                       {"left", "d", "one"},
                                       {"right", "e", "both"}}});

    order_rows(drawn);

    EXPECT_EQ(crossings_of(drawn), 0U);
}

TEST(DiagramOrder, CountsEachPairOfLinesThatCross) {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        const layers drawn = layers_of_machine(generated_machine{10, seed}.diagram());
        EXPECT_EQ(crossings_of(drawn), counted_crossings(drawn)) << seed;
        EXPECT_GT(crossings_of(drawn), 0U) << seed;
    }
}

TEST(DiagramOrder, LeavesFewerCrossingsAndAllNodes) {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        layers drawn = layers_of_machine(generated_machine{10, seed}.diagram());
        const std::size_t before = crossings_of(drawn);
        auto rows_before = drawn.rows;

        order_rows(drawn);

        EXPECT_LT(crossings_of(drawn), before) << seed;
        auto rows_after = drawn.rows;
        for (std::size_t row = 0; row < rows_after.size(); ++row) {
            std::sort(rows_before[row].begin(), rows_before[row].end());
            std::sort(rows_after[row].begin(), rows_after[row].end());
        }
        EXPECT_EQ(rows_before, rows_after) << seed;
    }
}

}  // namespace
}  // namespace cloakroom::diagrams
