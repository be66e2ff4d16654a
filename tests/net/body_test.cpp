// SPDX-License-Identifier: MIT
// Requests in pieces, and bodies of all sizes, over a real socket.
#include "running_app.hpp"
#include "sample_app.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cloakroom::net {
namespace {

constexpr std::size_t body_limit = 1024UL * 1024;

std::string post_head(std::size_t bytes, const std::string& fields = {}) {
    return "POST /echo HTTP/1.1\r\nHost: h\r\n" + fields +
           "Content-Length: " + std::to_string(bytes) + "\r\n\r\n";
}

const std::string chunked_head =
    "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunked(const std::string& body, std::size_t chunk_bytes) {
    std::string result;
    for (std::size_t from = 0; from < body.size(); from += chunk_bytes) {
        const std::string chunk = body.substr(from, chunk_bytes);
        char size[20];
        std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
        result += size + chunk + "\r\n";
    }
    return result + "0\r\n\r\n";
}

// Bytes that differ everywhere, so that a wrong order shows.
std::string pattern_of(std::size_t bytes) {
    std::string text(bytes, '\0');
    unsigned state = 1;
    for (char& each : text) {
        state = state * 1'103'515'245U + 12'345U;
        each = static_cast<char>('a' + (state >> 16U) % 26);
    }
    return text;
}

class Body : public ::testing::Test {
protected:
    sample_app sample;
    running_app server{sample.app};
    socket_client client = server.connect();
};

TEST_F(Body, TakesARequestSplitAtAnyByte) {
    const std::string request = post_head(4) + "body";
    for (std::size_t split = 1; split < request.size(); ++split) {
        client.send(request.substr(0, split));
        server.settle();  // so that the server has received the first part alone
        client.send(request.substr(split));
        ASSERT_EQ(client.reply().body, "body") << split;
    }
}

TEST_F(Body, TakesAChunkedRequestSplitAtAnyByte) {
    const std::string request = chunked_head + "2;x=y\r\nbo\r\n2\r\ndy\r\n0\r\nT: t\r\n\r\n";
    for (std::size_t split = 1; split < request.size(); ++split) {
        client.send(request.substr(0, split));
        server.settle();
        client.send(request.substr(split));
        ASSERT_EQ(client.reply().body, "body") << split;
    }
}

TEST_F(Body, TakesRequestsByteByByte) {
    for (const std::string& request : {post_head(4) + "body", chunked_head + chunked("body", 3)}) {
        for (const char each : request) {
            client.send({&each, 1});
            server.settle();
        }
        ASSERT_EQ(client.reply().body, "body");
    }
}

