// SPDX-License-Identifier: MIT
#include "faulty_proxy.hpp"

#include "child_process.hpp"
#include "plain_client.hpp"
#include "scripted_server.hpp"
#include "temporary_directory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace cloakroom::redis {
namespace {

using namespace std::chrono_literals;
using words = scripted_server::words;
using std::chrono::steady_clock;

// A server that answers with the last word of each command, behind a proxy.
class FaultyProxy : public ::testing::Test {
protected:
    // A connection that has passed a command.
    std::unique_ptr<plain_client> connected_client() {
        auto client = std::make_unique<plain_client>(proxy_.port());
        EXPECT_EQ(client->command({"PING"}), "PING");
        return client;
    }

    // How often the server has been given this command.
    [[nodiscard]] std::ptrdiff_t executed(const std::string& command) const {
        const std::vector<words> all = server_.commands();
        return std::count(all.begin(), all.end(), words{command});
    }

    scripted_server server_{[](const words& command) { return "+" + command.back() + "\r\n"; }};
    faulty_proxy proxy_{server_.port()};
};

bool is_cut(plain_client& client) {
    return client.read_to_end().empty() && client.was_reset();
}

TEST_F(FaultyProxy, PassesAtFirst) {
    const auto one = connected_client();
    const auto other = connected_client();
    EXPECT_EQ(one->command({"GET", std::string(200'000, 'x')}), std::string(200'000, 'x'));
    EXPECT_EQ(proxy_.connections(), 2U);
    EXPECT_EQ(server_.connections(), 2U);
}

TEST_F(FaultyProxy, PassesTheServersEndOn) {
    const scripted_server ending{[](const words&) { return "+OK\r\n" + std::string{hang_up}; }};
    const faulty_proxy proxy{ending.port()};
    plain_client client{proxy.port()};
    client.send(encoded_command({"PING"}));
    EXPECT_EQ(client.read_to_end(), "+OK\r\n");
    EXPECT_FALSE(client.was_reset());
}

TEST_F(FaultyProxy, ResetsWhoComesWhileThereIsNoServer) {
    std::optional<scripted_server> server{[](const words&) { return "+OK\r\n"; }};
    const faulty_proxy proxy{server->port()};
    server.reset();
    plain_client client{proxy.port()};
    EXPECT_TRUE(is_cut(client));
}

TEST_F(FaultyProxy, CutsOldConnectionsAndNewOnes) {
    const auto old = connected_client();
    proxy_.cut();
    EXPECT_TRUE(is_cut(*old));
    plain_client fresh{proxy_.port()};
    EXPECT_TRUE(is_cut(fresh));
    EXPECT_EQ(proxy_.connections(), 2U);

    proxy_.pass();
    connected_client();
}

TEST_F(FaultyProxy, RefusesNewConnectionsAlone) {
    const auto old = connected_client();
    proxy_.refuse();
    EXPECT_THROW(plain_client{proxy_.port()}, std::system_error);
    EXPECT_EQ(old->command({"GET", "a"}), "a");

    proxy_.pass();
    connected_client();
}

TEST_F(FaultyProxy, RefusesWhileAProcessRunsThatStartedAfterIt) {
    const temporary_directory directory;
    const child_process process{"/bin/sleep", {"sleep", "60"}, directory.path() / "log"};
    proxy_.refuse();
    EXPECT_THROW(plain_client{proxy_.port()}, std::system_error);
}

TEST_F(FaultyProxy, RefusesAfterItHasCut) {
    const auto old = connected_client();
    proxy_.cut();
    proxy_.refuse();
    EXPECT_TRUE(is_cut(*old));
    EXPECT_THROW(plain_client{proxy_.port()}, std::system_error);
}

TEST_F(FaultyProxy, SwallowsAllAsABlackHole) {
    const auto old = connected_client();
    proxy_.black_hole();
    plain_client fresh{proxy_.port()};
    old->send(encoded_command({"OLD"}));
    fresh.send(encoded_command({"NEW"}));
    EXPECT_FALSE(old->is_readable(20ms));
    EXPECT_FALSE(fresh.is_readable(20ms));

    proxy_.pass();
    EXPECT_TRUE(is_cut(*old));
    EXPECT_TRUE(is_cut(fresh));
    connected_client();
    EXPECT_EQ(executed("OLD") + executed("NEW"), 0);
}

TEST_F(FaultyProxy, LosesTheAnswerToACommandThatWasExecuted) {
    const auto client = connected_client();
    const auto other = connected_client();
    proxy_.lose_answers_after(1);
    client->send(encoded_command({"LOST"}));
    EXPECT_EQ(client->read_to_end(), "");
    EXPECT_EQ(other->read_to_end(), "");
    EXPECT_EQ(executed("LOST"), 1);
    connected_client();
}

TEST_F(FaultyProxy, PassesTheAnswersBeforeTheLostOne) {
    const auto client = connected_client();
    proxy_.lose_answers_after(2);
    EXPECT_EQ(client->command({"FIRST"}), "FIRST");
    client->send(encoded_command({"SECOND"}));
    EXPECT_EQ(client->read_to_end(), "");
    EXPECT_EQ(executed("SECOND"), 1);
}

TEST_F(FaultyProxy, LosesTheAnswersToCommandsOnSeveralConnections) {
    const auto one = connected_client();
    const auto other = connected_client();
    proxy_.lose_answers_after(2);
    EXPECT_EQ(one->command({"ONE"}), "ONE");
    other->send(encoded_command({"OTHER"}));
    EXPECT_EQ(other->read_to_end(), "");
    EXPECT_EQ(executed("OTHER"), 1);
}

TEST_F(FaultyProxy, WaitsForNoAnswerToAClientThatHasGone) {
    const scripted_server silent{[](const words&) { return std::string{}; }};
    faulty_proxy proxy{silent.port()};
    proxy.lose_answers_after(1);
    {
        plain_client impatient{proxy.port()};
        impatient.send(encoded_command({"GET", "a"}));
        while (silent.commands().empty()) {
            std::this_thread::yield();
        }
    }
    plain_client client{proxy.port()};
    do {
        client.send(encoded_command({"GET", "b"}));
    } while (!client.is_readable(1ms));
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_EQ(silent.commands().size(), 1U);
}

TEST_F(FaultyProxy, LosesACommandItself) {
    const auto client = connected_client();
    proxy_.lose_answers_after(0);
    client->send(encoded_command({"LOST"}));
    EXPECT_EQ(client->read_to_end(), "");
    connected_client();
    EXPECT_EQ(executed("LOST"), 0);
}

TEST_F(FaultyProxy, TruncatesAnAnswer) {
    const auto client = connected_client();
    proxy_.truncate_answers(3);
    client->send(encoded_command({"GET", "abcdef"}));
    EXPECT_EQ(client->read_to_end(), "+ab");
    EXPECT_FALSE(client->was_reset());
    connected_client();
}

TEST_F(FaultyProxy, TruncatesLaterAnswers) {
    const auto client = connected_client();
    proxy_.truncate_answers(6);
    EXPECT_EQ(client->command({"GET", "a"}), "a");
    client->send(encoded_command({"GET", "b"}));
    EXPECT_EQ(client->read_to_end(), "+b");
}

TEST_F(FaultyProxy, EndsInsteadOfAnAnswer) {
    const auto client = connected_client();
    proxy_.truncate_answers(0);
    client->send(encoded_command({"GET", "a"}));
    EXPECT_EQ(client->read_to_end(), "");
}

TEST_F(FaultyProxy, GarblesOneAnswer) {
    const auto client = connected_client();
    proxy_.garble_answers("!what?\r\n");
    EXPECT_THROW(client->command({"GET", "a"}), std::runtime_error);
    EXPECT_EQ(client->command({"GET", "b"}), "b");
}

TEST_F(FaultyProxy, ForgetsFaultsThatHaveNotStruckWhenItPasses) {
    const auto client = connected_client();
    proxy_.truncate_answers(0);
    proxy_.pass();
    EXPECT_EQ(client->command({"GET", "a"}), "a");
}

TEST_F(FaultyProxy, DelaysBothDirections) {
    const auto client = connected_client();
    proxy_.set_delay(30ms, 0ms);
    auto begin = steady_clock::now();
    EXPECT_EQ(client->command({"GET", "a"}), "a");
    EXPECT_GE(steady_clock::now() - begin, 30ms);

    proxy_.set_delay(0ms, 30ms);
    begin = steady_clock::now();
    EXPECT_EQ(client->command({"GET", "a"}), "a");
    EXPECT_GE(steady_clock::now() - begin, 30ms);
}

TEST_F(FaultyProxy, LosesADelayedAnswerButNoDelayedCommand) {
    const auto client = connected_client();
    proxy_.set_delay(20ms, 20ms);
    proxy_.lose_answers_after(1);
    client->send(encoded_command({"LOST"}));
    EXPECT_EQ(client->read_to_end(), "");
    EXPECT_EQ(executed("LOST"), 1);
}

TEST_F(FaultyProxy, EndsWithConnectionsInEveryState) {
    const auto idle = connected_client();
    const auto waiting = connected_client();
    proxy_.set_delay(10s, 10s);
    waiting->send(encoded_command({"GET", "a"}));
    proxy_.black_hole();
    const plain_client held{proxy_.port()};
}

TEST_F(FaultyProxy, TakesSwitchesFromManyThreads) {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([this, thread] {
            for (int round = 0; round < 20; ++round) {
                try {
                    plain_client client{proxy_.port()};
                    client.send(encoded_command({"PING"}));
                    thread % 2 == 0 ? proxy_.cut() : proxy_.black_hole();
                    proxy_.lose_answers_after(1);
                    proxy_.refuse();
                    proxy_.pass();
                } catch (const std::system_error&) {  // refused or cut
                }
            }
        });
    }
    threads.clear();
    proxy_.pass();
    connected_client();
}

}  // namespace
}  // namespace cloakroom::redis
