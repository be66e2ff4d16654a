// SPDX-License-Identifier: MIT
// Deadlines are totals: a peer that goes on slowly does not extend them.
#include "running_app.hpp"
#include "sample_app.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace cloakroom::net {
namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

// Long enough that what must not end early does not on a loaded machine.
constexpr milliseconds never{60'000};
constexpr milliseconds soon{300};
limits with(milliseconds limits::*which) {
    limits values;
    values.header_time = values.body_time = values.idle_time = values.write_time = never;
    values.*which = soon;
    values.bytes_a_second = 1'000'000'000;
    return values;
}

class Deadline : public ::testing::Test {
protected:
    void limit(milliseconds limits::*which) { sample.app.limit(with(which)); }

    // Sends a byte each 50 ms until there is an answer.
    static std::size_t drip(socket_client& client, std::size_t most) {
        std::size_t count = 0;
        while (count < most && !client.is_readable(milliseconds{50})) {
            if (!client.try_send("x")) {
                break;
            }
            ++count;
        }
        return count;
    }

    static void expect_time_since(clock::time_point began) {
        EXPECT_GE(clock::now() - began, soon - milliseconds{10});
        EXPECT_LT(clock::now() - began, at_last);
    }

    sample_app sample;
};

TEST_F(Deadline, OfTheHeadIs408) {
    limit(&limits::header_time);
    running_app server(sample.app);
    socket_client client = server.connect();
    const clock::time_point began = clock::now();
    client.send("GET / HTTP/1.1\r\nX: ");

    const std::size_t count = drip(client, 400);

    EXPECT_EQ(client.reply().status, 408U);
    EXPECT_TRUE(client.has_ended());
    expect_time_since(began);
    EXPECT_LT(count, 400U);
}

TEST_F(Deadline, OfTheBodyIs408) {
    limit(&limits::body_time);
    running_app server(sample.app);
    socket_client client = server.connect();
    const clock::time_point began = clock::now();
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");

    const std::size_t count = drip(client, 400);

    EXPECT_EQ(client.reply().status, 408U);
    EXPECT_TRUE(client.has_ended());
    expect_time_since(began);
    EXPECT_LT(count, 400U);
}

TEST_F(Deadline, OfABodyBehindAPipelinedRequestIs408) {
    limit(&limits::body_time);
    running_app server(sample.app);
    socket_client client = server.connect();
    client.send(
        "GET /soon/a HTTP/1.1\r\nHost: h\r\n\r\n"
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nbegun");

    EXPECT_EQ(client.reply().body, "a");
    EXPECT_EQ(client.reply().status, 408U);
    EXPECT_TRUE(client.has_ended());
}

TEST_F(Deadline, OfANewConnectionEndsItSilently) {
    limit(&limits::header_time);
    running_app server(sample.app);
    socket_client client = server.connect();

    EXPECT_TRUE(client.has_ended());
}

TEST_F(Deadline, OfAnIdleConnectionEndsItSilently) {
    limit(&limits::idle_time);
    running_app server(sample.app);
    socket_client client = server.connect();
    const clock::time_point began = clock::now();
    EXPECT_EQ(client.get("/").status, 200U);

    EXPECT_TRUE(client.has_ended());
    expect_time_since(began);
}

TEST_F(Deadline, OfAnIdleConnectionBeginsAnewWithEachRequest) {
    limit(&limits::idle_time);
    running_app server(sample.app);
    socket_client client = server.connect();
    const clock::time_point began = clock::now();
    unsigned served = 0;
    while (clock::now() - began < 3 * soon) {
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        ASSERT_TRUE(client.try_reply()) << served;
        ++served;
    }

    EXPECT_TRUE(client.has_ended());
}

TEST_F(Deadline, IsNoneWhileAHandlerRuns) {
    limits values;
    values.header_time = values.body_time = values.idle_time = values.write_time =
        milliseconds{100};
    sample.app.limit(values);
    running_app server(sample.app);
    socket_client client = server.connect();
    socket_client other = server.connect();
    client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(sample.state.gate.has_met(1));
    EXPECT_TRUE(other.has_ended());  // its deadline has come meanwhile
    socket_client another = server.connect();
    EXPECT_TRUE(another.has_ended());

    sample.state.gate.open();

    EXPECT_EQ(client.reply().body, "waited");
}

TEST_F(Deadline, OfAResponseNobodyReadsEndsItsConnection) {
    limits values = with(&limits::write_time);
    values.connections = 1;
    sample.app.limit(values);
    running_app server(sample.app);
    socket_client client(server.port(), 16 * 1024);
    client.send("GET /large/20000000 HTTP/1.1\r\nHost: h\r\n\r\n");
    static_cast<void>(client.receive(1'000));
    const clock::time_point began = clock::now();

    socket_client waits = server.connect();  // is served when the first has gone
    EXPECT_EQ(waits.get("/").status, 200U);

    EXPECT_LT(clock::now() - began, at_last);
    EXPECT_LT(client.read_to_end().size(), 20'000'000U);
}

TEST_F(Deadline, OfAResponseIsNotExtendedByReadingALittle) {
    constexpr std::size_t response_bytes = 100'000'000;
    constexpr std::size_t bytes_a_millisecond = 30'000;  // the server sends on several times
    limits values = with(&limits::write_time);
    values.connections = 1;
    sample.app.limit(values);
    running_app server(sample.app);
    socket_client client(server.port(), 16 * 1024);
    client.send("GET /large/" + std::to_string(response_bytes) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    socket_client waits = server.connect();
    waits.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

    std::size_t received = 0;
    const clock::time_point began = clock::now();
    while (clock::now() - began < at_last && !waits.is_readable(milliseconds{5})) {
        const auto passed = std::chrono::duration_cast<milliseconds>(clock::now() - began);
        while (received < static_cast<std::size_t>(passed.count()) * bytes_a_millisecond) {
            const std::size_t count = client.receive(8'000).size();
            if (count == 0) {
                break;
            }
            received += count;
        }
    }

    EXPECT_EQ(waits.reply().status, 200U);
    EXPECT_LT(received + client.read_to_end().size(), response_bytes);
    EXPECT_LT(clock::now() - began, at_last);
}

TEST_F(Deadline, OfALargeResponseIsLongerByItsBytes) {
    constexpr std::size_t response_bytes = 30'000'000;
    limits values = with(&limits::write_time);
    values.bytes_a_second = response_bytes / 60;
    sample.app.limit(values);
    running_app server(sample.app);
    socket_client client(server.port(), 16 * 1024);
    client.send("GET /large/" + std::to_string(response_bytes) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    server.settle();

    EXPECT_FALSE(server.connect().is_readable(4 * soon));  // time passes

    EXPECT_EQ(client.reply().body.size(), response_bytes);
    EXPECT_EQ(client.get("/").status, 200U);
}

TEST_F(Deadline, OfALargeBodyIsLongerByItsBytes) {
    constexpr std::size_t body_bytes = 600'000;
    limits values = with(&limits::body_time);
    values.bytes_a_second = body_bytes / 60;
    sample.app.limit(values);
    running_app server(sample.app);
    socket_client whole = server.connect();
    socket_client chunked = server.connect();  // may have as many bytes as the limit says
    const std::string half(body_bytes / 2, 'h');
    whole.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body_bytes) +
               "\r\n\r\n" + half);
    chunked.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
    server.settle();

    EXPECT_FALSE(whole.is_readable(4 * soon));
    EXPECT_FALSE(chunked.is_readable(milliseconds{0}));

    whole.send(half);
    chunked.send("1\r\nb\r\n0\r\n\r\n");
    EXPECT_TRUE(whole.reply().body == half + half);
    EXPECT_EQ(chunked.reply().body, "ab");
}

TEST_F(Deadline, OfANewConnectionCountsFromItsArrivalWhateverHeldTheLoop) {
    constexpr milliseconds header_time{2'000};
    limits values;
    values.header_time = header_time;
    sample.app.limit(values);
    running_app server(sample.app);
    socket_client idle = server.connect();
    EXPECT_EQ(idle.get("/").status, 200U);  // so that there is a deadline already
    socket_client holds = server.connect();
    holds.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(sample.state.held.has_met(1));
    socket_client fresh = server.connect();
    EXPECT_FALSE(fresh.is_readable(header_time + milliseconds{500}));

    sample.state.held.open();

    EXPECT_EQ(holds.reply().body, "held");
    server.settle();
    EXPECT_FALSE(fresh.is_readable(milliseconds{400}));  // the loop has looked at its deadlines
    EXPECT_EQ(fresh.get("/").status, 200U);
}

TEST_F(Deadline, OfAConnectionThatLingersEndsIt) {
    limits values;
    values.connections = 1;
    sample.app.limit(values);
    running_app server(sample.app);
    socket_client client = server.connect();
    EXPECT_TRUE(client.get("/", "Connection: close\r\n").has("Connection: close"));
    socket_client waits = server.connect();  // while the first client leaves its side open

    waits.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    while (!waits.is_readable(milliseconds{50})) {
        static_cast<void>(client.try_send("x"));
    }

    EXPECT_EQ(waits.reply().status, 200U);
}

TEST_F(Deadline, MayBeVeryFar) {
    limits values;
    values.header_time = values.body_time = values.idle_time = values.write_time =
        milliseconds::max();
    sample.app.limit(values);
    running_app server(sample.app);
    socket_client client = server.connect();
    EXPECT_EQ(client.get("/").status, 200U);

    EXPECT_FALSE(client.is_readable(milliseconds{400}));  // neither closed nor answered

    EXPECT_EQ(client.get("/").status, 200U);
}

}  // namespace
}  // namespace cloakroom::net
