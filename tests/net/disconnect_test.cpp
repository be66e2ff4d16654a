// SPDX-License-Identifier: MIT
// Clients that leave, halfway or at once, at every point of a request.
#include "request_text.hpp"
#include "running_app.hpp"
#include "sample_app.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace cloakroom::net {
namespace {

class Disconnect : public ::testing::Test {
protected:
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

    // A handler waits with a request; its client leaves; the request is still what it was.
    void leave_while_waiting(const std::string& target, std::size_t bytes, bool by_reset) {
        socket_client client = server.connect();
        client.send(with_body(target, std::string(bytes, 'm')));
        ASSERT_TRUE(sample.state.gate.has_met(1));
        by_reset ? client.reset() : client.close();
        serve_others();

        sample.state.gate.open();

        ASSERT_TRUE(sample.state.gate.is_left());
        for (int turn = 0; turn < 10'000 && sample.state.finished == 0; ++turn) {
            serve_others();  // a worker may still be on its way from the gate
        }
        EXPECT_EQ(sample.state.finished, 1U);
        EXPECT_EQ(sample.state.changed, 0U);
    }

    sample_app sample;
    running_app server{sample.app};
};

TEST_F(Disconnect, HalfCloseAfterARequestStillGetsItsAnswer) {
    for (const char* target : {"/", "/soon/x", "/worker/x", "/large/3000000"}) {
        socket_client client = server.connect();
        client.send("GET " + std::string{target} + " HTTP/1.1\r\nHost: h\r\n\r\n");
        client.end_sending();

        EXPECT_EQ(client.reply().status, 200U) << target;
        EXPECT_TRUE(client.has_ended()) << target;
    }
}

TEST_F(Disconnect, HalfCloseWhileTheHandlerWaitsStillGetsItsAnswer) {
    socket_client coroutine = server.connect();
    socket_client worker = server.connect();
    coroutine.send(with_body("/wait", "my "));
    worker.send(with_body("/block", "my "));
    ASSERT_TRUE(sample.state.gate.has_met(2));
    coroutine.end_sending();
    worker.end_sending();
    server.settle();

    sample.state.gate.open();

    EXPECT_EQ(coroutine.reply().body, "my waited");
    EXPECT_TRUE(coroutine.has_ended());
    EXPECT_EQ(worker.reply().body, "my blocked");
    EXPECT_TRUE(worker.has_ended());
}

TEST_F(Disconnect, HalfCloseAfterPipelinedRequestsGetsAllAnswers) {
    socket_client client = server.connect();
    client.send(with_body("/echo", "a") + with_body("/wait", "b ") + with_body("/echo", "c"));
    client.end_sending();
    ASSERT_TRUE(sample.state.gate.has_met(1));
    sample.state.gate.open();

    EXPECT_EQ(client.reply().body, "a");
    EXPECT_EQ(client.reply().body, "b waited");
    EXPECT_EQ(client.reply().body, "c");
    EXPECT_TRUE(client.has_ended());
}

TEST_F(Disconnect, HalfCloseWithinARequestEndsTheConnection) {
    socket_client client = server.connect();
    client.send("GET / HTTP/1.1\r\nHo");
    client.end_sending();

    EXPECT_TRUE(client.has_ended());
}

TEST_F(Disconnect, LeavesTheServerAliveAtEveryByteOfARequest) {
    const std::string request = with_body("/echo", "body");
    for (std::size_t bytes = 0; bytes <= request.size(); ++bytes) {
        for (const bool by_reset : {false, true}) {
            socket_client client = server.connect();
            client.send(request.substr(0, bytes));
            if (bytes % 2 == 0) {
                server.settle();  // else the server may see the bytes and the end at once
            }
            by_reset ? client.reset() : client.close();
        }
    }

    serve_others();
}

TEST_F(Disconnect, LeavesTheRequestOfACoroutineAsItWas) {
    leave_while_waiting("/wait", 100, false);
}

TEST_F(Disconnect, LeavesTheRequestOfACoroutineAsItWasAfterAReset) {
    leave_while_waiting("/wait", 100, true);
}

TEST_F(Disconnect, LeavesALargeRequestOfACoroutineAsItWas) {
    leave_while_waiting("/wait", 300'000, true);
}

TEST_F(Disconnect, LeavesTheRequestOfABlockingHandlerAsItWas) {
    leave_while_waiting("/block", 100, false);
}

TEST_F(Disconnect, LeavesTheRequestOfABlockingHandlerAsItWasAfterAReset) {
    leave_while_waiting("/block", 300'000, true);
}

TEST_F(Disconnect, LeavesARequestAsItWasWhileItsClientSendsMore) {
    socket_client client = server.connect();
    client.send(with_body("/wait", std::string(20'000, 'm')));
    ASSERT_TRUE(sample.state.gate.has_met(1));
    for (int each = 0; each < 20; ++each) {
        client.send(with_body("/echo", std::string(10'000, 'n')));
    }
    serve_others();

    sample.state.gate.open();

    EXPECT_EQ(client.reply().body, std::string(20'000, 'm') + "waited");
    for (int each = 0; each < 20; ++each) {
        EXPECT_EQ(client.reply().body, std::string(10'000, 'n'));
    }
    EXPECT_EQ(sample.state.changed, 0U);
}

TEST_F(Disconnect, KeepsTheDeskOfAHandlerWhenTheAnswersBeforeItCannotBeSent) {
    // The event loop is held within the first request, so that it meets the reset only when it
    // sends, with the coroutine of the second request suspended already.
    socket_client client = server.connect();
    client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n" + with_body("/wait", "my "));
    ASSERT_TRUE(sample.state.held.has_met(1));
    client.reset();
    sample.state.held.open();
    ASSERT_TRUE(sample.state.gate.has_met(1));
    serve_others();

    sample.state.gate.open();

    ASSERT_TRUE(sample.state.gate.is_left());
    serve_others();
    EXPECT_EQ(sample.state.changed, 0U);
}

TEST_F(Disconnect, LeavesTheServerAliveBeforeALargeResponseIsRead) {
    for (int each = 0; each < 10; ++each) {
        socket_client client = server.connect();
        client.send("GET /large/8000000 HTTP/1.1\r\nHost: h\r\n\r\n");
        if (each % 2 == 0) {
            static_cast<void>(client.receive(1'000));
        }
        each % 3 == 0 ? client.close() : client.reset();
    }

    serve_others();
}

}  // namespace
}  // namespace cloakroom::net
