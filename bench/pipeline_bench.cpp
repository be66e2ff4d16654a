// SPDX-License-Identifier: MIT
// A whole request through the pipeline, bytes in and bytes out, without a socket: parse, route,
// session, handler, response. Compare with bench/cpu_per_request, which adds the system calls.
#include <cloakroom/app.hpp>
#include <cloakroom/json.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>
#include <cloakroom/testing/client.hpp>

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

using cloakroom::testing::client;

constexpr std::string_view head_rest =
    " HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: bench\r\nAccept: */*\r\n";

std::string visits(cloakroom::session& session) {
    const int count = session.value("count", 0) + 1;
    session.set("count", count);
    return "You have visited " + std::to_string(count) + " times.";
}

// Sends one request again and again, with the cookies that the first response set.
void send_again(benchmark::State& state, cloakroom::app& app, const std::string& start) {
    client browser(app);
    static_cast<void>(browser.get(start.substr(4)));
    std::string bytes = start + std::string{head_rest};
    for (const auto& [name, value] : browser.cookies()) {
        bytes += "Cookie: " + name + "=" + value + "\r\n";
    }
    bytes += "\r\n";
    for (auto each : state) {
        benchmark::DoNotOptimize(browser.send_raw({bytes}));
    }
}

void BM_pipeline_hello(benchmark::State& state) {
    cloakroom::app app;
    app.get("/", [] { return "Hello, World!"; });
    send_again(state, app, "GET /");
}
BENCHMARK(BM_pipeline_hello);

void BM_pipeline_placeholder_json(benchmark::State& state) {
    cloakroom::app app;
    app.get("/users/{id}", [](int id) { return cloakroom::json{{"id", id}}; });
    send_again(state, app, "GET /users/7");
}
BENCHMARK(BM_pipeline_placeholder_json);

void count_visits(benchmark::State& state, std::unique_ptr<cloakroom::session_store> store) {
    cloakroom::app app;
    app.sessions(std::move(store));
    app.get("/", &visits);
    send_again(state, app, "GET /");
}

constexpr const char* secret = "a secret for benchmarks, of 32 chars";

void BM_pipeline_counter_memory(benchmark::State& state) {
    count_visits(state, cloakroom::memory_sessions());
}
BENCHMARK(BM_pipeline_counter_memory);

void BM_pipeline_counter_signed(benchmark::State& state) {
    count_visits(state, cloakroom::signed_cookie_sessions({.secret = secret}));
}
BENCHMARK(BM_pipeline_counter_signed);

void BM_pipeline_counter_sealed(benchmark::State& state) {
    count_visits(state, cloakroom::sealed_cookie_sessions({.secret = secret}));
}
BENCHMARK(BM_pipeline_counter_sealed);

void BM_pipeline_404(benchmark::State& state) {
    cloakroom::app app;
    app.get("/", [] { return "Hello, World!"; });
    send_again(state, app, "GET /nowhere");
}
BENCHMARK(BM_pipeline_404);

}  // namespace
