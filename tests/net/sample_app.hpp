// SPDX-License-Identifier: MIT
// The app that the socket tests serve: one route for each way a handler can answer.
#pragma once

#include "door.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/memory_sessions.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::net {

/// FNV-1a: tells whether bytes are still those that were sent.
[[nodiscard]] inline std::uint64_t checksum(std::string_view bytes) noexcept {
    std::uint64_t sum = 14'695'981'039'346'656'037ULL;
    for (const char each : bytes) {
        sum = (sum ^ static_cast<unsigned char>(each)) * 1'099'511'628'211ULL;
    }
    return sum;
}

/// What all bytes of a request are, as its views give them.
[[nodiscard]] inline std::uint64_t checksum(const request& req) {
    std::string all{req.target()};
    for (const field_view& each : req.headers()) {
        all.append(each.name).append(each.value);
    }
    return checksum(all.append(req.body()));
}

/// What the handlers and the test share.
struct sample_state {
    door gate;                           ///< Of the routes that wait.
    door held;                           ///< Of the route that holds the event loop.
    std::atomic<unsigned> calls = 0;     ///< Of the hello, large and echo handlers.
    std::atomic<unsigned> changed = 0;   ///< Requests whose views changed while they waited.
    std::atomic<unsigned> finished = 0;  ///< Handlers that came through the gate.
};

/// The app and its state, which outlives it.
class sample_app {
public:
    sample_app() {
        app.log([](std::string_view) {});
        app.sessions(memory_sessions());
        app.provide(state);
        add_plain_routes();
        add_waiting_routes();
    }

    sample_state state;
    cloakroom::app app;

private:
    void add_plain_routes() {
        app.get("/", [](service<sample_state> shared) {
            ++shared->calls;
            return "Hello, World!";
        });
        app.get("/calls",
                [](service<sample_state> shared) { return std::to_string(shared->calls); });
        app.post("/echo", [](const request& req, service<sample_state> shared) {
            ++shared->calls;
            return std::string{req.body()};
        });
        app.get("/visits", [](session& visitor) {
            const int count = visitor.value("count", 0) + 1;
            visitor.set("count", count);
            return std::to_string(count);
        });
        app.get("/large/{bytes}", [](unsigned bytes, service<sample_state> shared) {
            ++shared->calls;
            return std::string(bytes, 'x');
        });
        app.get("/error", []() -> std::string { throw std::runtime_error("secret"); });
    }

    void add_waiting_routes() {
        app.get("/soon/{text}", [](std::string text) -> task<std::string> {
            co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                                       boost::asio::use_awaitable);
            co_return text;
        });
        app.get("/worker/{text}", blocking([](std::string text) { return text; }));
        app.get("/hold", [](service<sample_state> shared) {  // holds the whole event loop
            shared->held.pass_blocking();
            return "held";
        });
        app.get("/late-hold", [](service<sample_state> shared) -> task<std::string> {
            co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                                       boost::asio::use_awaitable);
            shared->held.pass_blocking();  // as /hold, but once it was suspended
            co_return "held";
        });
        app.any("/wait", [](const request& req, service<sample_state> shared) -> task<std::string> {
            const std::uint64_t before = checksum(req);
            co_await shared->gate.pass();
            shared->changed += before == checksum(req) ? 0U : 1U;
            ++shared->finished;
            co_return std::string{req.body()} + "waited";
        });
        app.any("/block", blocking([](const request& req, service<sample_state> shared) {
                    const std::uint64_t before = checksum(req);
                    shared->gate.pass_blocking();
                    shared->changed += before == checksum(req) ? 0U : 1U;
                    ++shared->finished;
                    return std::string{req.body()} + "blocked";
                }));
    }
};

}  // namespace cloakroom::net
