// SPDX-License-Identifier: MIT
// app.serve(): an app on the event loop of a program that has one.
#include "door.hpp"
#include "request_text.hpp"
#include "running_app.hpp"
#include "sample_app.hpp"
#include "socket_client.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/setup_error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <vector>

namespace cloakroom::net {
namespace {

// The thread of the program that runs its loop.
class loop_thread {
public:
    explicit loop_thread(boost::asio::io_context& loop)
        : returned_(std::async(std::launch::async, [&loop] { loop.run(); })) {}

    [[nodiscard]] bool has_returned(std::chrono::milliseconds within) const {
        return returned_.wait_for(within) == std::future_status::ready;
    }
    void join() { returned_.get(); }

private:
    std::future<void> returned_;
};

TEST(Embedding, ServesAndLetsTheLoopEndAfterStop) {
    boost::asio::io_context loop;
    sample_app sample;
    const std::uint16_t port = sample.app.serve(loop, running_app::one_loop());
    loop_thread runs(loop);
    socket_client client(port);
    EXPECT_EQ(client.get("/").body, "Hello, World!");
    EXPECT_EQ(client.get("/soon/a").body, "a");
    EXPECT_EQ(client.get("/worker/b").body, "b");

    const auto began = std::chrono::steady_clock::now();
    sample.app.stop();

    EXPECT_TRUE(client.has_ended());
    EXPECT_TRUE(runs.has_returned(at_last));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{5});
}

TEST(Embedding, LetsTheLoopEndWithoutAnyConnection) {
    boost::asio::io_context loop;
    sample_app sample;
    static_cast<void>(sample.app.serve(loop, running_app::one_loop()));
    sample.app.stop();

    loop.run();  // would not return if anything of the app were left in it
}

TEST(Embedding, GoesOnWithTheProgramsOwnWorkAfterStop) {
    boost::asio::io_context loop;
    auto work = boost::asio::make_work_guard(loop);
    sample_app sample;
    const std::uint16_t port = sample.app.serve(loop, running_app::one_loop());
    loop_thread runs(loop);
    socket_client client(port);
    EXPECT_EQ(client.get("/").status, 200U);
    sample.app.stop();
    EXPECT_TRUE(client.has_ended());

    std::promise<void> ran;
    boost::asio::post(loop, [&] { ran.set_value(); });
    ran.get_future().wait();

    EXPECT_FALSE(runs.has_returned(std::chrono::milliseconds{0}));
    work.reset();
    EXPECT_TRUE(runs.has_returned(at_last));
}

TEST(Embedding, LeavesTimeToTheProgramsOwnWork) {
    boost::asio::io_context loop;
    sample_app sample;
    const std::uint16_t port = sample.app.serve(loop, running_app::one_loop());
    unsigned ticks = 0;
    std::optional<boost::asio::steady_timer> timer(loop);
    std::function<void()> tick = [&] {
        ++ticks;
        if (timer) {
            timer->expires_after(std::chrono::milliseconds{1});
            timer->async_wait([&](boost::system::error_code error) {
                if (!error) {
                    tick();
                }
            });
        }
    };
    boost::asio::post(loop, tick);
    loop_thread runs(loop);

    socket_client client(port);
    const auto began = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - began < std::chrono::milliseconds{300}) {
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
        ASSERT_EQ(client.reply().status, 200U);
        ASSERT_EQ(client.reply().status, 200U);
    }
    boost::asio::post(loop, [&] { timer.reset(); });
    sample.app.stop();
    runs.join();

    EXPECT_GT(ticks, 10U);
}

TEST(Embedding, LeavesTimeToTheProgramsOwnWorkThoughASocketIsAlwaysReady) {
    constexpr unsigned most_requests = 400;
    boost::asio::io_context loop;
    std::vector<socket_client> clients;
    unsigned requests = 0;
    unsigned before_the_work = 0;
    app app;
    app.get("/next",
            capturing([&] {  // before it has answered, the other connection has a request, too
                if (++requests == 1) {
                    boost::asio::post(loop, [&] { before_the_work = requests; });
                }
                if (requests < most_requests) {
                    clients[requests % clients.size()].send(get("/next"));
                }
                return "next";
            }));
    const std::uint16_t port = app.serve(loop, running_app::one_loop());
    clients.emplace_back(port);
    clients.emplace_back(port);
    clients[0].send(get("/next"));
    loop_thread runs(loop);

    for (unsigned each = 0; each < most_requests; ++each) {
        ASSERT_EQ(clients[each % clients.size()].reply().body, "next");
    }
    app.stop();
    runs.join();

    EXPECT_GT(before_the_work, 0U);
    EXPECT_LT(before_the_work, most_requests / 4);
}

// Has the first of many requests post the program's own work, after the loop was held until all had
// come. @return How many were answered before that work.
unsigned answered_before_own_work(std::size_t clients, unsigned requests_of_each) {
    boost::asio::io_context loop;
    door held;
    unsigned requests = 0;
    unsigned before_the_work = 0;
    app app;
    app.get("/", capturing([&] {
                if (++requests == 1) {
                    boost::asio::post(loop, [&] { before_the_work = requests; });
                }
                return "next";
            }));
    app.get("/hold", capturing([&] {
                held.pass_blocking();
                return "held";
            }));
    const std::uint16_t port = app.serve(loop, running_app::one_loop());
    socket_client holds(port);
    std::vector<socket_client> all;
    for (std::size_t count = 0; count < clients; ++count) {
        all.emplace_back(port);
    }
    loop_thread runs(loop);
    holds.send(get("/hold"));
    EXPECT_TRUE(held.has_met(1));
    std::string at_once;
    for (unsigned count = 0; count < requests_of_each; ++count) {
        at_once += get("/");
    }
    for (socket_client& each : all) {
        each.send(at_once);
    }
    held.open();
    for (socket_client& each : all) {
        for (unsigned count = 0; count < requests_of_each; ++count) {
            EXPECT_EQ(each.reply().status, 200U);
        }
    }
    app.stop();
    runs.join();
    EXPECT_EQ(requests, clients * requests_of_each);
    return before_the_work;
}

