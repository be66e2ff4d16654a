// SPDX-License-Identifier: MIT
// limits::connections: more wait, and are served when others have gone.
#include "running_app.hpp"
#include "sample_app.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace cloakroom::net {
namespace {

class ConnectionLimit : public ::testing::Test {
protected:
    ConnectionLimit() {
        limits values;
        values.connections = 2;
        sample.app.limit(values);
        server.emplace(sample.app);
    }

    sample_app sample;
    std::optional<running_app> server;
};

TEST_F(ConnectionLimit, LetsAThirdConnectionWaitUntilOneCloses) {
    socket_client first = server->connect();
    socket_client second = server->connect();
    EXPECT_EQ(first.get("/").status, 200U);
    EXPECT_EQ(second.get("/").status, 200U);
    socket_client third = server->connect();
    third.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    for (int each = 0; each < 10; ++each) {
        EXPECT_EQ(first.get("/").status, 200U);
        EXPECT_EQ(second.get("/").status, 200U);
    }
    EXPECT_FALSE(third.is_readable(std::chrono::milliseconds{0}));

    first.close();

    EXPECT_EQ(third.reply().status, 200U);
    EXPECT_EQ(second.get("/").status, 200U);
}

TEST_F(ConnectionLimit, ServesAllOfManyInTheEnd) {
    std::vector<socket_client> clients;
    for (int each = 0; each < 50; ++each) {
        clients.push_back(server->connect());
        clients.back().send("GET /soon/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    }

    for (socket_client& each : clients) {
        EXPECT_EQ(each.reply().body, "x");
        each.close();
    }
}

TEST_F(ConnectionLimit, CountsAConnectionUntilItsHandlerHasEnded) {
    socket_client first = server->connect();
    socket_client second = server->connect();
    first.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(sample.state.gate.has_met(1));
    EXPECT_EQ(second.get("/").status, 200U);
    socket_client third = server->connect();
    third.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    first.reset();
    EXPECT_EQ(second.get("/").status, 200U);
    EXPECT_EQ(second.get("/").status, 200U);
    EXPECT_FALSE(third.is_readable(std::chrono::milliseconds{0}));

    sample.state.gate.open();

    EXPECT_EQ(third.reply().status, 200U);
}

}  // namespace
}  // namespace cloakroom::net
