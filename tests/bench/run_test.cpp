// SPDX-License-Identifier: MIT
// Whole loads against real sockets: what is counted, and as what.
#include "load/run.hpp"

#include "bench/scripted_site.hpp"
#include "load/report.hpp"
#include "net/running_app.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/session.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace cloakroom::load {
namespace {

using namespace std::chrono_literals;

plan plan_for(std::uint16_t port) {
    plan wanted;
    wanted.where = parse_url("http://127.0.0.1:" + std::to_string(port) + "/");
    wanted.connections = 4;
    wanted.warm_up = 0s;
    wanted.time = 250ms;
    return wanted;
}

bool is_all_well(const results& found) {
    return found.counts.answers() > 0 && found.counts.failures() == 0 &&
           found.counts.unanswered() == 0;
}

TEST(Run, CountsEachRequestOnceInAClosedLoop) {
    std::atomic<std::uint64_t> served = 0;
    scripted_site site([&](const request_seen&) {
        ++served;
        return ok();
    });
    const results found = run(plan_for(site.port()), false);

    EXPECT_TRUE(is_all_well(found));
    EXPECT_EQ(found.counts.answers(), served);
    EXPECT_EQ(exit_status(found), 0);
    EXPECT_NEAR(found.seconds, 0.25, 1e-6);
}

TEST(Run, DividesConnectionsAmongThreadsAndPipelines) {
    std::atomic<std::uint64_t> served = 0;
    std::atomic<std::size_t> last_connection = 0;
    scripted_site site([&](const request_seen& request) {
        ++served;
        last_connection = std::max(last_connection.load(), request.connection);
        return ok();
    });
    plan wanted = plan_for(site.port());
    wanted.connections = 5;
    wanted.threads = 3;
    wanted.pipeline = 4;
    const results found = run(wanted, false);

    EXPECT_TRUE(is_all_well(found));
    EXPECT_EQ(found.counts.answers(), served);
    EXPECT_EQ(served % 4, 0U);       // only whole batches
    EXPECT_EQ(last_connection, 5U);  // and the one that tried whether there is a server
}

TEST(Run, ReadsChunkedAndLargeAnswers) {
    const std::string large(200'000, 'x');
    scripted_site site([&](const request_seen& request) {
        if (request.number % 2 == 0) {
            return reply{
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"};
        }
        return reply{"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + large};
    });

    EXPECT_TRUE(is_all_well(run(plan_for(site.port()), false)));
}

// Of two connections one is stalled, until the other has sent its tenth request: some 90 ms.
results run_with_a_stall(std::optional<double> rate) {
    scripted_site site([](const request_seen& request) {
        reply answer = ok();
        answer.is_held = request.connection == 1 && request.number == 0;
        answer.releases = request.connection == 2 && request.number == 9;
        return answer;
    });
    plan wanted = plan_for(site.port());
    wanted.connections = 2;
    wanted.time = 200ms;
    wanted.rate = rate;
    return run(wanted, false);
}

std::uint64_t count_above(const histogram& times, std::chrono::nanoseconds limit) {
    std::uint64_t sum = 0;
    for (const histogram::bucket& each : times.buckets()) {
        sum += each.upper > limit ? each.count : 0;
    }
    return sum;
}

TEST(Run, LetsWaitingCountInAnOpenLoop) {
    const results found = run_with_a_stall(200);  // every 10 ms on each of the two

    EXPECT_TRUE(is_all_well(found));
    EXPECT_EQ(found.counts.answers(), 40U);
    // Those intended for 0, 10, ... 50 ms on the stalled connection: 5 more than were sent.
    EXPECT_GE(count_above(found.counts.latency(), 40ms), 6U);
    EXPECT_GE(found.counts.latency().max(), 90ms);
}

TEST(Run, SendsAtTheRateThatIsAskedFor) {
    scripted_site site([](const request_seen&) { return ok(); });
    for (const bool spins : {false, true}) {
        plan wanted = plan_for(site.port());
        wanted.connections = 7;
        wanted.threads = 2;
        wanted.time = 100ms;
        wanted.rate = 1000;
        wanted.spins = spins;
        const results found = run(wanted, false);

        EXPECT_TRUE(is_all_well(found));
        EXPECT_EQ(found.counts.answers(), 100U) << spins;
        EXPECT_LE(found.counts.lateness().count(), 100U);
    }
}

TEST(Run, LeavesUnansweredWhatASlowServerDoesNotTake) {
    scripted_site site(
        [](const request_seen& request) { return request.number == 0 ? ok() : reply{}; });
    plan wanted = plan_for(site.port());
    wanted.connections = 1;
    wanted.rate = 1000;
    wanted.time = 50ms;
    wanted.timeout = 60ms;
    const results found = run(wanted, false);

    EXPECT_EQ(found.counts.answers() + found.counts.failures() + found.counts.unanswered(), 50U);
    EXPECT_GT(found.counts.unanswered(), 0U);
    EXPECT_EQ(exit_status(found), 1);
}

struct visits {
    std::atomic<std::uint64_t> all = 0;
    std::atomic<std::uint64_t> first = 0;
};

// Loads an app that counts the visits of each visitor.
std::shared_ptr<visits> visits_of(bool keeps_cookies) {
    const auto counted = std::make_shared<visits>();
    app counter;
    counter.sessions(memory_sessions());
    counter.provide(counted);
    counter.get("/", [](session& visitor, service<visits> of_all) {
        const int count = visitor.value("count", 0) + 1;
        visitor.set("count", count);
        ++of_all->all;
        of_all->first += count == 1 ? 1 : 0;
        return "You have visited " + std::to_string(count) + " times.";
    });
    const net::running_app running(counter);
    plan wanted = plan_for(running.port());
    wanted.connections = 3;
    wanted.keeps_cookies = keeps_cookies;
    EXPECT_TRUE(is_all_well(run(wanted, false)));
    return counted;
}

TEST(Run, KeepsACookieJarPerConnection) {
    const auto counted = visits_of(true);

    EXPECT_EQ(counted->first, 3U);
    EXPECT_GT(counted->all, 6U);
}

TEST(Run, IsANewVisitorEachTimeWithoutCookies) {
    const auto counted = visits_of(false);

    EXPECT_EQ(counted->first, counted->all);
}

TEST(Run, CountsWhatATimeoutEnds) {
    scripted_site site([](const request_seen&) { return reply{}; });
    plan wanted = plan_for(site.port());
    wanted.connections = 1;
    wanted.pipeline = 3;
    wanted.timeout = 20ms;
    wanted.time = 50ms;
    const results found = run(wanted, false);

    EXPECT_EQ(found.counts.answers(), 0U);
    EXPECT_GE(found.counts.failures(failure::timeout), 3U);
    EXPECT_EQ(found.counts.failures(failure::timeout) % 3, 0U);
    EXPECT_EQ(found.counts.failures(), found.counts.failures(failure::timeout));
    EXPECT_EQ(exit_status(found), 2);
    EXPECT_NE(complaint(wanted, found).find("--timeout"), std::string::npos);
}

TEST(Run, OpensAgainWhatTheServerCloses) {
    std::atomic<std::uint64_t> served = 0;
    scripted_site site([&](const request_seen&) {
        ++served;
        return reply{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", true};
    });
    const results found = run(plan_for(site.port()), false);

    EXPECT_TRUE(is_all_well(found));
    EXPECT_EQ(found.counts.answers(), served);
    EXPECT_GT(found.counts.reopened(), 0U);
    EXPECT_GE(found.counts.answers(), found.counts.reopened());
}

TEST(Run, CountsConnectionsThatEndWithoutAnAnswer) {
    scripted_site site([](const request_seen& request) {
        reply answer = request.connection % 2 == 0 ? ok() : reply{"HTTP/1.1 200 OK\r\nConte"};
        answer.ends = true;
        return answer;
    });
    plan wanted = plan_for(site.port());
    wanted.timeout = 100ms;  // a tenth of it is waited after a failure
    const results found = run(wanted, false);

    EXPECT_GT(found.counts.answers(), 0U);
    EXPECT_GT(found.counts.failures(failure::closed), 0U);
    EXPECT_EQ(found.counts.failures(), found.counts.failures(failure::closed));
    EXPECT_EQ(exit_status(found), 1);
}

TEST(Run, CountsGarbage) {
    scripted_site site([](const request_seen&) { return reply{"garbage\r\n\r\n"}; });
    const plan wanted = plan_for(site.port());
    const results found = run(wanted, false);

    EXPECT_GT(found.counts.failures(failure::framing), 0U);
    EXPECT_EQ(found.counts.failures(), found.counts.failures(failure::framing));
    EXPECT_EQ(exit_status(found), 2);
    EXPECT_NE(complaint(wanted, found).find("HTTP"), std::string::npos);
}

TEST(Run, CountsAnswersThatNobodyAskedFor) {
    scripted_site site([](const request_seen&) { return reply{ok().bytes + ok().bytes}; });
    plan wanted = plan_for(site.port());
    const results found = run(wanted, false);

    EXPECT_GT(found.counts.answers(), 0U);
    EXPECT_GT(found.counts.failures(failure::framing), 0U);
}

TEST(Run, DoesNotMeasureOtherStatuses) {
    scripted_site site([](const request_seen& request) {
        const bool is_good = request.number % 2 == 0;
        return is_good ? ok() : reply{"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"};
    });
    const results found = run(plan_for(site.port()), false);

    EXPECT_GT(found.counts.failures(failure::status), 0U);
    EXPECT_EQ(found.counts.latency().count(), found.counts.answers());
    EXPECT_LE(found.counts.failures(failure::status), found.counts.answers());
    EXPECT_EQ(exit_status(found), 1);
}

TEST(Run, SaysThatNobodyListens) {
    std::uint16_t port = 0;
    {
        const scripted_site site([](const request_seen&) { return ok(); });
        port = site.port();
    }
    try {
        run(plan_for(port), false);
        ADD_FAILURE() << "somebody listens";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("does the server run"), std::string::npos);
    }
}

TEST(Run, SaysThatAHostIsNotKnown) {
    plan wanted = plan_for(1);
    wanted.where = parse_url("http://name.invalid/");
    EXPECT_THROW(run(wanted, false), std::runtime_error);
}

TEST(Run, ReportsSlowConnectionsApart) {
    constexpr std::size_t slow_one = 4;  // it comes last
    scripted_site site([](const request_seen& request) {
        if (request.connection == slow_one && request.number == 1) {
            ::kill(::getpid(), SIGINT);
            return reply{};
        }
        return ok();
    });
    plan wanted = plan_for(site.port());
    wanted.slow_share = 0.25;
    wanted.time = 60s;
    const results found = run(wanted, false);

    EXPECT_GT(found.counts.answers(), 0U);
    EXPECT_EQ(found.counts.failures(), 0U);
    EXPECT_EQ(wanted.slow_connections(), 1U);
    EXPECT_EQ(found.slow_counts.answers(), 1U);
    EXPECT_GE(found.slow_counts.latency().min(), 400ms);  // over 40 bytes, each 10 ms
    EXPECT_LT(found.counts.latency().percentile(50), 400ms);
}

TEST(Run, EndsAtAnInterruptWithWhatWasMeasured) {
    scripted_site site([](const request_seen& request) {
        if (request.connection == 1 && request.number == 20) {
            ::kill(::getpid(), SIGINT);
        }
        return ok();
    });
    plan wanted = plan_for(site.port());
    wanted.time = 60s;
    const results found = run(wanted, false);

    EXPECT_TRUE(found.was_interrupted);
    EXPECT_GE(found.counts.answers(), 20U);
    EXPECT_LT(found.seconds, 30);
    EXPECT_EQ(exit_status(found), 0);
}

TEST(Run, DoesNotCountTheWarmUp) {
    std::atomic<std::uint64_t> served = 0;
    scripted_site site([&](const request_seen&) {
        ++served;
        return ok();
    });
    plan wanted = plan_for(site.port());
    wanted.warm_up = 400ms;
    wanted.time = 50ms;
    wanted.rate = 200;
    const results found = run(wanted, false);

    EXPECT_EQ(served, 90U);
    EXPECT_GE(found.counts.answers(), 10U);
    EXPECT_LT(found.counts.answers(), 90U);
}

}  // namespace
}  // namespace cloakroom::load
