// SPDX-License-Identifier: MIT
// A session store that hangs, behind sockets: requests that need it get 503 in time, and the loop
// they were on serves others meanwhile.
#include "request_text.hpp"
#include "running_app.hpp"
#include <cloakroom/async.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/testing/faulty_async_session_store.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace cloakroom::net {
namespace {

using testing::faulty_async_session_store;
using testing::store_fault;

// A store_time to wait for; a store that does not hang has answered by then on the busiest machine.
constexpr std::chrono::milliseconds brief{200};

class HangingStore : public ::testing::TestWithParam<bool> {
protected:
    void serve(std::chrono::milliseconds store_time) {
        session_options options;
        options.store_time = store_time;
        served->sessions(store, options);
        served->log([](std::string_view) {});
        served->get("/", [] { return "plain"; });
        served->get("/visits", [](session& visitor) {
            const int count = visitor.value("count", 0) + 1;
            visitor.set("count", count);
            return std::to_string(count);
        });
        store->honour_cancellation(GetParam());
        run_options loop = running_app::one_loop();
        loop.drain_time = std::chrono::milliseconds{100};
        server.emplace(*served, loop);
    }

    // The Cookie field of a new session.
    std::string begin_session() {
        const socket_reply first = server->connect().get("/visits");
        const std::size_t begin = first.head.find("session=");
        return "Cookie: " + first.head.substr(begin, first.head.find(';', begin) - begin) + "\r\n";
    }

    std::shared_ptr<faulty_async_session_store> store =
        std::make_shared<faulty_async_session_store>(
            std::shared_ptr<session_store>{memory_sessions()});
    std::unique_ptr<app> served = std::make_unique<app>();
    std::optional<running_app> server;
};

INSTANTIATE_TEST_SUITE_P(All, HangingStore, ::testing::Bool(),
                         [](const auto& each) { return each.param ? "Cancellable" : "Deaf"; });

TEST_P(HangingStore, Is503WhileOtherRoutesAnswer) {
    serve(brief);
    const std::string cookie = begin_session();
    store->fault_loads(store_fault::hangs);
    socket_client waits = server->connect();
    const auto begin = std::chrono::steady_clock::now();
    waits.send(get("/visits", cookie));
    store->await_waiting(1);

    EXPECT_EQ(server->connect().get("/").body, "plain");
    const socket_reply answer = waits.reply();

    EXPECT_EQ(answer.status, 503U);
    EXPECT_TRUE(answer.has("\r\nRetry-After: 1"));
    EXPECT_FALSE(answer.has("Set-Cookie"));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, brief);
    store->mend();
    EXPECT_EQ(waits.get("/visits", cookie).body, "2");
}

TEST_P(HangingStore, AnswersManyInTime) {
    serve(brief);
    const std::string cookie = begin_session();
    store->fault_loads(store_fault::hangs);
    std::vector<socket_client> waiting;
    for (int count = 0; count < 50; ++count) {
        waiting.push_back(server->connect());
        waiting.back().send(get("/visits", cookie) + get("/visits", cookie));
    }
    for (socket_client& each : waiting) {
        EXPECT_EQ(each.reply().status, 503U);
        EXPECT_EQ(each.reply().status, 503U);
    }
    store->mend();
    store->release();
    EXPECT_EQ(server->connect().get("/visits", cookie).body, "2");
    store->await_waiting(0);
}

TEST_P(HangingStore, MayAnswerAfterTheClientHasLeft) {
    serve(at_last);
    const std::string cookie = begin_session();
    store->fault_loads(store_fault::hangs);
    {
        socket_client leaves = server->connect();
        leaves.send(get("/visits", cookie));
        store->await_waiting(1);
        leaves.reset();
    }
    server->settle();
    store->mend();
    store->release();
    store->await_waiting(0);
    EXPECT_EQ(server->connect().get("/visits", cookie).status, 200U);
}

TEST_P(HangingStore, MayTimeOutAfterTheClientHasLeft) {
    serve(brief);
    const std::string cookie = begin_session();
    store->fault_commits(store_fault::hangs);
    for (int count = 0; count < 20; ++count) {
        socket_client leaves = server->connect();
        leaves.send(get("/visits", cookie));
        if (count % 2 == 0) {
            leaves.reset();
        } else {
            EXPECT_EQ(leaves.reply().status, 503U);
        }
    }
    store->mend();
    store->release();
    EXPECT_EQ(server->connect().get("/visits", cookie).status, 200U);
}

TEST_P(HangingStore, DoesNotKeepTheServerFromStopping) {
    serve(brief);
    const std::string cookie = begin_session();
    store->fault_loads(store_fault::hangs);
    EXPECT_EQ(server->connect().get("/visits", cookie).status, 503U);
    server->stop();
    EXPECT_TRUE(server->has_returned(at_last));
}

TEST_P(HangingStore, EndsWithAServerThatStopsBeforeItAnswers) {
    serve(at_last);
    store->fault_commits(store_fault::hangs);
    socket_client waits = server->connect();
    waits.send(get("/visits"));
    store->await_waiting(1);
    server.reset();
    served.reset();
    EXPECT_EQ(store->waiting(), 0U);
}

}  // namespace
}  // namespace cloakroom::net