TEST(Embedding, LeavesTimeToTheProgramsOwnWorkThoughManySocketsAreReady) {
    const unsigned before_the_work =
        answered_before_own_work(400, 1);  // 256, and what came with them
    EXPECT_GT(before_the_work, 0U);
    EXPECT_LE(before_the_work, 300U);
}

TEST(Embedding, LeavesTimeToTheProgramsOwnWorkThoughConnectionsAreBusy) {
    // Two of the four turns of each: what came, and what was left of it.
    const unsigned before_the_work = answered_before_own_work(20, 1'024);
    EXPECT_GT(before_the_work, 0U);
    EXPECT_LE(before_the_work, 20U * 1'024U * 3 / 4);
}

TEST(Embedding, TwoAppsShareALoop) {
    boost::asio::io_context loop;
    sample_app first;
    sample_app second;
    const std::uint16_t one = first.app.serve(loop, running_app::one_loop());
    const std::uint16_t two = second.app.serve(loop, running_app::one_loop());
    loop_thread runs(loop);

    EXPECT_EQ(socket_client(one).get("/").status, 200U);
    EXPECT_EQ(socket_client(two).get("/").status, 200U);
    first.app.stop();
    EXPECT_EQ(socket_client(two).get("/").status, 200U);
    second.app.stop();
    EXPECT_TRUE(runs.has_returned(at_last));
}

TEST(Embedding, RefusesToServeTwice) {
    boost::asio::io_context loop;
    sample_app sample;
    static_cast<void>(sample.app.serve(loop, running_app::one_loop()));

    EXPECT_THROW(static_cast<void>(sample.app.serve(loop, running_app::one_loop())), setup_error);

    sample.app.stop();
    loop.run();
}

TEST(Embedding, StopBeforeServeLetsTheLoopEnd) {
    boost::asio::io_context loop;
    sample_app sample;
    sample.app.stop();
    static_cast<void>(sample.app.serve(loop, running_app::one_loop()));

    loop.run();
}

TEST(Embedding, AnAppMayEndBeforeTheLoopHasRun) {
    boost::asio::io_context loop;
    auto sample = std::make_unique<sample_app>();
    static_cast<void>(sample->app.serve(loop, running_app::one_loop()));
    sample.reset();

    loop.run();
}

TEST(Embedding, AnAppMayEndOnTheRunningLoop) {
    boost::asio::io_context loop;
    auto sample = std::make_unique<sample_app>();
    const std::uint16_t port = sample->app.serve(loop, running_app::one_loop());
    loop_thread runs(loop);
    socket_client client(port);
    EXPECT_EQ(client.get("/").status, 200U);
    client.send("GET / HT");

    boost::asio::post(loop, [&] { sample.reset(); });

    EXPECT_TRUE(client.has_ended());
    EXPECT_TRUE(runs.has_returned(at_last));
}

TEST(Embedding, ALoopMayEndBeforeTheAppOnceItHasStopped) {
    sample_app sample;
    {
        boost::asio::io_context loop;
        const std::uint16_t port = sample.app.serve(loop, running_app::one_loop());
        loop_thread runs(loop);
        socket_client client(port);
        EXPECT_EQ(client.get("/").status, 200U);
        sample.app.stop();
        EXPECT_TRUE(runs.has_returned(at_last));
    }
    sample.app.stop();
}

TEST(Embedding, AnAppMayEndWithACoroutineSuspendedInALoopThatHasStopped) {
    sample_state outlives;
    auto loop = std::make_unique<boost::asio::io_context>();
    auto sample = std::make_unique<app>();
    sample->provide(outlives);
    sample->post("/wait", [](const request& req, service<sample_state> state) -> task<std::string> {
        co_await state->gate.pass();
        co_return std::string{req.body()};
    });
    const std::uint16_t port = sample->serve(*loop, running_app::one_loop());
    loop_thread runs(*loop);
    socket_client client(port);
    client.send("POST /wait HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
    ASSERT_TRUE(outlives.gate.has_met(1));
    loop->stop();
    runs.join();

    sample.reset();
    EXPECT_TRUE(client.has_ended());
    loop.reset();

    EXPECT_TRUE(outlives.gate.is_left());
}

TEST(Embedding, AHandlerThatOutlastsTheDrainEndsOnTheLoop) {
    boost::asio::io_context loop;
    sample_app sample;
    run_options options = running_app::one_loop();
    options.drain_time = std::chrono::milliseconds{100};
    const std::uint16_t port = sample.app.serve(loop, options);
    loop_thread runs(loop);
    socket_client coroutine(port);
    socket_client worker(port);
    coroutine.send("POST /wait HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
    worker.send("POST /block HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
    ASSERT_TRUE(sample.state.gate.has_met(2));

    sample.app.stop();
    EXPECT_TRUE(coroutine.has_ended());
    EXPECT_TRUE(worker.has_ended());
    EXPECT_FALSE(runs.has_returned(std::chrono::milliseconds{0}));
    sample.state.gate.open();

    EXPECT_TRUE(runs.has_returned(at_last));
    EXPECT_EQ(sample.state.finished, 2U);
    EXPECT_EQ(sample.state.changed, 0U);
}

}  // namespace
}  // namespace cloakroom::net