TEST_F(Body, TakesBodiesOfAllSizes) {
    for (const std::size_t bytes :
         {0U, 1U, 4'000U, 4'096U, 32'000U, 32'768U, 33'000U, 65'536U, 200'000U, 1'000'000U}) {
        const std::string body = pattern_of(bytes);
        client.send(post_head(bytes) + body);
        ASSERT_EQ(client.reply().body, body) << bytes;
    }
}

TEST_F(Body, TakesChunkedBodiesOfAllSizes) {
    for (const std::size_t bytes : {0U, 1U, 4'096U, 32'768U, 200'000U}) {
        for (const std::size_t chunk : {1'000U, 8'191U, 100'000U}) {
            const std::string body = pattern_of(bytes);
            client.send(chunked_head + chunked(body, chunk));
            ASSERT_EQ(client.reply().body, body) << bytes << ' ' << chunk;
        }
    }
}

TEST_F(Body, TakesABodyOfTheLimit) {
    const std::string body = pattern_of(body_limit);

    client.send(post_head(body_limit) + body);
    EXPECT_TRUE(client.reply().body == body);
    client.send(chunked_head + chunked(body, 10'000));
    EXPECT_TRUE(client.reply().body == body);
}

TEST_F(Body, RefusesABodyOneByteOverTheLimitBeforeItComes) {
    client.send(post_head(body_limit + 1));

    EXPECT_EQ(client.reply().status, 413U);
    EXPECT_EQ(sample.state.calls, 0U);
}

TEST_F(Body, RefusesAChunkedBodyOneByteOverTheLimit) {
    client.send(chunked_head + chunked(std::string(body_limit + 1, 'x'), 10'000));

    EXPECT_EQ(client.reply().status, 413U);
    EXPECT_TRUE(client.has_ended());
    EXPECT_EQ(sample.state.calls, 0U);
}

TEST_F(Body, RefusalReachesAClientThatSendsTheWholeBodyFirst) {
    // The server keeps the connection until the client has had time to read the response.
    const std::string body(2 * body_limit, 'x');

    static_cast<void>(client.try_send(post_head(body.size()) + body));
    client.end_sending();

    EXPECT_EQ(client.reply().status, 413U);
}

TEST_F(Body, RefusalEndsCleanlyForAClientThatHasSentAllAndEndedItsSide) {
    const std::string accepted(body_limit, 'a');
    for (int each = 0; each < 5; ++each) {  // so that the system takes much of this client at once
        client.send(post_head(accepted.size()) + accepted);
        ASSERT_TRUE(client.reply().body == accepted);
    }
    // The server is held until body and end are there, as far as the system takes them.
    socket_client holds = server.connect();
    holds.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(sample.state.held.has_met(1));
    const std::string refused(body_limit + 1, 'r');
    std::jthread sends([&] {
        static_cast<void>(client.try_send(post_head(refused.size()) + refused));
        client.end_sending();
    });
    EXPECT_FALSE(holds.is_readable(std::chrono::milliseconds{200}));

    sample.state.held.open();

    sends.join();
    EXPECT_EQ(holds.reply().body, "held");
    for (int each = 0; each < 10; ++each) {
        server.settle();  // so that the server is done with the client before that reads
    }
    EXPECT_EQ(client.reply().status, 413U);
    EXPECT_TRUE(client.has_ended());
    EXPECT_FALSE(client.was_reset());
}

TEST_F(Body, SaysContinueWhenTheClientWaitsForIt) {
    client.send(post_head(4, "Expect: 100-continue\r\n"));
    const socket_reply interim = client.reply();
    EXPECT_EQ(interim.status, 100U);
    EXPECT_EQ(interim.head, "HTTP/1.1 100 Continue");

    client.send("body");

    EXPECT_EQ(client.reply().body, "body");
    EXPECT_EQ(client.get("/").body, "Hello, World!");
}

TEST_F(Body, SaysNoContinueForABodyOverTheLimit) {
    client.send(post_head(body_limit + 1, "Expect: 100-continue\r\n"));

    EXPECT_EQ(client.reply().status, 413U);
    EXPECT_TRUE(client.has_ended());
}

TEST_F(Body, SaysNoContinueWhereNoRouteTakesTheBody) {
    for (const auto& [target, status] : {std::pair{"/nothing", 404U}, std::pair{"/visits", 405U}}) {
        socket_client asks = server.connect();
        asks.send("POST " + std::string{target} +
                  " HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

        const socket_reply reply = asks.reply();
        EXPECT_EQ(reply.status, status);
        EXPECT_TRUE(reply.has("\r\nConnection: close"));
        EXPECT_TRUE(asks.has_ended());  // the body may come or not: nothing after it can be read
    }
}

TEST_F(Body, KeepsBodiesOfManyConnectionsApart) {
    std::vector<socket_client> clients;
    std::vector<std::string> requests;
    for (std::size_t each = 0; each < 20; ++each) {
        clients.push_back(server.connect());
        const std::string body(1'000 * (each + 1), static_cast<char>('a' + each));
        requests.push_back(post_head(body.size()) + body);
    }
    for (std::size_t from = 0; from < 21'000; from += 997) {
        for (std::size_t each = 0; each < clients.size(); ++each) {
            if (from < requests[each].size()) {
                clients[each].send(requests[each].substr(from, 997));
            }
        }
    }

    for (std::size_t each = 0; each < clients.size(); ++each) {
        EXPECT_EQ(clients[each].reply().body,
                  std::string(1'000 * (each + 1), static_cast<char>('a' + each)));
    }
}

}  // namespace
}  // namespace cloakroom::net
