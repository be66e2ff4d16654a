// SPDX-License-Identifier: MIT
// stop(): what runs is finished, what idles is closed, what comes is refused, and run() returns.
#include "running_app.hpp"
#include "sample_app.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace cloakroom::net {
namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

// Waits until connections are refused: the server has begun to drain.
bool is_refusing(std::uint16_t port) {
    const clock::time_point began = clock::now();
    while (clock::now() - began < at_last) {
        try {
            socket_client tries(port);
            std::this_thread::yield();
        } catch (const std::system_error&) {
            return true;
        }
    }
    return false;
}

TEST(Drain, ReturnsWithoutConnections) {
    sample_app sample;
    running_app server(sample.app);

    server.stop();

    EXPECT_TRUE(server.has_returned(at_last));
    EXPECT_EQ(server.result(), 0);
}

TEST(Drain, FinishesARunningRequestAndAnnouncesTheClose) {
    for (const std::string target : {"/wait", "/block"}) {
        sample_app sample;
        running_app server(sample.app);
        socket_client client = server.connect();
        client.send("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        ASSERT_TRUE(sample.state.gate.has_met(1));

        server.stop();
        EXPECT_TRUE(is_refusing(server.port()));
        EXPECT_FALSE(server.has_returned(milliseconds{0}));
        sample.state.gate.open();

        const socket_reply reply = client.reply();
        EXPECT_EQ(reply.status, 200U);
        EXPECT_TRUE(reply.has("\r\nConnection: close"));
        EXPECT_TRUE(client.has_ended());
        client.close();
        EXPECT_EQ(server.result(), 0);
    }
}

TEST(Drain, ClosesIdleConnections) {
    sample_app sample;
    running_app server(sample.app);
    socket_client fresh = server.connect();
    socket_client used = server.connect();
    EXPECT_EQ(used.get("/").status, 200U);

    const clock::time_point began = clock::now();
    server.stop();

    EXPECT_TRUE(used.has_ended());
    EXPECT_TRUE(fresh.has_ended());
    EXPECT_TRUE(server.has_returned(at_last));
    EXPECT_LT(clock::now() - began, milliseconds{5'000});  // well before drain_time
}

TEST(Drain, FinishesARequestThatHasBegunToArrive) {
    sample_app sample;
    running_app server(sample.app);
    socket_client head = server.connect();
    socket_client body = server.connect();
    head.send("GET / HTTP/1.1\r\nHo");
    body.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo");
    server.settle();

    server.stop();
    EXPECT_TRUE(is_refusing(server.port()));
    head.send("st: h\r\n\r\n");
    body.send("dy");

    const socket_reply first = head.reply();
    EXPECT_EQ(first.body, "Hello, World!");
    EXPECT_TRUE(first.has("\r\nConnection: close"));
    EXPECT_TRUE(head.has_ended());
    const socket_reply second = body.reply();
    EXPECT_EQ(second.body, "body");
    EXPECT_TRUE(second.has("\r\nConnection: close"));
    EXPECT_TRUE(body.has_ended());
}

TEST(Drain, FinishesALargeResponse) {
    sample_app sample;
    running_app server(sample.app);
    socket_client client(server.port(), 16 * 1024);
    client.send("GET /large/5000000 HTTP/1.1\r\nHost: h\r\n\r\n");
    server.settle();

    const clock::time_point began = clock::now();
    server.stop();
    EXPECT_TRUE(is_refusing(server.port()));

    EXPECT_EQ(client.reply().body.size(), 5'000'000U);
    EXPECT_TRUE(client.has_ended());
    EXPECT_TRUE(server.has_returned(at_last));
    EXPECT_LT(clock::now() - began, milliseconds{8'000});  // before drain_time
}

TEST(Drain, ClosesWhatRunsWhenItsTimeHasPassed) {
    for (const std::string target : {"/wait", "/block"}) {
        sample_app sample;
        run_options options = running_app::one_loop();
        options.drain_time = milliseconds{200};
        running_app server(sample.app, options);
        socket_client client = server.connect();
        client.send("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        socket_client half = server.connect();
        half.send("GET / HT");
        ASSERT_TRUE(sample.state.gate.has_met(1));

        const clock::time_point began = clock::now();
        server.stop();

        EXPECT_TRUE(client.has_ended()) << target;
        EXPECT_TRUE(half.has_ended()) << target;
        EXPECT_GE(clock::now() - began, milliseconds{190});
        if (target == "/block") {
            sample.state.gate.open();  // run() waits for its workers
        }
        EXPECT_TRUE(server.has_returned(at_last)) << target;
        EXPECT_EQ(server.result(), 0);
        sample.state.gate.open();
    }
}

TEST(Drain, MayBeAskedForManyTimesByManyThreads) {
    sample_app sample;
    running_app server(sample.app);
    socket_client client = server.connect();
    client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(sample.state.gate.has_met(1));

    std::vector<std::thread> threads;
    for (int each = 0; each < 4; ++each) {
        threads.emplace_back([&] {
            for (int time = 0; time < 100; ++time) {
                sample.app.stop();
            }
        });
    }
    for (std::thread& each : threads) {
        each.join();
    }
    sample.state.gate.open();

    EXPECT_EQ(client.reply().status, 200U);
    client.close();
    EXPECT_EQ(server.result(), 0);
    sample.app.stop();
}

// Sends requests until the connection ends; counts the answers. A partial answer throws.
unsigned serve_until_closed(std::uint16_t port, std::atomic<unsigned>& total) {
    unsigned answers = 0;
    socket_client client(port);
    while (client.try_send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")) {
        const std::optional<socket_reply> reply = client.try_reply();
        if (!reply) {
            break;
        }
        EXPECT_EQ(reply->body, "Hello, World!");
        ++answers;
        ++total;
        if (reply->has("\r\nConnection: close")) {
            EXPECT_TRUE(client.has_ended());
            break;
        }
    }
    return answers;
}

TEST(Drain, LosesNoAnswerUnderLoad) {
    for (int round = 0; round < 5; ++round) {
        sample_app sample;
        run_options options = running_app::one_loop();
        options.threads = 2;
        running_app server(sample.app, options);
        std::atomic<unsigned> total = 0;
        std::atomic<unsigned> answers = 0;
        std::atomic<unsigned> broken = 0;
        std::vector<std::thread> threads;
        for (int each = 0; each < 4; ++each) {
            threads.emplace_back([&] {
                try {
                    answers += serve_until_closed(server.port(), total);
                } catch (const std::exception&) {
                    ++broken;
                }
            });
        }
        while (total < 500 && broken == 0) {
            std::this_thread::yield();
        }
        server.stop();
        for (std::thread& each : threads) {
            each.join();
        }

        EXPECT_EQ(broken, 0U);
        EXPECT_EQ(answers, sample.state.calls);  // whatever began was answered
        EXPECT_EQ(server.result(), 0);
    }
}

TEST(Drain, LosesNoAnswerOfConnectionsThatComeMeanwhile) {
    sample_app sample;
    run_options options = running_app::one_loop();
    options.threads = 2;
    running_app server(sample.app, options);
    std::atomic<unsigned> answers = 0;
    std::atomic<unsigned> broken = 0;
    std::vector<std::thread> threads;
    for (int each = 0; each < 3; ++each) {
        threads.emplace_back([&] {
            try {
                while (true) {
                    socket_client client(server.port());
                    if (!client.try_send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")) {
                        continue;
                    }
                    answers += client.try_reply() ? 1U : 0U;
                }
            } catch (const std::system_error&) {
                // refused: the server drains
            } catch (const std::exception&) {
                ++broken;
            }
        });
    }
    while (answers < 200) {
        std::this_thread::yield();
    }
    server.stop();
    for (std::thread& each : threads) {
        each.join();
    }

    EXPECT_EQ(broken, 0U);
    EXPECT_EQ(answers, sample.state.calls);
}

}  // namespace
}  // namespace cloakroom::net
