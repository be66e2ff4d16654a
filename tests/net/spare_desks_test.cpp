// SPDX-License-Identifier: MIT
// The desks that an event loop keeps for later, and how long.
#include "../http1/plain_service.hpp"
#include "net/event_loop.hpp"
#include "net/listener.hpp"
#include "net/worker_pool.hpp"
#include "running_app.hpp"
#include <cloakroom/limits.hpp>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace cloakroom::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using desk_list = std::vector<std::weak_ptr<http1::desk>>;

class silent_service final : public http1::plain_service {
public:
    void respond(exchange& /*on*/) noexcept override {}
};

class SpareDesks : public ::testing::Test {
protected:
    SpareDesks() { loop->serve(listening_socket("127.0.0.1", 0, true)); }

    // Takes `count` at once, and gives them back; they then are among `given_back`.
    void take_and_give_back(std::size_t count) {
        std::vector<std::shared_ptr<http1::desk>> taken;
        for (std::size_t each = 0; each < count; ++each) {
            taken.push_back(loop->take_desk());
        }
        given_back.assign(taken.begin(), taken.end());
        for (auto& each : taken) {
            loop->give_back(std::move(each));
        }
    }

    static std::size_t alive(const desk_list& of) {
        const auto is_alive = [](const auto& each) { return !each.expired(); };
        return static_cast<std::size_t>(std::count_if(of.begin(), of.end(), is_alive));
    }

    boost::asio::io_context context;
    silent_service service;
    limits bounds;
    worker_pool workers{1, 1};
    std::shared_ptr<event_loop> loop = std::make_shared<event_loop>(
        context,
        event_loop::setting{service, bounds, workers, milliseconds{0}, milliseconds{0}, {}});
    desk_list given_back;
};

TEST_F(SpareDesks, AreTheLastGivenBackFirst) {
    take_and_give_back(3);
    EXPECT_EQ(loop->take_desk(), given_back.back().lock());
}

TEST_F(SpareDesks, AreSoManyAtMost) {
    take_and_give_back(100);
    EXPECT_EQ(alive(given_back), 32U);
}

TEST_F(SpareDesks, AreGivenUpByALoopThatIsIdle) {
    take_and_give_back(20);
    EXPECT_EQ(alive(given_back), 20U);
    const auto latest = steady_clock::now() + at_last;
    while (alive(given_back) != 0 && steady_clock::now() < latest) {
        context.run_for(milliseconds{50});
    }
    EXPECT_EQ(alive(given_back), 0U);
}

TEST_F(SpareDesks, AreGivenUpByALoopThatTakesFewerNow) {
    take_and_give_back(20);
    const desk_list burst = given_back;
    const auto latest = steady_clock::now() + at_last;
    while (alive(burst) != 3 && steady_clock::now() < latest) {
        take_and_give_back(3);
        context.run_for(milliseconds{20});
    }
    EXPECT_EQ(alive(burst), 3U);
    EXPECT_EQ(alive(given_back), 3U) << "those in use were the burst's";
}

}  // namespace
}  // namespace cloakroom::net
