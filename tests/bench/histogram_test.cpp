// SPDX-License-Identifier: MIT
#include "load/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace cloakroom::load {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

// From 1 ns to 1,000 s, each doubling as likely as another.
std::vector<nanoseconds> random_times(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> exponent(0, 12);
    std::vector<nanoseconds> times(count);
    std::generate(times.begin(), times.end(),
                  [&] { return nanoseconds(std::llround(std::pow(10, exponent(random)))); });
    return times;
}

histogram histogram_of(const std::vector<nanoseconds>& times) {
    histogram counts;
    for (const nanoseconds time : times) {
        counts.record(time);
    }
    return counts;
}

TEST(Histogram, IsZeroWhenEmpty) {
    const histogram empty;

    EXPECT_EQ(empty.count(), 0U);
    EXPECT_EQ(empty.min(), 0ns);
    EXPECT_EQ(empty.max(), 0ns);
    EXPECT_EQ(empty.percentile(99), 0ns);
    EXPECT_EQ(empty.mean(), 0);
    EXPECT_EQ(empty.standard_deviation(), 0);
    EXPECT_TRUE(empty.buckets().empty());
}

TEST(Histogram, TellsPercentilesToOneInAThousand) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        std::vector<nanoseconds> times = random_times(10'000, seed);
        const histogram counts = histogram_of(times);
        std::sort(times.begin(), times.end());
        for (std::size_t rank = 1; rank <= times.size(); rank += 37) {
            const double percent =
                100.0 * static_cast<double>(rank) / static_cast<double>(times.size());
            const auto exact = static_cast<double>(times[rank - 1].count());
            const auto told = static_cast<double>(counts.percentile(percent).count());
            ASSERT_GE(told, exact) << percent << " % with seed " << seed;
            ASSERT_LE(told, exact * 1.001) << percent << " % with seed " << seed;
        }
        EXPECT_EQ(counts.min(), times.front());
        EXPECT_EQ(counts.max(), times.back());
        EXPECT_EQ(counts.percentile(100), times.back());
    }
}

TEST(Histogram, CountsTwoMicrosecondsAndLessExactly) {
    for (const nanoseconds time : {0ns, 1ns, 999ns, 1023ns, 1024ns, 2047ns}) {
        histogram counts;
        counts.record(time);
        counts.record(1h);

        EXPECT_EQ(counts.percentile(50), time);
    }
}

TEST(Histogram, RoundsTheRankUp) {
    histogram counts;
    for (int time = 1; time <= 1000; ++time) {
        counts.record(nanoseconds(time));
    }

    EXPECT_EQ(counts.percentile(50), 500ns);
    EXPECT_EQ(counts.percentile(99.9), 999ns);
    EXPECT_EQ(counts.percentile(99.91), 1000ns);
    EXPECT_EQ(counts.percentile(0.0001), 1ns);
}

TEST(Histogram, KnowsMeanAndStandardDeviation) {
    const histogram counts = histogram_of({2us, 4us, 4us, 4us, 5us, 5us, 7us, 9us});

    EXPECT_DOUBLE_EQ(counts.mean(), 5000);
    EXPECT_DOUBLE_EQ(counts.standard_deviation(), 2000);
}

TEST(Histogram, IsTheSameWhetherRecordedOrMerged) {
    const std::vector<nanoseconds> times = random_times(1000, 1);
    const std::vector<nanoseconds> more = random_times(1000, 2);
    histogram merged = histogram_of(times);
    merged.merge(histogram_of(more));
    merged.merge(histogram{});
    std::vector<nanoseconds> all = times;
    all.insert(all.end(), more.begin(), more.end());
    const histogram recorded = histogram_of(all);

    EXPECT_EQ(merged.count(), 2000U);
    EXPECT_EQ(merged.min(), recorded.min());
    EXPECT_EQ(merged.max(), recorded.max());
    for (double percent = 0.05; percent <= 100; percent += 0.05) {
        ASSERT_EQ(merged.percentile(percent), recorded.percentile(percent)) << percent;
    }
    EXPECT_NEAR(merged.mean(), recorded.mean(), recorded.mean() * 1e-9);
}

TEST(Histogram, ListsItsBucketsAscending) {
    const std::vector<nanoseconds> times = random_times(5000, 3);
    const std::vector<histogram::bucket> buckets = histogram_of(times).buckets();

    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        sum += buckets[i].count;
        EXPECT_GT(buckets[i].count, 0U);
        ASSERT_TRUE(i == 0 || buckets[i - 1].upper < buckets[i].upper);
        const auto within = std::count_if(
            times.begin(), times.end(), [&](nanoseconds time) { return time <= buckets[i].upper; });
        ASSERT_EQ(static_cast<std::uint64_t>(within), sum);
    }
    EXPECT_EQ(sum, times.size());
}

TEST(Histogram, KeepsWhatIsTooLongInItsLastBucket) {
    histogram counts;
    counts.record(nanoseconds::max());
    counts.record(-1s);

    EXPECT_EQ(counts.percentile(100), nanoseconds::max());
    EXPECT_EQ(counts.percentile(50), 0ns);
    EXPECT_EQ(counts.min(), 0ns);
    EXPECT_EQ(counts.count(), 2U);
}

}  // namespace
}  // namespace cloakroom::load
