// SPDX-License-Identifier: MIT
// What a session in Redis costs: a load and a commit of the visit counter's session, with and
// without a cache, by number of threads. A thread waits for each visit: the time is what a request
// takes longer, of which handing it to an event loop is a part. A minute later nothing of it is
// left in Redis.
//
//     redis-server --port 7777 --save "" &
//     CLOAKROOM_BENCH_REDIS=redis://127.0.0.1:7777 bench/redis_bench
#include "counter_sessions.hpp"
#include <cloakroom/redis_sessions.hpp>
#include <cloakroom/testing/awaited_session_store.hpp>

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes Asio's frames of coroutines for ones that are freed otherwise than allocated.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace {

// One store, on two event loops, for as many threads as the name says.
void register_store(const std::string& name, const char* url, std::size_t cache_bytes) {
    const auto store = std::make_shared<cloakroom::testing::awaited_session_store>(
        cloakroom::redis_sessions(url, {.prefix = "cloakroom-bench:", .cache_bytes = cache_bytes}));
    static_cast<void>(store->ping(counter_sessions::now));  // throws what is wrong with the server
    benchmark::RegisterBenchmark(
        name.c_str(),
        [store](benchmark::State& state) { counter_sessions::visit_own_sessions(state, *store); })
        ->ThreadRange(1, 8)
        ->UseRealTime();
}

}  // namespace

int main(int argc, char** argv) try {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 1;
    }
    const char* const url = std::getenv("CLOAKROOM_BENCH_REDIS");
    if (url == nullptr) {
        std::puts(
            "Skipped: CLOAKROOM_BENCH_REDIS names no server, as redis://127.0.0.1:7777 does.");
        return 0;
    }
    register_store("BM_redis_load_commit", url, 0);
    register_store("BM_redis_load_commit_cached", url, 16UL * 1024 * 1024);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
