// SPDX-License-Identifier: MIT
// Several requests sent before the first answer is read.
#include "request_text.hpp"
#include "running_app.hpp"
#include "sample_app.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cloakroom::net {
namespace {

std::string echo(const std::string& body) {
    return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

class Pipelining : public ::testing::Test {
protected:
    sample_app sample;
    running_app server{sample.app};
    socket_client client = server.connect();
};

TEST_F(Pipelining, AnswersAHundredRequestsInOrderInOneWrite) {
    std::string requests;
    for (int each = 0; each < 100; ++each) {
        requests += echo(std::to_string(each));
    }
    server.settle();  // so that the connection is open on the server's side

    client.send(requests);

    for (int each = 0; each < 100; ++each) {
        ASSERT_EQ(client.reply().body, std::to_string(each));
    }
    EXPECT_LE(client.receive_count(), 2U);  // where each had its own write, there would be many
}

TEST_F(Pipelining, KeepsTheOrderAcrossHandlersThatAnswerLater) {
    const std::vector<std::string> targets{"/soon/a", "/", "/worker/b", "/worker/c", "/", "/soon/d",
                                           "/soon/e", "/", "/error",    "/worker/f"};
    std::string requests;
    for (int round = 0; round < 20; ++round) {
        for (const std::string& each : targets) {
            requests += get(each);
        }
    }

    client.send(requests);

    for (int round = 0; round < 20; ++round) {
        for (const std::string& each : targets) {
            const socket_reply reply = client.reply();
            if (each == "/error") {
                ASSERT_EQ(reply.status, 500U);
            } else {
                ASSERT_EQ(reply.body, each == "/" ? "Hello, World!" : each.substr(each.size() - 1));
            }
        }
    }
}

TEST_F(Pipelining, SendsWhatIsAnsweredBeforeAHandlerThatWaits) {
    client.send(get("/") + get("/wait") + get("/soon/c"));

    EXPECT_EQ(client.reply().body, "Hello, World!");
    ASSERT_TRUE(sample.state.gate.has_met(1));
    sample.state.gate.open();
    EXPECT_EQ(client.reply().body, "waited");
    EXPECT_EQ(client.reply().body, "c");
}

TEST_F(Pipelining, TakesRequestsThatArriveWhileAHandlerWaits) {
    client.send(get("/wait"));
    ASSERT_TRUE(sample.state.gate.has_met(1));
    client.send(get("/") + echo("b"));
    server.settle();
    EXPECT_EQ(sample.state.calls, 1U);  // of settle(): the order is kept

    sample.state.gate.open();

    EXPECT_EQ(client.reply().body, "waited");
    EXPECT_EQ(client.reply().body, "Hello, World!");
    EXPECT_EQ(client.reply().body, "b");
}

TEST_F(Pipelining, ServesMoreRequestsThanOneReceiveHolds) {
    std::string requests;
    for (int each = 0; each < 20'000; ++each) {
        requests += get("/");
    }

    std::size_t sent = 0;
    unsigned answered = 0;
    while (answered < 20'000) {
        if (sent < requests.size()) {
            sent += client.send_some(std::string_view{requests}.substr(sent));
        }
        if (sent == requests.size() || client.is_readable(std::chrono::milliseconds{0})) {
            ASSERT_EQ(client.reply().body, "Hello, World!");
            ++answered;
        }
    }
}

TEST_F(Pipelining, DoesNotKeepOthersFromTheirTurn) {
    constexpr int requests = 40'000;
    constexpr int most =
        3 * 256;  // of three turns: that which held, a second, one before the other's
    socket_client other = server.connect();
    EXPECT_EQ(other.get("/").status, 200U);
    std::string many = get("/hold");
    for (int each = 0; each < requests; ++each) {
        many += get("/");
    }
    std::string_view unsent{many};
    while (const std::size_t count = client.send_some(unsent)) {
        unsent.remove_prefix(count);  // until the system takes no more, or all is there
    }
    ASSERT_TRUE(sample.state.held.has_met(1));
    other.send(get("/calls"));
    std::jthread sends([&] { static_cast<void>(client.try_send(unsent)); });
    sample.state.held.open();

    // The number of requests that were answered before, by the handler's own count.
    EXPECT_LE(std::stoi(other.reply().body), most);

    EXPECT_EQ(client.reply().body, "held");
    for (int each = 0; each < requests; ++each) {
        ASSERT_EQ(client.reply().body, "Hello, World!") << each;
    }
    sends.join();
}

TEST_F(Pipelining, AnswersNothingAfterTheRequestThatCloses) {
    client.send(get("/") + "GET /soon/b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" +
                get("/"));

    EXPECT_EQ(client.reply().body, "Hello, World!");
    EXPECT_EQ(client.reply().body, "b");
    EXPECT_TRUE(client.has_ended());
    EXPECT_EQ(sample.state.calls, 1U);
}

TEST_F(Pipelining, AnswersWhatCameBeforeNonsense) {
    client.send(get("/") + get("/soon/b") + "nonsense\r\n\r\n" + get("/"));

    EXPECT_EQ(client.reply().body, "Hello, World!");
    EXPECT_EQ(client.reply().body, "b");
    EXPECT_EQ(client.reply().status, 400U);
    EXPECT_TRUE(client.has_ended());
}

TEST_F(Pipelining, KeepsAPartOfARequestBehindWholeOnes) {
    const std::string next = echo("next");
    for (std::size_t part = 1; part < next.size(); ++part) {
        client.send(get("/") + get("/soon/b") + next.substr(0, part));
        ASSERT_EQ(client.reply().body, "Hello, World!");
        ASSERT_EQ(client.reply().body, "b");
        client.send(next.substr(part));
        ASSERT_EQ(client.reply().body, "next");
    }
}

}  // namespace
}  // namespace cloakroom::net
