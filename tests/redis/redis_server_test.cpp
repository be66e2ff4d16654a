// SPDX-License-Identifier: MIT
#include "redis_server.hpp"

#include "plain_client.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace cloakroom::redis {
namespace {

using namespace std::chrono_literals;

// The error with which a command is refused.
std::string refusal(const redis_server& server, const std::vector<std::string>& command) {
    try {
        return "not refused: " + server.command(command);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

std::string refusal(plain_client& client, const std::vector<std::string>& command) {
    try {
        return "not refused: " + client.command(command);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

std::string output_of(const std::string& command) {
    const std::unique_ptr<std::FILE, decltype(&::pclose)> pipe{::popen(command.c_str(), "r"),
                                                               &::pclose};
    std::string output;
    std::array<char, 1'000> part{};
    while (std::fgets(part.data(), part.size(), pipe.get()) != nullptr) {
        output += part.data();
    }
    return output;
}

template <typename Condition>
bool comes_true(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

TEST(RedisServer, KeepsWhatACommandStored) {
    const redis_server server;
    EXPECT_EQ(server.command({"SET", "a", "one\r\ntwo"}), "OK");
    EXPECT_EQ(server.command({"GET", "a"}), "one\r\ntwo");
    EXPECT_EQ(plain_client{server.port()}.command({"GET", "a"}), "one\r\ntwo");
    EXPECT_EQ(server.command({"GET", "b"}), "(nil)");
    EXPECT_EQ(server.command({"MGET", "a", "b"}), "one\r\ntwo\n(nil)");
    EXPECT_EQ(server.command({"EXISTS", "a"}), "1");
    EXPECT_EQ(refusal(server, {"NONSENSE"}).substr(0, 19), "ERR unknown command");
}

TEST(RedisServer, StandsBesideAnother) {
    const redis_server one;
    const redis_server other;
    one.command({"SET", "a", "1"});
    EXPECT_NE(one.port(), other.port());
    EXPECT_EQ(other.command({"GET", "a"}), "(nil)");
}

TEST(RedisServer, AsksForItsPassword) {
    const redis_server server{{.password = "two \"words\""}};
    plain_client stranger{server.port()};
    EXPECT_EQ(refusal(stranger, {"PING"}), "NOAUTH Authentication required.");
    EXPECT_EQ(stranger.command({"AUTH", "two \"words\""}), "OK");
    EXPECT_EQ(server.command({"PING"}), "PONG");
}

TEST(RedisServer, KnowsOneUserAlone) {
    const redis_server server{{.password = "secret", .user = "app"}};
    EXPECT_EQ(server.command({"ACL", "WHOAMI"}), "app");
    plain_client stranger{server.port()};
    EXPECT_EQ(refusal(stranger, {"AUTH", "secret"}).substr(0, 9), "WRONGPASS");
}

TEST(RedisServer, KeepsItsKeysOverAKillWithAnAppendOnlyFile) {
    redis_server server{{.append_only = true}};
    const std::uint16_t port = server.port();
    server.command({"SET", "a", "kept"});
    server.kill();
    EXPECT_THROW(plain_client{port}, std::system_error);
    server.start();
    EXPECT_EQ(server.port(), port);
    EXPECT_EQ(server.command({"GET", "a"}), "kept");
}

TEST(RedisServer, ForgetsItsKeysWithoutOne) {
    redis_server server;
    server.command({"SET", "a", "lost"});
    server.stop();
    EXPECT_THROW(plain_client{server.port()}, std::system_error);
    server.start();
    EXPECT_EQ(server.command({"GET", "a"}), "(nil)");
}

TEST(RedisServer, AnswersNothingWhilePaused) {
    redis_server server;
    plain_client client{server.port()};
    server.pause();
    client.send(encoded_command({"SET", "a", "late"}));
    EXPECT_FALSE(client.is_readable(50ms));
    server.resume();
    EXPECT_EQ(client.reply(), "OK");
}

TEST(RedisServer, EndsWhilePaused) {
    redis_server server;
    server.pause();
    server.stop();
    server.start();
    server.pause();
}

TEST(RedisServer, ListensOnASocketFileAlone) {
    const redis_server server{{.unix_socket = true}};
    EXPECT_EQ(server.port(), 0);
    EXPECT_EQ(plain_client{std::filesystem::path{server.unix_path()}}.command({"PING"}), "PONG");
}

TEST(RedisServer, ShowsACertificateForItsAddressAndName) {
    const redis_server server{{.tls = true}};
    const std::string client =
        "printf 'PING\\r\\nQUIT\\r\\n' | openssl s_client -quiet -CAfile " + server.ca_file() +
        " -verify_return_error -connect 127.0.0.1:" + std::to_string(server.port()) + " 2>&1 ";
    EXPECT_NE(output_of(client + "-verify_ip 127.0.0.1").find("+PONG"), std::string::npos);
    EXPECT_NE(output_of(client + "-verify_hostname localhost").find("+PONG"), std::string::npos);
    EXPECT_EQ(output_of(client + "-verify_hostname elsewhere").find("+PONG"), std::string::npos);
    EXPECT_EQ(server.command({"PING"}), "PONG");
}

TEST(RedisServer, ReplicatesAndRefusesToWrite) {
    const redis_server master{{.password = "secret", .user = "app"}};
    master.command({"SET", "a", "1"});
    const redis_server replica{{.password = "secret", .user = "app", .replica_of = master.port()}};
    EXPECT_TRUE(comes_true([&] { return replica.command({"GET", "a"}) == "1"; }));
    EXPECT_EQ(refusal(replica, {"SET", "a", "2"}).substr(0, 8), "READONLY");
}

TEST(RedisServer, IsANodeWithoutSlots) {
    const redis_server node{{.cluster = true}};
    EXPECT_EQ(refusal(node, {"GET", "a"}).substr(0, 11), "CLUSTERDOWN");
    EXPECT_NE(node.command({"CLUSTER", "NODES"})
                  .find(":" + std::to_string(node.port()) + "@" +
                        std::to_string(node.cluster_port()) + " myself,master"),
              std::string::npos);
}

TEST(RedisServer, TellsASentinelsMaster) {
    const redis_server master;
    const std::string port = std::to_string(master.port());
    const redis_server sentinel{
        {.sentinel = true, .extra = "sentinel monitor sessions 127.0.0.1 " + port + " 1"}};
    EXPECT_EQ(sentinel.command({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "sessions"}),
              "127.0.0.1\n" + port);
}

TEST(RedisServer, TakesMoreConfiguration) {
    const redis_server server{{.extra = "maxmemory 100kb"}};
    EXPECT_EQ(refusal(server, {"SET", "a", "1"}).substr(0, 3), "OOM");
}

TEST(RedisServer, ShowsItsLogWhenItDoesNotComeUp) {
    try {
        const redis_server server{{.extra = "no-such-setting yes"}};
        FAIL() << "it came up";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string{error.what()}.find("no-such-setting"), std::string::npos);
    }
}

TEST(RedisServer, NeedsNoMoreThanThePackageOfTools) {
    const temporary_directory tools;
    std::filesystem::create_symlink(program_path("redis-check-rdb"),
                                    tools.path() / "redis-check-rdb");
    const std::string search = std::getenv("PATH");
    ::setenv("PATH", tools.path().c_str(), 1);
    const redis_server server;
    ::setenv("PATH", search.c_str(), 1);
    EXPECT_EQ(server.command({"PING"}), "PONG");
}

TEST(RedisServer, DiesWithATestThatCrashes) {
    int channel[2];
    ASSERT_EQ(::pipe(channel), 0);
    const pid_t test = ::fork();
    if (test == 0) {
        const redis_server server;
        const std::string path = server.unix_path();
        const bool is_sent = ::write(channel[1], path.data(), path.size()) > 0;
        ::_exit(is_sent ? 0 : 1);  // no destructor runs
    }
    std::string path(200, '\0');
    const ssize_t count = ::read(channel[0], path.data(), path.size());
    ::waitpid(test, nullptr, 0);
    ::close(channel[0]);
    ::close(channel[1]);
    ASSERT_GT(count, 0);
    const std::filesystem::path socket_file{path.substr(0, static_cast<std::size_t>(count))};
    EXPECT_TRUE(comes_true([&] {
        try {
            plain_client{socket_file};
            return false;
        } catch (const std::system_error&) {
            return true;
        }
    }));
    std::filesystem::remove_all(socket_file.parent_path());
}

TEST(RedisServer, RemovesItsDirectory) {
    std::filesystem::path directory;
    {
        const redis_server server;
        directory = std::filesystem::path{server.unix_path()}.parent_path();
        EXPECT_TRUE(std::filesystem::exists(directory));
    }
    EXPECT_FALSE(std::filesystem::exists(directory));
}

}  // namespace
}  // namespace cloakroom::redis
