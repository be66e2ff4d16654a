// SPDX-License-Identifier: MIT
// One request after another over a real socket: versions, keep-alive, methods, kinds of handlers.
#include "net/connection.hpp"

#include "running_app.hpp"
#include "sample_app.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cloakroom::net {
namespace {

class Connection : public ::testing::Test {
protected:
    sample_app sample;
    running_app server{sample.app};
    socket_client client = server.connect();
};

TEST_F(Connection, AnswersManyRequestsOneAfterAnother) {
    for (int each = 0; each < 100; ++each) {
        const socket_reply reply = client.get("/");
        ASSERT_EQ(reply.status, 200U);
        ASSERT_EQ(reply.body, "Hello, World!");
        ASSERT_FALSE(reply.has("Connection:"));
        ASSERT_TRUE(reply.has("\r\nDate: "));
    }
}

TEST_F(Connection, ClosesWhenTheRequestSaysSo) {
    const socket_reply reply = client.get("/", "Connection: close\r\n");

    EXPECT_EQ(reply.body, "Hello, World!");
    EXPECT_TRUE(reply.has("\r\nConnection: close"));
    EXPECT_TRUE(client.has_ended());
}

TEST_F(Connection, ClosesAfterHttp10) {
    client.send("GET / HTTP/1.0\r\n\r\n");

    const socket_reply reply = client.reply();

    EXPECT_EQ(reply.body, "Hello, World!");
    EXPECT_TRUE(reply.has("\r\nConnection: close"));
    EXPECT_TRUE(client.has_ended());
}

TEST_F(Connection, KeepsHttp10AliveWhenAsked) {
    for (int each = 0; each < 3; ++each) {
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        const socket_reply reply = client.reply();
        EXPECT_EQ(reply.body, "Hello, World!");
        EXPECT_TRUE(reply.has("\r\nConnection: keep-alive"));
    }
}

TEST_F(Connection, AnswersHeadWithoutTheBody) {
    client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    const socket_reply reply = client.reply(false);

    EXPECT_EQ(reply.status, 200U);
    EXPECT_TRUE(reply.has("\r\nContent-Length: 13"));
    EXPECT_EQ(client.get("/soon/next").body, "next");  // no byte of a body came before it
}

TEST_F(Connection, AnswersCoroutineAndBlockingHandlers) {
    for (int each = 0; each < 20; ++each) {
        ASSERT_EQ(client.get("/soon/a").body, "a");
        ASSERT_EQ(client.get("/worker/b").body, "b");
        ASSERT_EQ(client.get("/").body, "Hello, World!");
    }
}

TEST_F(Connection, KeepsASession) {
    const socket_reply first = client.get("/visits");
    const std::size_t begin = first.head.find("Set-Cookie: ") + 12;
    const std::string cookie = first.head.substr(begin, first.head.find(';', begin) - begin);

    EXPECT_EQ(first.body, "1");
    EXPECT_EQ(client.get("/visits", "Cookie: " + cookie + "\r\n").body, "2");
    EXPECT_EQ(server.connect().get("/visits", "Cookie: " + cookie + "\r\n").body, "3");
    EXPECT_EQ(client.get("/visits").body, "1");
}

TEST_F(Connection, GoesOnAfterAnErrorOfTheHandler) {
    const socket_reply error = client.get("/error");

    EXPECT_EQ(error.status, 500U);
    EXPECT_EQ(error.body.find("secret"), std::string::npos);
    EXPECT_EQ(client.get("/nowhere").status, 404U);
    EXPECT_EQ(client.get("/").status, 200U);
}

TEST_F(Connection, RefusesNonsenseAndCloses) {
    client.send("nonsense\r\n\r\n");

    EXPECT_EQ(client.reply().status, 400U);
    EXPECT_TRUE(client.has_ended());
}

TEST_F(Connection, AnswersWhileOtherHandlersWait) {
    client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    socket_client other = server.connect();
    other.send("GET /block HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(sample.state.gate.has_met(2));

    EXPECT_EQ(server.connect().get("/").body, "Hello, World!");

    sample.state.gate.open();
    EXPECT_EQ(client.reply().body, "waited");
    EXPECT_EQ(other.reply().body, "blocked");
}

TEST_F(Connection, ServesManyAtOnce) {
    std::vector<socket_client> clients;
    for (int each = 0; each < 200; ++each) {
        clients.push_back(server.connect());
        clients.back().send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    ASSERT_TRUE(sample.state.gate.has_met(200));
    sample.state.gate.open();

    for (socket_client& each : clients) {
        ASSERT_EQ(each.reply().body, "waited");
    }
}

}  // namespace
}  // namespace cloakroom::net
