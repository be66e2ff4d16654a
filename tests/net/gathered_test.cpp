// SPDX-License-Identifier: MIT
// Connections that are ready at the same time, which the event loop serves stage by stage.
#include "request_text.hpp"
#include "running_app.hpp"
#include "sample_app.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cloakroom::net {
namespace {

using client_list = std::vector<socket_client>;

// Handlers that take long, of which a later one waits for the answer to an earlier one.
struct slow_state {
    client_list* asking = nullptr;
    unsigned calls = 0;
    bool has_seen_an_answer = false;
};

constexpr unsigned calls_of_a_stage = 4;

std::string take_long(service<slow_state> shared) {
    using std::chrono::steady_clock;
    const auto has_answer = [](const socket_client& each) {
        return each.is_readable(std::chrono::milliseconds{0});
    };
    const auto end = steady_clock::now() + std::chrono::milliseconds{1};
    while (steady_clock::now() < end) {}
    if (++shared->calls > calls_of_a_stage) {
        const auto latest = steady_clock::now() + std::chrono::seconds{10};
        while (!shared->has_seen_an_answer && steady_clock::now() < latest) {
            shared->has_seen_an_answer =
                std::any_of(shared->asking->begin(), shared->asking->end(), has_answer);
        }
    }
    return "done";
}

// What a suspended handler waits for, and another handler does there and then.
struct bell {
    std::function<void()> ring;
};

task<std::string> wait_for_the_bell(service<bell> shared) {
    const auto keep = [shared](auto handler) {
        const auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        shared->ring = [kept] { (*kept)(); };
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
        keep, boost::asio::use_awaitable);
    co_return "rung";
}

std::string ring_the_bell(service<bell> shared) {
    std::exchange(shared->ring, nullptr)();
    return "ring";
}

class Gathered : public ::testing::Test {
protected:
    Gathered() {
        sample.app.provide(slow);
        sample.app.provide(door_bell);
        sample.app.get("/slow", &take_long);
        sample.app.get("/bell", &wait_for_the_bell);
        sample.app.post("/bell", &ring_the_bell);
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

    client_list connected(std::size_t count) {
        client_list made;
        for (std::size_t each = 0; each < count; ++each) {
            made.push_back(server->connect());
            EXPECT_EQ(made.back().get("/").status, 200U);
        }
        return made;
    }

    slow_state slow;
    bell door_bell;
    sample_app sample;
    std::optional<running_app> server;
    std::unique_ptr<socket_client> holds;
};

TEST_F(Gathered, RequestsHaveEachTheirOwnAnswer) {
    client_list all = connected(100);
    const auto body_of = [](std::size_t index) {
        return "of " + std::to_string(index) + std::string(index * 400, 'x');
    };
    hold_the_loop();
    for (std::size_t index = 0; index < all.size(); ++index) {
        all[index].send(post("/echo", body_of(index)));
    }
    let_it_go();

    for (std::size_t index = 0; index < all.size(); ++index) {
        EXPECT_TRUE(all[index].reply().body == body_of(index)) << index;
    }
}

TEST_F(Gathered, RequestsOfAllKindsHaveTheirAnswers) {
    client_list all = connected(70);
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
            post("/echo", name),
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

TEST_F(Gathered, RequestsMayEndTheHandlersOfOthers) {
    client_list all = connected(3);
    hold_the_loop();
    all[0].send(get("/") + get("/bell") + get("/visits"));
    all[1].send("POST /bell HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
    all[2].send(get("/"));
    let_it_go();

    EXPECT_EQ(all[0].reply().body, "Hello, World!");
    EXPECT_EQ(all[0].reply().body, "rung");
    EXPECT_EQ(all[0].reply().body, "1");
    EXPECT_EQ(all[1].reply().body, "ring");
    EXPECT_EQ(all[2].reply().body, "Hello, World!");
}

TEST_F(Gathered, NoRequestIsLostOfAConnectionThatIsStillBusyAsMoreComes) {
    // More at once than a turn is for, and more all the time: its next turn is due, and it is ready.
    constexpr unsigned requests = 20'000;
    client_list all = connected(1);
    std::string behind;
    for (unsigned each = 0; each < requests; ++each) {
        behind += get("/?" + std::string(each % 700, 'q'));
    }
    std::jthread sends([&, &to = all[0]] { static_cast<void>(to.try_send(behind)); });

    for (unsigned each = 0; each < requests; ++each) {
        ASSERT_EQ(all[0].reply().body, "Hello, World!") << each;
    }
}

TEST_F(Gathered, RequestsDoNotWaitForAllWhereHandlersTakeLong) {
    client_list all = connected(30);
    slow.asking = &all;
    hold_the_loop();
    for (socket_client& each : all) {
        each.send(get("/slow"));
    }
    let_it_go();

    for (auto each = all.rbegin(); each != all.rend(); ++each) {  // the first stay to be seen
        EXPECT_EQ(each->reply().body, "done");
    }
    EXPECT_EQ(slow.calls, all.size());
    EXPECT_TRUE(slow.has_seen_an_answer);
}

}  // namespace
}  // namespace cloakroom::net
