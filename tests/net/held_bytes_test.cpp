// SPDX-License-Identifier: MIT
// limits::held_bytes over real sockets: clients who leave large requests unfinished.
#include "running_app.hpp"
#include "sample_app.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::net {
namespace {

constexpr std::size_t body_bytes = 500'000;

std::string post_of(std::size_t sent_bytes) {
    return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body_bytes) +
           "\r\n\r\n" + std::string(sent_bytes, 'b');
}

class HeldBytes : public ::testing::Test {
protected:
    HeldBytes() {
        limits values;
        values.held_bytes = 4UL * 1024 * 1024;
        sample.app.limit(values);
        sample.app.log([this](std::string_view line) {
            if (line.find("busy with other large requests") != std::string_view::npos) {
                ++lines;
            }
        });
    }

    sample_app sample;
    std::atomic<unsigned> lines = 0;
};

TEST_F(HeldBytes, AreRefusedWhileOthersHoldThemAllAndFreeOnceTheyHaveLeft) {
    const running_app server(sample.app);
    std::vector<socket_client> unfinished;
    for (int each = 0; each < 20; ++each) {
        unfinished.push_back(server.connect());
        static_cast<void>(unfinished.back().try_send(post_of(body_bytes - 1)));
        server.settle();
    }
    socket_client refused = server.connect();
    static_cast<void>(refused.try_send(post_of(body_bytes - 1)));
    const socket_reply answer = refused.reply();

    EXPECT_EQ(answer.status, 503U);
    EXPECT_TRUE(answer.has("\r\nRetry-After: 1\r\n")) << answer.head;
    EXPECT_TRUE(answer.has("\r\nConnection: close")) << answer.head;
    EXPECT_GE(lines, 1U);
    EXPECT_EQ(server.connect().get("/").status, 200U);

    for (socket_client& each : unfinished) {
        each.close();
    }
    // The loop reads what they had sent before it sees that they have left.
    unsigned status = 503;
    for (int tries = 0; tries < 100 && status == 503; ++tries) {
        server.settle();
        socket_client next = server.connect();
        static_cast<void>(next.try_send(post_of(body_bytes)));
        status = next.reply().status;
    }
    EXPECT_EQ(status, 200U);
}

}  // namespace
}  // namespace cloakroom::net
