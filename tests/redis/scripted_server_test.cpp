// SPDX-License-Identifier: MIT
#include "scripted_server.hpp"

#include "plain_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace cloakroom::redis {
namespace {

using namespace std::chrono_literals;
using words = scripted_server::words;

std::string echo(const words& command) {
    return "+" + command.back() + "\r\n";
}

TEST(ScriptedServer, AnswersWhatTheScriptSays) {
    const scripted_server server{[](const words& command) {
        return command == words{"GET", "a\r\nb"} ? "$3\r\none\r\n" : "-LOADING not yet\r\n";
    }};
    plain_client client{server.port()};
    EXPECT_EQ(client.command({"GET", "a\r\nb"}), "one");
    EXPECT_THROW(client.command({"GET", ""}), std::runtime_error);
}

TEST(ScriptedServer, RecordsTheCommandsOfAllConnections) {
    const scripted_server server{echo};
    plain_client one{server.port()};
    plain_client other{server.port()};
    one.command({"SET", "a", ""});
    other.command({"PING"});
    EXPECT_EQ(server.commands(), (std::vector<words>{{"SET", "a", ""}, {"PING"}}));
    EXPECT_EQ(server.connections(), 2U);
}

TEST(ScriptedServer, ReadsCommandsThatComeByPiecesAndTogether) {
    const scripted_server server{echo};
    plain_client client{server.port()};
    const std::string bytes = encoded_command({"a", "12345"}) + encoded_command({"b"});
    client.send(bytes.substr(0, 14));
    EXPECT_FALSE(client.is_readable(20ms));
    client.send(bytes.substr(14));
    EXPECT_EQ(client.reply(), "12345");
    EXPECT_EQ(client.reply(), "b");
}

TEST(ScriptedServer, HangsUpInsteadOfAnAnswer) {
    const scripted_server server{[](const words&) { return std::string{hang_up}; }};
    plain_client client{server.port()};
    client.send(encoded_command({"GET", "a"}));
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_EQ(server.commands().size(), 1U);
}

TEST(ScriptedServer, HangsUpWithinAnAnswer) {
    const scripted_server server{[](const words&) { return "$10\r\nhalf" + std::string{hang_up}; }};
    plain_client client{server.port()};
    client.send(encoded_command({"GET", "a"}));
    EXPECT_EQ(client.read_to_end(), "$10\r\nhalf");
}

TEST(ScriptedServer, KeepsSilenceWhenTheScriptDoes) {
    const scripted_server server{
        [](const words& command) { return command.size() == 1 ? "+OK\r\n" : ""; }};
    plain_client client{server.port()};
    client.send(encoded_command({"GET", "a"}));
    EXPECT_EQ(client.command({"PING"}), "OK");
}

TEST(ScriptedServer, HangsUpOnWhatIsNoCommand) {
    const scripted_server server{echo};
    for (const char* const bytes : {"PING\r\n", "*1\r\n+PING\r\n", "*x\r\n", "*-1\r\n"}) {
        plain_client client{server.port()};
        client.send(bytes);
        EXPECT_EQ(client.read_to_end(), "") << bytes;
    }
    EXPECT_TRUE(server.commands().empty());
}

TEST(ScriptedServer, HangsUpWhenTheScriptThrows) {
    const scripted_server server{[](const words&) -> std::string { throw std::logic_error("no"); }};
    plain_client client{server.port()};
    client.send(encoded_command({"PING"}));
    EXPECT_EQ(client.read_to_end(), "");
}

}  // namespace
}  // namespace cloakroom::redis
