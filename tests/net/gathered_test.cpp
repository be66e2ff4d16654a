// SPDX-License-Identifier: MIT
// Connections that are ready at the same time, which the event loop serves stage by stage.
#include "running_app.hpp"
#include "sample_app.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cloakroom::net {
namespace {

using clients = std::vector<socket_client>;

std::string post(const std::string& body) {
    return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

// Handlers that take long, and when a client has the first answer.
struct slow_state {
    clients* asking = nullptr;
    unsigned calls = 0;
    unsigned calls_before_the_first_answer = 0;
};

std::string take_long(service<slow_state> shared) {
    const auto has_answer = [](const socket_client& each) {
        return each.is_readable(std::chrono::milliseconds{0});
    };
    if (shared->calls_before_the_first_answer == 0 &&
        std::any_of(shared->asking->begin(), shared->asking->end(), has_answer)) {
        shared->calls_before_the_first_answer = shared->calls;
    }
    ++shared->calls;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{1};
    while (std::chrono::steady_clock::now() < end) {}
    return "done";
}

class Gathered : public ::testing::Test {
protected:
    Gathered() {
        sample.app.provide(slow);
        sample.app.get("/slow", &take_long);
        server.emplace(sample.app);
    }

    // What the clients send meanwhile is there when the event loop looks at its sockets again.
    void hold_the_loop() {
        holds = std::make_unique<socket_client>(server->connect());
        holds->send(get("/hold"));
        ASSERT_TRUE(sample.state.held.has_met(1));
    }

    void let_it_go() {
        sample.state.held.open();
        EXPECT_EQ(holds->reply().body, "held");
    }

    clients connected(std::size_t count) {
        clients made;
        for (std::size_t each = 0; each < count; ++each) {
            made.push_back(server->connect());
            EXPECT_EQ(made.back().get("/").status, 200U);
        }
        return made;
    }

    slow_state slow;
    sample_app sample;
    std::optional<running_app> server;
    std::unique_ptr<socket_client> holds;
};

TEST_F(Gathered, RequestsHaveEachTheirOwnAnswer) {
    clients all = connected(100);
    const auto body_of = [](std::size_t index) {
        return "of " + std::to_string(index) + std::string(index * 400, 'x');
    };
    hold_the_loop();
    for (std::size_t index = 0; index < all.size(); ++index) {
        all[index].send(post(body_of(index)));
    }
    let_it_go();

    for (std::size_t index = 0; index < all.size(); ++index) {
        EXPECT_TRUE(all[index].reply().body == body_of(index)) << index;
    }
}

TEST_F(Gathered, RequestsOfAllKindsHaveTheirAnswers) {
    clients all = connected(70);
    hold_the_loop();
    for (std::size_t index = 0; index < all.size(); ++index) {
        const std::string name = std::to_string(index);
        const std::string requests[] = {
            get("/soon/s" + name),
            get("/worker/w" + name),
            get("/error"),
            "GET nonsense\r\n\r\n",
            get("/large/70000") + get("/soon/after-" + name),
            get("/").substr(0, 9),
            post(name),
        };
        all[index].send(requests[index % 7]);
    }
    for (std::size_t index = 6; index < all.size(); index += 14) {
        all[index].reset();
    }
    let_it_go();

    for (std::size_t index = 0; index < all.size(); ++index) {
        const std::string name = std::to_string(index);
        socket_client& client = all[index];
        switch (index % 7) {
            case 0:
                EXPECT_EQ(client.reply().body, "s" + name);
                break;
            case 1:
                EXPECT_EQ(client.reply().body, "w" + name);
                break;
            case 2:
                EXPECT_EQ(client.reply().status, 500U);
                break;
            case 3:
                EXPECT_EQ(client.reply().status, 400U);
                break;
            case 4:
                EXPECT_EQ(client.reply().body.size(), 70'000U);
                EXPECT_EQ(client.reply().body, "after-" + name);
                break;
            case 5:
                client.send(get("/").substr(9));
                EXPECT_EQ(client.reply().status, 200U);
                break;
            default:
                if (index % 14 != 6) {
                    EXPECT_EQ(client.reply().status, 200U);
                }
        }
    }
}

TEST_F(Gathered, RequestsDoNotWaitForAllWhereHandlersTakeLong) {
    clients all = connected(30);
    slow.asking = &all;
    hold_the_loop();
    for (socket_client& each : all) {
        each.send(get("/slow"));
    }
    let_it_go();

    for (socket_client& each : all) {
        EXPECT_EQ(each.reply().body, "done");
    }
    EXPECT_EQ(slow.calls, all.size());
    EXPECT_GE(slow.calls_before_the_first_answer, 1U);
    EXPECT_LE(slow.calls_before_the_first_answer, 4U);
}

}  // namespace
}  // namespace cloakroom::net
