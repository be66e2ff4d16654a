// SPDX-License-Identifier: MIT
// How the cost of a request grows, without a socket: with its fields, with its content, with its
// response, and with threads that share an app. How it grows with routes is in route_bench, with
// sessions in memory_sessions_bench.
#include "http1/request_parser.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/testing/client.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using cloakroom::testing::client;

constexpr std::int64_t most_bytes = 1 << 20;

/// A GET with so many fields, Host among them.
std::string get_with_fields(std::int64_t count) {
    std::string message = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n";
    for (std::int64_t each = 1; each < count; ++each) {
        message += "X-Field-" + std::to_string(100 + each) + ": a value of 24 characters\r\n";
    }
    return message + "\r\n";
}

void BM_growth_parse_fields(benchmark::State& state) {
    const std::string message = get_with_fields(state.range(0));
    std::vector<char> bytes(message.begin(), message.end());
    const cloakroom::limits limits;
    cloakroom::http1::request_parser parser(limits);
    cloakroom::request::parts parts;
    for (auto _ : state) {
        cloakroom::http1::progress at;
        cloakroom::http1::refusal why;
        if (parser.parse_head({bytes.data(), bytes.size()}, at, parts, why) !=
            cloakroom::http1::parse_result::complete) {
            state.SkipWithError("a head was not taken");
            break;
        }
        benchmark::DoNotOptimize(parts);
    }
}
BENCHMARK(BM_growth_parse_fields)->Arg(1)->Arg(3)->Arg(10)->Arg(30)->Arg(100);

/// Sends the same bytes again and again. An answer that is no 200 is an error.
void send_again(benchmark::State& state, cloakroom::app& app, const std::string& message) {
    client sender(app);
    for (auto _ : state) {
        const std::string answer = sender.send_raw({message});
        if (!answer.starts_with("HTTP/1.1 200")) {
            state.SkipWithError("an answer was not 200");
            break;
        }
    }
}

void BM_growth_request_fields(benchmark::State& state) {
    cloakroom::app app;
    app.get("/", [] { return "Hello, World!"; });
    send_again(state, app, get_with_fields(state.range(0)));
}
BENCHMARK(BM_growth_request_fields)->Arg(1)->Arg(3)->Arg(10)->Arg(30)->Arg(100);

void BM_growth_posted_bytes(benchmark::State& state) {
    cloakroom::app app;
    app.post("/", [](const cloakroom::request& received) {
        return std::to_string(received.body().size());
    });
    const auto size = static_cast<std::size_t>(state.range(0));
    send_again(state, app,
               "POST / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: text/plain\r\n"
               "Content-Length: " +
                   std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'));
}
BENCHMARK(BM_growth_posted_bytes)->Arg(0)->RangeMultiplier(4)->Range(1 << 8, most_bytes);

void BM_growth_answered_bytes(benchmark::State& state) {
    cloakroom::app app;
    app.get("/{size}", [](std::size_t size) { return std::string(size, 'x'); });
    send_again(
        state, app,
        "GET /" + std::to_string(state.range(0)) + " HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");
}
BENCHMARK(BM_growth_answered_bytes)->Arg(0)->RangeMultiplier(4)->Range(1 << 8, most_bytes);

/// One app for all threads, as the event loops of a server have it, and a connection each.
class shared_app : public benchmark::Fixture {
public:
    shared_app() {
        app_.sessions(cloakroom::memory_sessions());
        app_.get("/", [] { return "Hello, World!"; });
        app_.get("/visits", [](cloakroom::session& session) {
            const int count = session.value("count", 0) + 1;
            session.set("count", count);
            return std::to_string(count);
        });
        client first(app_);  // so that threads need not meet when they make theirs
    }

protected:
    void ask_again(benchmark::State& state, const std::string& target) {
        client visitor(app_);
        static_cast<void>(visitor.get(target));
        std::string message = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n";
        for (const auto& [name, value] : visitor.cookies()) {
            message += "Cookie: " + name + "=" + value + "\r\n";
        }
        message += "\r\n";
        for (auto _ : state) {
            benchmark::DoNotOptimize(visitor.send_raw({message}));
        }
    }

private:
    cloakroom::app app_;
};

BENCHMARK_DEFINE_F(shared_app, BM_growth_threads_hello)(benchmark::State& state) {
    ask_again(state, "/");
}
BENCHMARK_REGISTER_F(shared_app, BM_growth_threads_hello)->ThreadRange(1, 2)->UseRealTime();

BENCHMARK_DEFINE_F(shared_app, BM_growth_threads_counter)(benchmark::State& state) {
    ask_again(state, "/visits");
}
BENCHMARK_REGISTER_F(shared_app, BM_growth_threads_counter)->ThreadRange(1, 2)->UseRealTime();

}  // namespace
