// SPDX-License-Identifier: MIT
// Many connections, on several event loops, that change one session at the same time.
#include "running_app.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/memory_sessions.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cloakroom::net {
namespace {

constexpr unsigned clients = 8;
constexpr unsigned requests_each = 50;

std::string add_one(session& visitor, std::string_view key) {
    const unsigned count = visitor.value(key, 0U) + 1;
    visitor.set(key, count);
    return std::to_string(count);
}

// An app on four event loops, and the cookie of a session in it.
class SessionConcurrency : public ::testing::Test {
protected:
    void SetUp() override {
        socket_client first = server_.connect();
        const socket_reply reply = first.get("/start");
        const std::size_t at = reply.head.find("session=");
        ASSERT_NE(at, std::string::npos);
        cookie = "Cookie: " + reply.head.substr(at, reply.head.find(';', at) - at) + "\r\n";
    }

    /// Sends `line` (method and target) many times on each of many connections with that session.
    ///
    /// @param line  For the client of that number.
    /// @return How often each client got 200; what it got else was 409.
    std::array<unsigned, clients> send_at_once(const std::function<std::string(unsigned)>& line) {
        std::array<unsigned, clients> successes{};
        std::vector<std::thread> threads;
        for (unsigned number = 0; number < clients; ++number) {
            threads.emplace_back([this, number, &line, &success = successes[number]] {
                socket_client client = server_.connect();
                const std::string request = line(number) +
                                            " HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n" +
                                            cookie + "\r\n";
                for (unsigned each = 0; each < requests_each; ++each) {
                    client.send(request);
                    const unsigned status = client.reply().status;
                    EXPECT_TRUE(status == 200 || status == 409) << status;
                    success += status == 200 ? 1U : 0U;
                }
            });
        }
        for (std::thread& each : threads) {
            each.join();
        }
        return successes;
    }

    unsigned stored(const std::string& key) {
        return static_cast<unsigned>(
            std::stoul(server_.connect().get("/stored/" + key, cookie).body));
    }

    /// Where nobody loses an update, it is stored as often as it was promised.
    void expect_no_lost_update(const std::string& line) {
        unsigned promised = 0;
        for (const unsigned each : send_at_once([&](unsigned) { return line; })) {
            promised += each;
        }
        EXPECT_EQ(stored("count"), promised);
        EXPECT_GE(promised, requests_each);  // one of those that meet always gets through
    }

    std::string cookie;

private:
    struct sample : app {
        sample() {
            sessions(memory_sessions());
            get("/start", [](session& visitor) {
                visitor.set("started", true);
                return "started";
            });
            get("/stored/{key}", [](const session& visitor, std::string_view key) {
                return std::to_string(visitor.value(key, 0U));
            });
            any("/add/{key}",
                [](session& visitor, std::string_view key) { return add_one(visitor, key); });
            any("/later/{key}", [](session& visitor, std::string_view key) -> task<std::string> {
                const unsigned count = visitor.value(key, 0U) + 1;
                const auto here = co_await boost::asio::this_coro::executor;
                co_await boost::asio::post(here, boost::asio::use_awaitable);
                visitor.set(key, count);
                co_return std::to_string(count);
            });
            any("/worker/{key}", blocking([](session& visitor, std::string_view key) {
                    return add_one(visitor, key);
                }));
            post("/again/{key}", [](session& visitor, std::string_view key) {
                return add_one(visitor, key);
            }).rerun_on_conflict();
            any("/end", [](session& visitor) {
                visitor.end();
                return "ended";
            });
        }
    };

    static run_options four_loops() {
        run_options options = running_app::one_loop();
        options.threads = 4;
        return options;
    }

    sample served_;
    running_app server_{served_, four_loops()};
};

TEST_F(SessionConcurrency, LosesNoUpdateThatRunsAgain) {
    expect_no_lost_update("GET /add/count");
}

TEST_F(SessionConcurrency, LosesNoUpdateThatMayNotRunAgain) {
    expect_no_lost_update("POST /add/count");
}

TEST_F(SessionConcurrency, LosesNoUpdateOfARouteThatMayRunAgain) {
    expect_no_lost_update("POST /again/count");
}

TEST_F(SessionConcurrency, LosesNoUpdateOfCoroutines) {
    expect_no_lost_update("GET /later/count");
}

TEST_F(SessionConcurrency, LosesNoUpdateOfWorkers) {
    expect_no_lost_update("GET /worker/count");
}

TEST_F(SessionConcurrency, LosesNoUpdateOfOtherKeys) {
    const auto key_of = [](unsigned client) { return "key" + std::to_string(client % 4); };

    const std::array<unsigned, clients> promised =
        send_at_once([&](unsigned client) { return "POST /add/" + key_of(client); });

    for (unsigned key = 0; key < 4; ++key) {
        EXPECT_EQ(stored(key_of(key)), promised[key] + promised[key + 4]) << key;
    }
}

TEST_F(SessionConcurrency, NeverBringsBackASessionThatEnded) {
    static_cast<void>(send_at_once(
        [](unsigned client) { return std::string{client == 0 ? "GET /end" : "GET /add/count"}; }));

    EXPECT_EQ(stored("count"), 0U);
    EXPECT_EQ(stored("started"), 0U);
}

}  // namespace
}  // namespace cloakroom::net
