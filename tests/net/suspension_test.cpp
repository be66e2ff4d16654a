// SPDX-License-Identifier: MIT
// Handlers that are suspended amid pipelined requests: whose desk it is, what is sent meanwhile, and
// what becomes of the requests behind them.
#include "request_text.hpp"
#include "running_app.hpp"
#include "sample_app.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>

namespace cloakroom::net {
namespace {

class Suspension : public ::testing::Test {
protected:
    // A connection that is never given up makes the end of the test fail.
    static run_options with_long_drain() {
        run_options options = running_app::one_loop();
        options.drain_time = 3 * at_last;
        return options;
    }

    // Other requests, so that buffers which were given back too early are written over.
    void serve_others() {
        for (int each = 0; each < 5; ++each) {
            socket_client other = server.connect();
            for (const std::size_t bytes : {10U, 5'000U, 60'000U}) {
                const std::string body(bytes, 'o');
                other.send(with_body("/echo", body));
                ASSERT_EQ(other.reply().body, body);
            }
        }
    }

    // The event loop is held at the end of the first handler, so that it meets the reset only when
    // it sends what it has.
    void leave_within_the_first(const std::string& requests_behind) {
        socket_client client = server.connect();
        client.send(get("/late-hold") + requests_behind);
        ASSERT_TRUE(sample.state.held.has_met(1));
        client.reset();
        sample.state.held.open();
    }

    void expect_the_second_keeps_its_desk(const std::string& target) {
        leave_within_the_first(get("/") + get("/large/300") + with_body(target, "my "));
        ASSERT_TRUE(sample.state.gate.has_met(1));
        serve_others();

        sample.state.gate.open();

        ASSERT_TRUE(sample.state.gate.is_left());
        for (int turn = 0; turn < 10'000 && sample.state.finished == 0; ++turn) {
            serve_others();  // a worker may still be on its way from the gate
        }
        EXPECT_EQ(sample.state.finished, 1U);
        EXPECT_EQ(sample.state.changed, 0U);
        expect_drained();
    }

    void expect_drained() {
        server.stop();
        EXPECT_TRUE(server.has_returned(at_last));
    }

    sample_app sample;
    running_app server{sample.app, with_long_drain()};
};

TEST_F(Suspension, KeepsTheDeskOfTheSecondCoroutineAfterAReset) {
    expect_the_second_keeps_its_desk("/wait");
}

TEST_F(Suspension, KeepsTheDeskOfASecondHandlerOnAWorkerAfterAReset) {
    expect_the_second_keeps_its_desk("/block");
}

TEST_F(Suspension, GivesTheConnectionUpWhereMuchOutputCannotBeSentAfterAReset) {
    std::string requests;
    for (int each = 0; each < 400; ++each) {
        requests += get("/large/300");  // more than is kept unsent
    }
    leave_within_the_first(requests + with_body("/wait", "my "));
    serve_others();

    sample.state.gate.open();

    ASSERT_TRUE(sample.state.gate.is_left());
    serve_others();
    EXPECT_EQ(sample.state.changed, 0U);
    expect_drained();
}

TEST_F(Suspension, KeepsTheDesksOfManyPipelinesWhoseClientsLeaveAtAnyTime) {
    sample.state.gate.open();
    for (int each = 0; each < 60; ++each) {
        socket_client client = server.connect();
        std::string requests = get("/soon/a");
        for (int request = 0; request < 10 * each; ++request) {
            requests += get("/large/300");
        }
        const std::string behind = with_body(each % 2 == 0 ? "/wait" : "/block", "my ");
        client.send(requests + behind + get("/soon/b") + behind);
        if (each % 3 == 0) {
            static_cast<void>(client.receive(1));
        }
        client.reset();
    }
    serve_others();

    EXPECT_EQ(sample.state.changed, 0U);
    expect_drained();
}

TEST_F(Suspension, IsFollowedByAllOfManyRequestsThatCameMeanwhile) {
    // More than a connection may serve, or receive, before others get their turn: it has to get
    // another turn although nothing happens on its socket any more.
    for (const auto& [requests, padding_bytes] : {std::pair{3'000, 0U}, std::pair{1'500, 700U}}) {
        sample_app waiting;
        running_app serving(waiting.app, with_long_drain());
        socket_client client = serving.connect();
        const std::string large(1'000'000, 'l');
        for (int each = 0; each < 5; ++each) {  // so that the system takes all that follows at once
            client.send(with_body("/echo", large));
            ASSERT_TRUE(client.reply().body == large);
        }
        client.send(get("/wait"));
        ASSERT_TRUE(waiting.state.gate.has_met(1));
        std::string behind;
        for (int each = 0; each < requests; ++each) {
            behind += get("/", "X-Padding: " + std::string(padding_bytes, 'p') + "\r\n");
        }
        std::jthread sends([&, &to = client] { static_cast<void>(to.try_send(behind)); });
        for (int turn = 0; turn < 20; ++turn) {
            serving.settle();
        }

        waiting.state.gate.open();

        EXPECT_EQ(client.reply().body, "waited");
        for (int each = 0; each < requests; ++each) {
            ASSERT_EQ(client.reply().body, "Hello, World!") << each;
        }
        sends.join();
    }
}

TEST_F(Suspension, DoesNotKeepBackTheResponsesBeforeIt) {
    // So few that the handler begins, and more than the system takes of a client that reads nothing.
    constexpr unsigned response_bytes = 15'000;
    constexpr unsigned most_responses = 4;
    server.shrink_send_buffers();
    for (unsigned count = 1; count <= most_responses; ++count) {
        socket_client client(server.port(), small_buffer);
        std::string requests;
        for (unsigned each = 0; each < count; ++each) {
            requests += get("/large/" + std::to_string(response_bytes));
        }
        client.send(requests + get("/wait"));
        ASSERT_TRUE(sample.state.gate.has_met(count));
        for (unsigned each = 0; each < count; ++each) {
            ASSERT_EQ(client.reply().body.size(), response_bytes) << count << ' ' << each;
        }
    }

    EXPECT_EQ(sample.state.finished, 0U);
    sample.state.gate.open();
}

TEST_F(Suspension, FollowsLargeResponsesThatAreSentFirst) {
    constexpr unsigned response_bytes = 60'000;  // each is sent before the next request is served
    server.shrink_send_buffers();
    for (unsigned count = 1; count <= 4; ++count) {
        socket_client client(server.port(), small_buffer);
        std::string requests;
        for (unsigned each = 0; each < count; ++each) {
            requests += get("/large/" + std::to_string(response_bytes));
        }
        client.send(requests + get("/wait"));
        for (unsigned each = 0; each < count; ++each) {
            ASSERT_EQ(client.reply().body.size(), response_bytes) << count << ' ' << each;
        }
        ASSERT_TRUE(sample.state.gate.has_met(count));
    }

    EXPECT_EQ(sample.state.finished, 0U);
    sample.state.gate.open();
}

}  // namespace
}  // namespace cloakroom::net
