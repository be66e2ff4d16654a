// SPDX-License-Identifier: MIT
// Clients that read slowly, or not at all, what they have asked for.
#include "running_app.hpp"
#include "sample_app.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace cloakroom::net {
namespace {

TEST(Backpressure, DeliversALargeResponseToASlowReader) {
    sample_app sample;
    running_app server(sample.app);
    socket_client client(server.port(), small_buffer);
    client.send("GET /large/20000000 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    std::size_t bytes = 0;
    std::size_t turns = 0;
    while (true) {
        const std::string part = client.receive(100'000);
        if (part.empty()) {
            break;
        }
        bytes += part.size();
        if (++turns % 50 == 0) {
            server.settle();  // others are served meanwhile
        }
    }

    EXPECT_GT(bytes, 20'000'000U);
    EXPECT_LT(bytes, 20'001'000U);
}

TEST(Backpressure, ServesTheNextRequestAfterALargeResponse) {
    sample_app sample;
    running_app server(sample.app);
    socket_client client(server.port(), small_buffer);
    client.send(
        "GET /large/5000000 HTTP/1.1\r\nHost: h\r\n\r\n"
        "GET /soon/b HTTP/1.1\r\nHost: h\r\n\r\n"
        "GET / HTTP/1.1\r\nHo");
    server.settle();

    EXPECT_EQ(client.reply().body.size(), 5'000'000U);
    EXPECT_EQ(client.reply().body, "b");
    client.send("st: h\r\n\r\n");
    EXPECT_EQ(client.reply().body, "Hello, World!");
}

// Differs everywhere, so that bytes at a wrong place show.
std::string pattern(std::size_t bytes, unsigned seed) {
    std::string text(bytes, ' ');
    for (std::size_t at = 0; at < bytes; ++at) {
        text[at] = static_cast<char>('a' + (at * 7 + at / 26 + seed) % 26);
    }
    return text;
}

// The answer views the request's own content, in whose room later requests arrive.
TEST(Backpressure, DeliversLargeContentOfTheRequestItself) {
    app echo;
    echo.limit({.body_bytes = 4'000'000});
    echo.post("/", [](const request& asked) {
        response made;
        made.body_view(asked.body());
        return made;
    });
    running_app server(echo);
    socket_client client(server.port(), small_buffer);
    const auto ask = [](const std::string& content) {
        return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(content.size()) +
               "\r\n\r\n" + content;
    };
    const std::string large = pattern(3'000'000, 0);
    const std::string small = pattern(20'000, 1);

    client.send(ask(large) + ask(small) + ask("tiny"));
    server.settle();

    EXPECT_TRUE(client.reply().body == large);
    EXPECT_TRUE(client.reply().body == small);
    EXPECT_EQ(client.reply().body, "tiny");
}

TEST(Backpressure, AnswersFewOfManyRequestsWhoseAnswersAreNotRead) {
    constexpr unsigned requests = 4'000;
    sample_app sample;
    running_app server(sample.app);
    socket_client client(server.port(), small_buffer);
    for (unsigned each = 0; each < requests; ++each) {
        // The server stops to receive at some point, and then the system to take more.
        if (client.send_some("GET /large/100000 HTTP/1.1\r\nHost: h\r\n\r\n") == 0) {
            break;
        }
    }
    unsigned answered = 0;
    do {  // until the server has made all the answers that it makes
        answered = sample.state.calls;
        server.settle();
    } while (sample.state.calls != answered + 1);

    // What the system buffers for a sender is 4 MB, as a rule; the server adds one response.
    EXPECT_LT(sample.state.calls, 200U);
}

TEST(Backpressure, AnswersAllOfManyRequestsOnceTheyAreRead) {
    sample_app sample;
    running_app server(sample.app);
    socket_client client(server.port(), small_buffer);
    std::string requests;
    for (unsigned each = 0; each < 300; ++each) {
        requests += "GET /large/100000 HTTP/1.1\r\nHost: h\r\n\r\n";
    }
    client.send(requests);
    server.settle();

    for (unsigned each = 0; each < 300; ++each) {
        ASSERT_EQ(client.reply().body.size(), 100'000U) << each;
    }
}

TEST(Backpressure, DeliversToAPeerThatHasEndedItsSide) {
    sample_app sample;
    running_app server(sample.app);
    socket_client client(server.port(), small_buffer);
    client.send("GET /large/3000000 HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
    client.end_sending();
    server.settle();

    EXPECT_EQ(client.reply().body.size(), 3'000'000U);
    EXPECT_EQ(client.reply().body, "Hello, World!");
    EXPECT_TRUE(client.has_ended());
}

TEST(Backpressure, SendsALargeAnswerThatAHandlerGaveLater) {
    sample_app sample;
    running_app server(sample.app);
    socket_client client(server.port(), small_buffer);
    const std::string body(900'000, 'b');
    client.send(
        "GET /large/2000000 HTTP/1.1\r\nHost: h\r\n\r\n"
        "POST /wait HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n");
    static_cast<void>(client.receive(1));
    std::thread sends([&] { client.send(body); });
    const std::string rest = [&] {
        std::string all;
        while (all.size() < 2'000'000) {
            all += client.receive();
        }
        return all;
    }();
    sends.join();
    ASSERT_TRUE(sample.state.gate.has_met(1));
    sample.state.gate.open();

    EXPECT_TRUE(client.reply().body == body + "waited");
}

}  // namespace
}  // namespace cloakroom::net
