// SPDX-License-Identifier: MIT
// How serving begins: what is refused with a sentence that says what to do, and what the operator is
// told.
#include "expect_parts.hpp"
#include "running_app.hpp"
#include "sample_app.hpp"
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/setup_error.hpp>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::net {
namespace {

using std::chrono::milliseconds;
using lines = std::vector<std::string>;

std::string error_of(const run_options& options) {
    sample_app sample;
    try {
        sample.app.run(options);
    } catch (const setup_error& error) {
        return error.what();
    }
    return "no error";
}

TEST(Start, RefusesAnAddressOfAnotherMachine) {
    run_options options = running_app::one_loop();
    options.host = "192.0.2.1";  // reserved for documentation: RFC 5737
    expect_parts(error_of(options),
                 {"192.0.2.1:0:", "this machine does not have that address", "127.0.0.1"});
}

TEST(Start, WritesIPv6AddressesInBrackets) {
    run_options options = running_app::one_loop();
    options.host = "2001:db8::1";  // reserved for documentation: RFC 3849
    options.port = 8080;
    expect_parts(error_of(options), {"[2001:db8::1]:8080:", "does not have that address"});
}

// What an IPv6 client of this machine gets.
std::string answer_over_ipv6(std::uint16_t port) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    address.sin6_addr = in6addr_loopback;
    const int socket = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::string answer;
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        const std::string_view asked = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        ::send(socket, asked.data(), asked.size(), MSG_NOSIGNAL);
        std::array<char, 1024> bytes{};
        for (ssize_t count = 0; (count = ::recv(socket, bytes.data(), bytes.size(), 0)) > 0;) {
            answer.append(bytes.data(), static_cast<std::size_t>(count));
        }
    }
    ::close(socket);
    return answer;
}

TEST(Start, ServesIPv6) {
    lines logged;
    app under_test;
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    under_test.sessions(memory_sessions());
    under_test.get("/", [](const request& req) { return std::string{req.remote_address()}; });
    run_options options = running_app::one_loop();
    options.host = "::1";
    try {
        const running_app server(under_test, options);
        EXPECT_TRUE(answer_over_ipv6(server.port()).ends_with("\r\n\r\n::1"));
    } catch (const setup_error& error) {
        expect_parts(error.what(), {"[::1]:0: this machine does not have that address"});
        GTEST_SKIP() << "this machine has no IPv6";
    }
    ASSERT_FALSE(logged.empty());  // that address is this machine's own
    expect_parts(logged.front(), {"development: session cookies work without HTTPS"});
}

TEST(Start, RefusesANegativeDrainTime) {
    run_options options = running_app::one_loop();
    options.drain_time = milliseconds{-1};
    expect_parts(error_of(options), {"drain_time", "must not be negative"});
    boost::asio::io_context loop;
    sample_app sample;
    EXPECT_THROW(static_cast<void>(sample.app.serve(loop, options)), setup_error);
    EXPECT_EQ(loop.run(), 0U);  // nothing was left in it
}

TEST(Start, TakesADrainTimeWithoutEnd) {
    sample_app sample;
    run_options options = running_app::one_loop();
    options.drain_time = milliseconds::max();
    running_app server(sample.app, options);
    socket_client client = server.connect();
    client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(sample.state.gate.has_met(1));
    server.stop();

    EXPECT_FALSE(client.is_readable(milliseconds{400}));  // neither answered nor closed
    sample.state.gate.open();

    EXPECT_EQ(client.reply().body, "waited");
    client.close();
    EXPECT_TRUE(server.has_returned(at_last));
}

TEST(Start, TakesADrainTimeOfNothing) {
    sample_app sample;
    run_options options = running_app::one_loop();
    options.drain_time = milliseconds{0};
    running_app server(sample.app, options);
    socket_client client = server.connect();
    client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(sample.state.gate.has_met(1));

    server.stop();

    EXPECT_TRUE(client.has_ended());
    EXPECT_TRUE(server.has_returned(at_last));
}

// What is logged by starting an app with these options, on a loop of its own or on another's.
lines logged_by_start(const run_options& options, bool has_sessions, bool is_embedded) {
    lines logged;
    app under_test;
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    if (has_sessions) {
        under_test.sessions(memory_sessions());
    }
    under_test.get("/", [] { return "x"; });
    if (is_embedded) {
        boost::asio::io_context loop;
        static_cast<void>(under_test.serve(loop, options));
        under_test.stop();
        loop.run();
    } else {
        under_test.stop();
        EXPECT_EQ(under_test.run(options), 0);
    }
    return logged;
}

TEST(Start, TellsTheLogOfDevelopmentHoweverItIsServed) {
    run_options options = running_app::one_loop();
    for (const bool has_callback : {false, true}) {
        bool was_called = false;
        if (has_callback) {
            options.on_listening = [&](std::uint16_t) { was_called = true; };
        }
        for (const bool is_embedded : {false, true}) {
            was_called = false;
            const lines logged = logged_by_start(options, true, is_embedded);
            ASSERT_EQ(logged.size(), 1U) << has_callback << is_embedded;
            expect_parts(logged[0], {"development: ", "--deployment production"});
            EXPECT_EQ(was_called, has_callback);
        }
    }
}

TEST(Start, TellsTheLogNothingWhereThereIsNothingToTell) {
    run_options options = running_app::one_loop();
    options.on_listening = [](std::uint16_t) {};
    for (const bool is_embedded : {false, true}) {
        EXPECT_EQ(logged_by_start(options, false, is_embedded), lines{});  // without sessions
    }
    options.deployment = deployment::production;
    EXPECT_EQ(logged_by_start(options, true, true), lines{});
    options.deployment = deployment::automatic;
    options.host = "0.0.0.0";
    EXPECT_EQ(logged_by_start(options, true, false), lines{});
    options.deployment = deployment::development;
    EXPECT_EQ(logged_by_start(options, true, false).size(), 1U);
}

}  // namespace
}  // namespace cloakroom::net
