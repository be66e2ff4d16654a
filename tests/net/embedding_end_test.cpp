// SPDX-License-Identifier: MIT
// Apps that end before what they have begun, on an io_context that runs on.
#include "request_text.hpp"
#include "running_app.hpp"
#include "sample_app.hpp"
#include <cloakroom/async_session_store.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace cloakroom::net {
namespace {

// A store that waits at a door before each answer.
class store_at_a_door final : public async_session_store {
public:
    explicit store_at_a_door(door& at) : door_(at) {}

    [[nodiscard]] session_capabilities capabilities() const noexcept override { return {}; }

    [[nodiscard]] task<session_load> load(const session_token& token, session_time /*now*/,
                                          stored_session& into) override {
        co_await door_.pass();
        into.record.values.set("token", "\"" + std::string{token.text()} + "\"");
        co_return session_load::found;
    }

    [[nodiscard]] task<session_commit> commit(session_change change, session_time /*now*/,
                                              session_committed& into) override {
        co_await door_.pass();
        if (change.record.values.empty()) {
            throw std::runtime_error("the record is gone");
        }
        into.token.assign("token");
        co_return session_commit::committed;
    }

private:
    door& door_;
};

// An app that ends within the test, and what outlives it.
class EmbeddingEnd : public ::testing::Test {
protected:
    void serve() {
        sample->log([](std::string_view) {});
        sample->provide(state);
        sample->sessions(std::make_shared<store_at_a_door>(state.held));
        // An after runs once the handler is done: only while there is an app.
        sample->after([state = &state](const request&, response&) { ++state->calls; });
        sample->post("/wait",
                     [](const request& req, service<sample_state> shared) -> task<std::string> {
                         const std::uint64_t before = checksum(req);
                         co_await shared->gate.pass();
                         shared->changed += before == checksum(req) ? 0U : 1U;
                         ++shared->finished;
                         co_return std::string{req.body()};
                     });
        sample->post("/fail", [](service<sample_state> shared) -> task<std::string> {
            co_await shared->gate.pass();
            ++shared->finished;
            throw std::runtime_error("nobody is told");
        });
        sample->post("/block",
                     blocking([](const request& req, service<sample_state> shared) -> std::string {
                         const std::uint64_t before = checksum(req);
                         shared->gate.pass_blocking();
                         shared->changed += before == checksum(req) ? 0U : 1U;
                         ++shared->finished;
                         return std::string{req.body()};
                     }));
        sample->post("/visit", [](session& visitor) {
            visitor.set("visited", true);
            return "stored";
        });
        port = sample->serve(loop, running_app::one_loop());
        runs = std::async(std::launch::async, [this] { loop.run(); });
    }

    // On the thread of the loop, as an app must end that the loop still serves.
    void end_app() {
        std::promise<void> ended;
        boost::asio::post(loop, [&] {
            sample.reset();
            ended.set_value();
        });
        ASSERT_EQ(ended.get_future().wait_for(at_last), std::future_status::ready);
    }

    void expect_the_loop_to_end() {
        EXPECT_EQ(runs.wait_for(at_last), std::future_status::ready);
        EXPECT_EQ(state.changed, 0U);
        EXPECT_EQ(state.calls, 0U);
    }

    sample_state state;
    boost::asio::io_context loop;
    std::unique_ptr<app> sample = std::make_unique<app>();
    std::uint16_t port = 0;
    std::future<void> runs;
};

TEST_F(EmbeddingEnd, OutlivedByACoroutine) {
    serve();
    for (const std::string target : {"/wait", "/fail"}) {
        socket_client client(port);
        client.send(post(target, "body"));
        client.close();
    }
    socket_client client(port);
    client.send(post("/wait", "body"));
    ASSERT_TRUE(state.gate.has_met(3));

    end_app();
    EXPECT_TRUE(client.has_ended());
    state.gate.open();

    expect_the_loop_to_end();
    EXPECT_EQ(state.finished, 3U);
}

TEST_F(EmbeddingEnd, OutlivedByACoroutineThatNobodyEnds) {
    serve();
    socket_client client(port);
    client.send(post("/wait", "body"));
    ASSERT_TRUE(state.gate.has_met(1));

    end_app();
    EXPECT_TRUE(client.has_ended());
    loop.stop();

    expect_the_loop_to_end();
    EXPECT_EQ(state.finished, 0U);
}

TEST_F(EmbeddingEnd, OutlivedByWhatAWorkerHasPosted) {
    serve();
    socket_client client(port);
    client.send(post("/block", "body"));
    ASSERT_TRUE(state.gate.has_met(1));

    std::promise<void> ends;
    boost::asio::post(loop, [&] {
        ends.set_value();
        sample.reset();  // waits for the worker, whose result comes after it
    });
    ends.get_future().wait();
    state.gate.open();

    EXPECT_TRUE(client.has_ended());
    expect_the_loop_to_end();
    EXPECT_EQ(state.finished, 1U);
}

TEST_F(EmbeddingEnd, OutlivedByAStoreThatLoads) {
    serve();
    socket_client client(port);
    client.send(post("/visit", "body", "Cookie: session=mine\r\n"));
    ASSERT_TRUE(state.held.has_met(1));

    end_app();
    EXPECT_TRUE(client.has_ended());
    state.held.open();

    expect_the_loop_to_end();
}

TEST_F(EmbeddingEnd, OutlivedByAStoreThatCommits) {
    serve();
    socket_client client(port);
    client.send(post("/visit", "body"));
    ASSERT_TRUE(state.held.has_met(1));

    end_app();
    EXPECT_TRUE(client.has_ended());
    state.held.open();

    expect_the_loop_to_end();
}

}  // namespace
}  // namespace cloakroom::net
