// SPDX-License-Identifier: MIT
// What may wait for one server.
#include "redis/node.hpp"

#include "redis/background_io.hpp"
#include "redis/scripted_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cloakroom::redis {
namespace {

task<server_address> at(server_address address) {
    co_return address;
}

// A node whose server answers PING alone.
class Node : public ::testing::Test {
protected:
    std::future<reply> run(std::string command) {
        return boost::asio::co_spawn(
            loop_, node_->run(std::move(command), node::clock::now() + std::chrono::seconds{60}),
            boost::asio::use_future);
    }

    scripted_server server_{[](const scripted_server::words& command) {
        return std::string{command[0] == "PING" ? "+PONG\r\n" : ""};
    }};
    boost::asio::io_context loop_{1};
    std::shared_ptr<node> node_ = std::make_shared<node>(
        loop_.get_executor(), std::make_shared<const node_settings>(),
        [port = server_.port()](unsigned) { return at({.host = "127.0.0.1", .port = port}); }, 1);
};

constexpr const char* command = "*1\r\n$3\r\nGET\r\n";

TEST_F(Node, LetsSoManyCommandsWaitAndNoMore) {
    constexpr std::size_t most = 16UL * 1024;
    std::vector<std::future<reply>> waiting;
    for (std::size_t number = 0; number < most; ++number) {
        waiting.push_back(run(command));
    }
    std::future<reply> surplus = run(command);
    const background_io thread{loop_};
    EXPECT_NE(surplus.get().text.find("too many commands wait"), std::string::npos);
    for (std::future<reply>& each : waiting) {
        ASSERT_EQ(each.wait_for(std::chrono::seconds{0}), std::future_status::timeout);
    }
}

TEST_F(Node, LetsSoManyBytesWaitAndNoMore) {
    const std::string half(32UL * 1024 * 1024, 'x');
    std::future<reply> first = run(half);
    std::future<reply> second = run(half);
    std::future<reply> surplus = run("x");
    const background_io thread{loop_};
    EXPECT_NE(surplus.get().text.find("too many commands wait"), std::string::npos);
    EXPECT_EQ(first.wait_for(std::chrono::seconds{0}), std::future_status::timeout);
    EXPECT_EQ(second.wait_for(std::chrono::seconds{0}), std::future_status::timeout);
}

}  // namespace
}  // namespace cloakroom::redis
