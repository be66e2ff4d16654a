// SPDX-License-Identifier: MIT
// run_options::notice_time: after stop() an instance is not ready, and serves all the same.
#include "running_app.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace cloakroom::net {
namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

struct checked_app {
    app served;

    checked_app() {
        served.get("/", [] { return "served"; });
        served.health();
    }
};

run_options with_notice(milliseconds time) {
    run_options options = running_app::one_loop();
    options.notice_time = time;
    return options;
}

TEST(Notice, LetsAllGoOnButReadiness) {
    constexpr milliseconds notice{2'000};
    checked_app given;
    running_app server(given.served, with_notice(notice));
    socket_client kept = server.connect();
    EXPECT_EQ(kept.get("/health/ready").status, 200U);

    const clock::time_point began = clock::now();
    server.stop();

    EXPECT_EQ(kept.get("/health/ready").status, 503U);
    EXPECT_EQ(kept.get("/health/live").status, 200U);
    EXPECT_EQ(kept.get("/").body, "served");
    EXPECT_EQ(server.connect().get("/").body, "served");
    EXPECT_EQ(server.connect().get("/health/ready").status, 503U);
    EXPECT_TRUE(server.has_returned(at_last));
    EXPECT_GE(clock::now() - began, notice);
    EXPECT_EQ(server.result(), 0);
}

TEST(Notice, IsNotProlongedByAnotherStop) {
    checked_app given;
    running_app server(given.served, with_notice(milliseconds{300}));
    const clock::time_point began = clock::now();
    while (!server.has_returned(milliseconds{1}) && clock::now() - began < at_last) {
        server.stop();
    }
    EXPECT_TRUE(server.has_returned(milliseconds{0}));
}

TEST(Notice, OfNoTimeDrainsAtOnce) {
    checked_app given;
    running_app server(given.served);
    socket_client idle = server.connect();
    EXPECT_EQ(idle.get("/").body, "served");
    server.stop();
    EXPECT_TRUE(idle.has_ended());
}

TEST(Notice, CannotBeNegative) {
    checked_app given;
    EXPECT_THROW(given.served.run(with_notice(milliseconds{-1})), setup_error);
}

}  // namespace
}  // namespace cloakroom::net
