// SPDX-License-Identifier: MIT
// Starting and ending: ports, hosts, threads, several apps, and apps that end with work at hand.
#include "net/server.hpp"

#include "running_app.hpp"
#include "sample_app.hpp"
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace cloakroom::net {
namespace {

std::string error_of(app& under_test, const run_options& options) {
    try {
        under_test.run(options);
        return "";
    } catch (const setup_error& error) {
        return error.what();
    }
}

TEST(Server, RunReturnsAtOnceWhenStoppedBefore) {
    sample_app sample;
    sample.app.stop();

    run_options options = running_app::one_loop();
    options.on_listening = [](std::uint16_t) {};

    EXPECT_EQ(sample.app.run(options), 0);
}

TEST(Server, CanBeStoppedWhenItTellsItsPort) {
    sample_app sample;
    run_options options = running_app::one_loop();
    options.on_listening = [&](std::uint16_t) { sample.app.stop(); };

    EXPECT_EQ(sample.app.run(options), 0);
}

TEST(Server, CanBeStoppedByAHandler) {
    app stops;
    stops.provide(stops);
    stops.get("/", [](service<app> self) {
        self->stop();
        return "bye";
    });
    running_app server(stops);

    EXPECT_EQ(server.connect().get("/").body, "bye");
    EXPECT_TRUE(server.has_returned(at_last));
}

TEST(Server, RefusesAPortInUse) {
    sample_app first;
    running_app server(first.app);
    sample_app second;
    run_options options = running_app::one_loop();
    options.port = server.port();

    const std::string error = error_of(second.app, options);

    EXPECT_NE(error.find("in use"), std::string::npos) << error;
    EXPECT_NE(error.find(std::to_string(server.port())), std::string::npos) << error;
    EXPECT_EQ(server.connect().get("/").status, 200U);
}

TEST(Server, RefusesAHostThatIsNone) {
    for (const char* host : {"nowhere.example", "", "1.2.3", "127.0.0.1:80", "300.1.1.1"}) {
        sample_app sample;
        run_options options = running_app::one_loop();
        options.host = host;
        const std::string error = error_of(sample.app, options);
        EXPECT_NE(error.find("numeric address"), std::string::npos) << host << ": " << error;
    }
}

TEST(Server, RefusesToRunTwice) {
    sample_app sample;
    running_app server(sample.app);

    EXPECT_NE(error_of(sample.app, running_app::one_loop()).find("serving already"),
              std::string::npos);
}

TEST(Server, ServesLocalhostAndAllAddresses) {
    for (const char* host : {"localhost", "0.0.0.0"}) {
        sample_app sample;
        run_options options = running_app::one_loop();
        options.host = host;
        running_app server(sample.app, options);
        EXPECT_EQ(server.connect().get("/").status, 200U);
    }
}

TEST(Server, TwoAppsServeInOneProcess) {
    app first;
    first.get("/", [] { return "first"; });
    app second;
    second.get("/", [] { return "second"; });
    running_app one(first);
    auto two = std::make_unique<running_app>(second);

    EXPECT_NE(one.port(), two->port());
    EXPECT_EQ(one.connect().get("/").body, "first");
    EXPECT_EQ(two->connect().get("/").body, "second");
    two.reset();
    EXPECT_EQ(one.connect().get("/").body, "first");
}

TEST(Server, SeveralThreadsServeOnePort) {
    app shows_thread;
    shows_thread.get("/", [] {
        std::ostringstream text;
        text << std::this_thread::get_id();
        return text.str();
    });
    run_options options = running_app::one_loop();
    options.threads = 4;
    running_app server(shows_thread, options);

    // The system spreads connections by a hash of their ports: among 200 all threads have some.
    std::set<std::string> threads;
    for (int each = 0; each < 200; ++each) {
        threads.insert(server.connect().get("/").body);
    }

    EXPECT_EQ(threads.size(), 4U);
}

TEST(Server, SeveralClientsAreServedBySeveralThreads) {
    sample_app sample;
    run_options options = running_app::one_loop();
    options.threads = 4;
    running_app server(sample.app, options);
    std::vector<std::thread> clients;
    std::atomic<unsigned> right = 0;
    for (int each = 0; each < 4; ++each) {
        clients.emplace_back([&] {
            for (int round = 0; round < 50; ++round) {
                socket_client client = server.connect();
                right += client.get("/soon/a").body == "a" ? 1U : 0U;
                right += client.get("/worker/b").body == "b" ? 1U : 0U;
                right += client.get("/visits").body == "1" ? 1U : 0U;
                right += client.get("/error").status == 500 ? 1U : 0U;
            }
        });
    }
    for (std::thread& each : clients) {
        each.join();
    }

    EXPECT_EQ(right, 4U * 50U * 4U);
}

TEST(Server, RefusesBlockingWorkBeyondItsQueue) {
    sample_app sample;
    run_options options = running_app::one_loop();
    options.workers = 1;
    options.worker_queue = 1;
    running_app server(sample.app, options);
    std::vector<socket_client> clients;
    for (int each = 0; each < 2; ++each) {  // one runs, one waits
        clients.push_back(server.connect());
        clients.back().send("GET /block HTTP/1.1\r\nHost: h\r\n\r\n");
        server.settle();
    }

    const socket_reply refused = server.connect().get("/block");

    EXPECT_EQ(refused.status, 503U);
    EXPECT_TRUE(refused.has("\r\nRetry-After: "));
    sample.state.gate.open();
    EXPECT_EQ(clients[0].reply().body, "blocked");
    EXPECT_EQ(clients[1].reply().body, "blocked");
}

TEST(Server, RunWaitsForBlockingHandlers) {
    sample_app sample;
    run_options options = running_app::one_loop();
    options.drain_time = std::chrono::milliseconds{100};
    running_app server(sample.app, options);
    socket_client client = server.connect();
    client.send("GET /block HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(sample.state.gate.has_met(1));
    server.stop();
    EXPECT_TRUE(client.has_ended());  // the drain is over

    EXPECT_FALSE(server.has_returned(std::chrono::milliseconds{300}));
    sample.state.gate.open();

    EXPECT_EQ(server.result(), 0);
    EXPECT_EQ(sample.state.finished, 1U);
}

TEST(Server, AnAppThatWasNeverServedEnds) {
    const sample_app sample;
}

TEST(Server, AnAppEndsWithACoroutineSuspended) {
    sample_state outlives;
    {
        app waits;
        waits.provide(outlives);
        waits.post("/wait",
                   [](const request& req, service<sample_state> state) -> task<std::string> {
                       const std::string copy{req.body()};
                       co_await state->gate.pass();
                       co_return copy;
                   });
        run_options options = running_app::one_loop();
        options.drain_time = std::chrono::milliseconds{100};
        running_app server(waits, options);
        socket_client client = server.connect();
        client.send("POST /wait HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
        ASSERT_TRUE(outlives.gate.has_met(1));
        server.stop();
        EXPECT_TRUE(client.has_ended());
        EXPECT_EQ(server.result(), 0);
    }

    EXPECT_TRUE(outlives.gate.is_left());  // the coroutine was destroyed
}

TEST(Server, AnAppEndsWithBlockingWorkQueued) {
    auto sample = std::make_unique<sample_app>();
    run_options options = running_app::one_loop();
    options.workers = 1;
    options.drain_time = std::chrono::milliseconds{100};
    std::vector<socket_client> clients;
    {
        running_app server(sample->app, options);
        for (int each = 0; each < 5; ++each) {
            clients.push_back(server.connect());
            clients.back().send("GET /block HTTP/1.1\r\nHost: h\r\n\r\n");
        }
        ASSERT_TRUE(sample->state.gate.has_met(1));
        server.settle();
        server.stop();
        for (socket_client& each : clients) {
            EXPECT_TRUE(each.has_ended());
        }
        sample->state.gate.open();
        EXPECT_TRUE(server.has_returned(at_last));
    }

    EXPECT_EQ(sample->state.finished, 1U);  // the others were dropped
    sample.reset();
}

}  // namespace
}  // namespace cloakroom::net
