// SPDX-License-Identifier: MIT
#include "app/log_limit.hpp"

#include <cloakroom/app.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

TEST(LogLimit, PassesSoManyLinesASecond) {
    log_limit limit;
    for (int line = 0; line < 3; ++line) {
        EXPECT_TRUE(limit.take(7, 3).passes) << line;
    }
    for (int line = 0; line < 5; ++line) {
        EXPECT_FALSE(limit.take(7, 3).passes) << line;
    }
    EXPECT_TRUE(limit.take(8, 3).passes);
}

TEST(LogLimit, TellsOnceHowManyWereLeftOut) {
    log_limit limit;
    for (int line = 0; line < 8; ++line) {
        EXPECT_EQ(limit.take(7, 3).left_out, 0U);
    }
    EXPECT_EQ(limit.take(9, 3).left_out, 5U);
    EXPECT_EQ(limit.take(9, 3).left_out, 0U);
    EXPECT_EQ(limit.take(10, 3).left_out, 0U);
}

TEST(LogLimit, CountsEachLineOnceInThreads) {
    log_limit limit;
    std::atomic<std::uint32_t> passed = 0;
    constexpr std::uint32_t lines = 20'000;
    std::vector<std::jthread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&] {
            for (std::uint32_t line = 0; line < lines; ++line) {
                passed += limit.take(1, 100).passes ? 1U : 0U;
            }
        });
    }
    threads.clear();  // joins

    EXPECT_EQ(passed, 100U);
    EXPECT_EQ(limit.take(2, 100).left_out, 4 * lines - 100);
}

TEST(LogLimit, HoldsForRequestsThatFail) {
    app failing;
    failing.limit({.log_lines = 3});
    std::size_t lines = 0;
    failing.log([&](std::string_view line) { lines += line.find("boom") != line.npos ? 1U : 0U; });
    failing.get("/", []() -> std::string { throw std::runtime_error("boom"); });
    testing::client browser(failing);
    for (int request = 0; request < 100; ++request) {
        EXPECT_EQ(browser.get("/").status, 500);
    }

    EXPECT_GE(lines, 3U);
    EXPECT_LT(lines, 100U);
}

}  // namespace
}  // namespace cloakroom
