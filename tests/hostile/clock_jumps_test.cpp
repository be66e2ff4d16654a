// SPDX-License-Identifier: MIT
// The system's clock jumps by hours and years while a server runs: connections and timers do not
// notice, sessions expire as their wall clock says, and Date follows. An executable that takes the
// place of the system's wall clock.
#include "net/running_app.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>

namespace {

constinit std::atomic<std::int64_t> jumped_seconds = 0;

}  // namespace

// In front of the C library's.
extern "C" {
int clock_gettime(clockid_t clock, timespec* into) noexcept {
    const long result = ::syscall(SYS_clock_gettime, clock, into);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        into->tv_sec += jumped_seconds;
    }
    return static_cast<int>(result);
}
time_t time(time_t* into) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return into != nullptr ? *into = now.tv_sec : now.tv_sec;
}
}

namespace cloakroom::hostile {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds year = std::chrono::hours{24 * 365};

class ClockJumps : public ::testing::TestWithParam<bool> {
protected:
    ClockJumps() {
        served.log([](std::string_view) {});
        const std::shared_ptr<session_store> in_memory = memory_sessions();
        served.sessions(GetParam() ? in_memory
                                   : std::shared_ptr<session_store>{
                                         signed_cookie_sessions({.secret = "your secret key"})});
        served.get("/visits", [](session& visitor) {
            const int count = visitor.value("count", 0) + 1;
            visitor.set("count", count);
            return std::to_string(count);
        });
        served.get("/", [] { return "plain"; });
        served.get("/soon", []() -> task<std::string> {
            boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 300ms);
            co_await timer.async_wait(boost::asio::use_awaitable);
            co_return "soon";
        });
    }
    ~ClockJumps() override { jumped_seconds = 0; }

    static void jump(std::chrono::seconds by) { jumped_seconds += by.count(); }

    std::string visit(net::socket_client& by) {
        const net::socket_reply got =
            by.get("/visits", cookie.empty() ? "" : "Cookie: " + cookie + "\r\n");
        const std::size_t begin = got.head.find("session=");
        if (begin != std::string::npos) {
            cookie = got.head.substr(begin, got.head.find(';', begin) - begin);
        }
        return got.body;
    }

    std::string cookie;
    app served;
};

INSTANTIATE_TEST_SUITE_P(All, ClockJumps, ::testing::Bool(),
                         [](const auto& each) { return each.param ? "Memory" : "Signed"; });

TEST_P(ClockJumps, EndNoConnectionAndNoTimer) {
    const net::running_app server(served);
    for (const std::chrono::seconds by : {year, -2 * year, year + 3600s, -3600s}) {
        net::socket_client idle = server.connect();
        net::socket_client halfway = server.connect();
        net::socket_client waits = server.connect();
        EXPECT_EQ(idle.get("/").body, "plain");
        halfway.send("GET / HTTP/1.1\r\nHo");
        waits.send("GET /soon HTTP/1.1\r\nHost: h\r\n\r\n");
        server.settle();

        jump(by);

        EXPECT_EQ(waits.reply().body, "soon");  // and so some ticks have gone by
        EXPECT_EQ(idle.get("/").body, "plain");
        halfway.send("st: h\r\n\r\n");
        EXPECT_EQ(halfway.reply().body, "plain");
    }
}

TEST_P(ClockJumps, EndSessionsWhoseTimeIsOverByTheNewClockAlone) {
    const net::running_app server(served);
    net::socket_client client = server.connect();
    EXPECT_EQ(visit(client), "1");
    jump(1h);
    EXPECT_EQ(visit(client), "2");
    jump(-5h);
    EXPECT_EQ(visit(client), "3");
    jump(-year);
    EXPECT_EQ(visit(client), "4");
    jump(1h);
    EXPECT_EQ(visit(client), "5");
    jump(year);  // longer than idle_time since the last visit, by the clock of then and of now
    EXPECT_EQ(visit(client), "1");
    jump(-year);
    EXPECT_EQ(visit(client), "2");
}

TEST_P(ClockJumps, AreSeenInDate) {
    const net::running_app server(served);
    net::socket_client client = server.connect();
    const auto shown_year = [&] {
        EXPECT_EQ(client.get("/soon").body, "soon");  // the date is looked at each tick
        const std::string head = client.get("/").head;
        return std::stoi(head.substr(head.find("\r\nDate: ") + 8 + 12, 4));
    };
    const int before = shown_year();
    jump(10 * year);
    EXPECT_GE(shown_year(), before + 9);
    jump(-20 * year);
    EXPECT_LE(shown_year(), before - 9);
}

}  // namespace
}  // namespace cloakroom::hostile
