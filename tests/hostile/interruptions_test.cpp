// SPDX-License-Identifier: MIT
// Signals of the embedding program, a thousand a second, interrupt whatever the server waits in: no
// request fails.
#include "net/running_app.hpp"
#include "net/sample_app.hpp"

#include <gtest/gtest.h>

#include <sys/time.h>

#include <array>
#include <atomic>
#include <csignal>
#include <string>

namespace cloakroom::hostile {
namespace {

std::atomic<unsigned> interruptions = 0;

void count(int /*signal*/) {
    ++interruptions;
}

// Signals to other threads than the caller's, with a handler that does not restart system calls.
class interruption {
public:
    interruption() {
        struct sigaction handler {};
        handler.sa_handler = &count;
        ::sigaction(SIGALRM, &handler, &before_);
        set_blocked(SIG_BLOCK);
        set_interval(1'000);
    }
    interruption(const interruption&) = delete;
    interruption& operator=(const interruption&) = delete;
    ~interruption() {
        set_interval(0);
        set_blocked(SIG_UNBLOCK);
        ::sigaction(SIGALRM, &before_, nullptr);
    }

private:
    static void set_blocked(int how) {
        sigset_t alarm;
        ::sigemptyset(&alarm);
        ::sigaddset(&alarm, SIGALRM);
        ::pthread_sigmask(how, &alarm, nullptr);
    }
    static void set_interval(long microseconds) {
        const itimerval every{{0, microseconds}, {0, microseconds}};
        ::setitimer(ITIMER_REAL, &every, nullptr);
    }

    struct sigaction before_ {};
};

TEST(Interruptions, FailNoRequest) {
    net::sample_app sample;
    const net::running_app server(sample.app);  // before: its threads take the signals
    const interruption running;

    while (interruptions < 500) {
        net::socket_client client = server.connect();
        for (int turn = 0; turn < 20; ++turn) {
            ASSERT_EQ(client.get("/").body, "Hello, World!");
            ASSERT_EQ(client.get("/soon/x").body, "x");
            ASSERT_EQ(client.get("/worker/x").body, "x");
            ASSERT_EQ(client.get("/visits").body, "1");
        }
        ASSERT_EQ(client.get("/large/3000000").body.size(), 3'000'000U);
    }
}

}  // namespace
}  // namespace cloakroom::hostile
