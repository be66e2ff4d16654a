// SPDX-License-Identifier: MIT
#include "load/arrivals.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <vector>

namespace cloakroom::load {
namespace {

using namespace std::chrono_literals;

const time_point start{1h};

TEST(Arrivals, KeepTheirDistanceForAMillionRequests) {
    arrivals times(start, 1s / 3.0);  // no whole number of nanoseconds
    for (int i = 0; i < 3'000'000; ++i) {
        times.advance();
    }

    EXPECT_EQ(times.next(), start + 1'000'000s);
}

TEST(Arrivals, CountWhatIsStillToBeSent) {
    arrivals times(start, 10ms);
    EXPECT_EQ(times.count_before(start), 0U);
    EXPECT_EQ(times.count_before(start + 1ns), 1U);
    EXPECT_EQ(times.count_before(start + 100ms), 10U);

    times.advance();
    EXPECT_EQ(times.count_before(start + 100ms), 9U);
    EXPECT_EQ(times.count_before(start - 1s), 0U);
}

TEST(Arrivals, OfAPoissonProcessHaveItsMeanAndDeviation) {
    constexpr int count = 100'000;
    arrivals times(start, 1ms, 7);
    double sum = 0;
    double square_sum = 0;
    time_point before = start;
    for (int i = 0; i < count; ++i) {
        const std::chrono::duration<double, std::milli> gap = times.next() - before;
        ASSERT_GE(gap.count(), 0);
        sum += gap.count();
        square_sum += gap.count() * gap.count();
        before = times.next();
        times.advance();
    }
    const double mean = sum / count;

    EXPECT_NEAR(mean, 1, 0.02);
    EXPECT_NEAR(std::sqrt(square_sum / count - mean * mean), 1, 0.03);
}

}  // namespace
}  // namespace cloakroom::load
