// SPDX-License-Identifier: MIT
#include "load/plan.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <cstddef>
#include <stdexcept>
#include <string>

namespace cloakroom::load {
namespace {

TEST(Plan, RoundsSlowConnectionsUp) {
    plan wanted;
    wanted.connections = 64;
    EXPECT_EQ(wanted.slow_connections(), 0U);
    wanted.slow_share = 0.01;
    EXPECT_EQ(wanted.slow_connections(), 1U);
    wanted.slow_share = 1;
    EXPECT_EQ(wanted.slow_connections(), 64U);
}

TEST(Plan, LeavesEachThreadAConnection) {
    plan wanted;
    wanted.connections = 4;
    wanted.threads = 4;
    EXPECT_NO_THROW(check(wanted));
    wanted.slow_share = 0.01;
    EXPECT_THROW(check(wanted), std::invalid_argument);
    wanted.threads = 5;
    wanted.slow_share = 0;
    EXPECT_THROW(check(wanted), std::invalid_argument);
}

TEST(Plan, RefusesWhatContradictsItself) {
    plan wanted;
    wanted.is_poisson = true;
    EXPECT_THROW(check(wanted), std::invalid_argument);
    wanted.rate = 1;
    EXPECT_NO_THROW(check(wanted));

    wanted.keeps_cookies = true;
    EXPECT_NO_THROW(check(wanted));
    wanted.what.fields = {"cookie: a=1"};
    EXPECT_THROW(check(wanted), std::invalid_argument);
}

TEST(Plan, RaisesTheLimitOfOpenFiles) {
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit low = before;
    low.rlim_cur = 256;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
    allow_connections(300);
    rlimit after{};
    ::getrlimit(RLIMIT_NOFILE, &after);
    ::setrlimit(RLIMIT_NOFILE, &before);

    EXPECT_GE(after.rlim_cur, 300U);
    EXPECT_GE(after.rlim_max, before.rlim_max);
}

TEST(Plan, SaysWhatToDoWhenTheSystemAllowsTooFewFiles) {
    constexpr std::size_t more_than_any_kernel_allows = 1UL << 40;
    try {
        allow_connections(more_than_any_kernel_allows);
        ADD_FAILURE() << "so many files are allowed";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("lower --connections"), std::string::npos);
    }
}

}  // namespace
}  // namespace cloakroom::load
