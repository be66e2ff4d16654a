// SPDX-License-Identifier: MIT
// What a client gets that comes when all workers are busy.
#include "door.hpp"
#include "running_app.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/memory_sessions.hpp>

#include <gtest/gtest.h>

#include <string>

namespace cloakroom::net {
namespace {

// An app with one worker and no queue, whose worker waits at the gate.
class BusyWorkers : public ::testing::Test {
protected:
    void SetUp() override {
        first.send("GET /block HTTP/1.1\r\nHost: h\r\n\r\n");
        ASSERT_TRUE(gate.has_met(1));
    }
    void TearDown() override { gate.open(); }

    door gate;

private:
    struct sample : app {
        explicit sample(door& at_worker) {
            sessions(memory_sessions());
            provide(at_worker);
            after([](const request&, response& res) {
                res.set("X-Seen", std::to_string(to_number(res.status())));
            });
            get("/", [] { return "free"; });
            get("/block", blocking([](session& visitor, service<door> at) {
                    at->pass_blocking();
                    visitor.set("passed", true);
                    return "passed";
                }));
        }
    };

    static run_options one_worker() {
        run_options options = running_app::one_loop();
        options.workers = 1;
        options.worker_queue = 0;
        return options;
    }

    sample served_{gate};
    running_app server_{served_, one_worker()};

protected:
    socket_client first = server_.connect();
    socket_client second = server_.connect();
};

TEST_F(BusyWorkers, MakeAnErrorThatSaysWhenToTryAgain) {
    const socket_reply refused = second.get("/block");

    EXPECT_EQ(refused.status, 503U);
    EXPECT_TRUE(refused.has("\r\nRetry-After: 1"));
    EXPECT_TRUE(refused.has("\r\nContent-Type: application/problem+json"));
    EXPECT_TRUE(refused.has("\r\nX-Seen: 503"));
}

TEST_F(BusyWorkers, StoreNoSession) {
    EXPECT_FALSE(second.get("/block").has("\r\nSet-Cookie: "));
}

TEST_F(BusyWorkers, LeaveTheConnectionOpenForWhatNeedsNone) {
    EXPECT_EQ(second.get("/block").status, 503U);
    EXPECT_EQ(second.get("/").body, "free");
}

TEST_F(BusyWorkers, DoNotKeepTheFirstFromItsAnswer) {
    EXPECT_EQ(second.get("/block").status, 503U);

    gate.open();

    const socket_reply reply = first.reply();
    EXPECT_EQ(reply.body, "passed");
    EXPECT_TRUE(reply.has("\r\nSet-Cookie: "));
}

TEST_F(BusyWorkers, AnswerPipelinedRequestsInOrder) {
    second.send(
        "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        "GET /block HTTP/1.1\r\nHost: h\r\n\r\n"
        "GET / HTTP/1.1\r\nHost: h\r\n\r\n");

    EXPECT_EQ(second.reply().body, "free");
    EXPECT_EQ(second.reply().status, 503U);
    EXPECT_EQ(second.reply().body, "free");
}

}  // namespace
}  // namespace cloakroom::net
