// SPDX-License-Identifier: MIT
// What a large store in memory costs: its longest single operations while a million sessions come
// and go, its bytes a session, and its threads when they meet. What one visit costs is in
// session_bench.
#include "counter_sessions.hpp"
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/session_token.hpp>

#include <benchmark/benchmark.h>

#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

namespace {

using cloakroom::session_time;
using counter_sessions::counter;
using counter_sessions::insert;
using counter_sessions::now;
using std::chrono::seconds;

constexpr std::size_t million = 1'000'000;
constexpr cloakroom::memory_session_settings roomy{.capacity_bytes = 2UL * 1024 * 1024 * 1024};

// The owner of one session of a store: empty, or one of as many as there are sessions.
std::string owner_of(std::size_t session, bool is_owned) {
    return is_owned ? "user " + std::to_string(session) : std::string{};
}

// The CPU time of single operations on this thread, so that what else runs on the machine does not
// count: it would be taken for a pause of the store. A look at the clock is in it, too.
class stopwatch {
public:
    explicit stopwatch(std::size_t operations) { microseconds_.reserve(operations); }

    template <class Operation>
    void time(Operation run) {
        const double from = cpu_microseconds();
        run();
        microseconds_.push_back(cpu_microseconds() - from);
    }

    void report(benchmark::State& state) {
        std::sort(microseconds_.begin(), microseconds_.end());
        const std::size_t count = microseconds_.size();
        state.counters["median_us"] = microseconds_[count / 2];
        state.counters["p9999_us"] = microseconds_[count - 1 - count / 10'000];
        state.counters["max_us"] = microseconds_.back();
        state.counters["over_100us"] =
            static_cast<double>(microseconds_.end() - std::upper_bound(microseconds_.begin(),
                                                                       microseconds_.end(), 100.0));
    }

private:
    static double cpu_microseconds() {
        timespec at{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
        return static_cast<double>(at.tv_sec) * 1e6 + static_cast<double>(at.tv_nsec) / 1e3;
    }

    std::vector<double> microseconds_;
};

// The machine itself: operations as long as an insert, with no store in them. What is above 100 us
// here (interrupts, a hypervisor) is no pause of a store's either.
void BM_no_store_a_million(benchmark::State& state) {
    for (auto _ : state) {
        stopwatch watch(million);
        for (std::size_t made = 0; made < million; ++made) {
            watch.time([] {
                for (int each = 0; each < 3; ++each) {
                    benchmark::DoNotOptimize(cloakroom::session_token::random());
                }
            });
        }
        watch.report(state);
    }
}
BENCHMARK(BM_no_store_a_million)->Iterations(1)->Unit(benchmark::kSecond);

// The argument: whether each session has an owner of its own.
void BM_memory_grow_to_a_million(benchmark::State& state) {
    for (auto _ : state) {
        const auto store = cloakroom::memory_sessions(roomy);
        stopwatch watch(million);
        for (std::size_t made = 0; made < million; ++made) {
            const cloakroom::session_record record = counter(owner_of(made, state.range(0) != 0));
            watch.time([&] { insert(*store, record); });
        }
        watch.report(state);
    }
}
BENCHMARK(BM_memory_grow_to_a_million)->Arg(0)->Arg(1)->Iterations(1)->Unit(benchmark::kSecond);

// New sessions come in, at a time when all of a million have expired, until those are gone.
void BM_memory_expire_a_million(benchmark::State& state) {
    for (auto _ : state) {
        const auto store = cloakroom::memory_sessions(roomy);
        for (std::size_t made = 0; made < million; ++made) {
            insert(*store, counter(owner_of(made, state.range(0) != 0)));
        }
        const session_time later = now + std::chrono::hours{24};
        cloakroom::session_record record = counter();
        record.idle_deadline = later + seconds{1};
        stopwatch watch(million);
        while (store->metrics().expired < million) {
            for (int each = 0; each < 1'000; ++each) {
                watch.time([&] { insert(*store, record, later); });
            }
        }
        watch.report(state);
    }
}
BENCHMARK(BM_memory_expire_a_million)->Arg(0)->Arg(1)->Iterations(1)->Unit(benchmark::kSecond);

std::size_t bytes_in_use() {
    const struct mallinfo2 now_in = mallinfo2();
    return now_in.uordblks + now_in.hblkhd;
}

// What the store's sessions take beyond their contents, and what the store says they take in all.
void BM_memory_bytes_of_a_million(benchmark::State& state) {
    for (auto _ : state) {
        const std::size_t before = bytes_in_use();
        const auto store = cloakroom::memory_sessions(roomy);
        for (std::size_t made = 0; made < million; ++made) {
            insert(*store, counter(owner_of(made, state.range(0) != 0)));
        }
        const auto contents = static_cast<double>(counter().values.encoded().size());
        state.counters["overhead_bytes"] =
            static_cast<double>(bytes_in_use() - before) / million - contents;
        state.counters["charged_bytes"] = static_cast<double>(store->metrics().bytes) / million;
    }
}
BENCHMARK(BM_memory_bytes_of_a_million)->Arg(0)->Arg(1)->Iterations(1)->Unit(benchmark::kSecond);

// A load and a replace, of one session after another in no order that the memory's caches could
// foresee; and what each session takes, its contents included. The argument: how many there are.
void BM_memory_visit_among(benchmark::State& state) {
    const std::size_t before = bytes_in_use();
    const auto store = cloakroom::memory_sessions(roomy);
    cloakroom::session_record record;
    record.values.set("count", "17");
    record.issued = now;
    record.idle_deadline = now + std::chrono::hours{24};
    record.absolute_deadline = now + std::chrono::hours{24 * 30};
    std::vector<std::string> cookies;
    for (std::int64_t made = 0; made < state.range(0); ++made) {
        cookies.push_back(insert(*store, record));
    }
    const std::size_t texts = cookies.size() * (cookies.front().capacity() + 1) +
                              cookies.capacity() * sizeof(std::string);
    cloakroom::session_token token;
    cloakroom::stored_session stored;
    cloakroom::session_committed committed;
    const double bytes_each =
        static_cast<double>(bytes_in_use() - before - texts) / static_cast<double>(cookies.size());
    std::size_t next = 0;
    for (auto _ : state) {
        next = (next + 611'953) % cookies.size();  // a prime number
        token.assign(cookies[next]);
        if (store->load(token, now, stored) != cloakroom::session_load::found) {
            state.SkipWithError("the store has lost a session");
            return;
        }
        stored.record.values.set("count", stored.version % 2 == 0 ? "18" : "17");
        benchmark::DoNotOptimize(store->commit(
            {cloakroom::session_change::operation::replace, token, stored.version, stored.record},
            now, committed));
    }
    state.counters["bytes_each"] = bytes_each;
}
BENCHMARK(BM_memory_visit_among)
    ->RangeMultiplier(10)
    ->Range(100, 1'000'000)
    ->Iterations(1'000'000);  // so that the sessions are made but once

// One store with as many sessions as the argument says. All threads visit all of them.
class busy_store : public benchmark::Fixture {
public:
    void SetUp(const benchmark::State& state) override {
        if (state.thread_index() != 0) {
            return;  // the others wait until this one is ready
        }
        store_ = cloakroom::memory_sessions();
        cookies_ = counter_sessions::insert_many(*store_, state.range(0));
    }

protected:
    std::unique_ptr<cloakroom::session_store> store_;
    std::vector<std::string> cookies_;
};

// A load and a replace, as a request makes them. One that comes too late is a conflict.
BENCHMARK_DEFINE_F(busy_store, BM_memory_visit)(benchmark::State& state) {
    counter_sessions::visitor browser;
    std::size_t next = static_cast<std::size_t>(state.thread_index()) * 7919;
    std::size_t conflicts = 0;
    for (auto _ : state) {
        next = (next + 12'347) % cookies_.size();
        const cloakroom::session_commit outcome = browser.visit(*store_, cookies_[next]);
        if (outcome == cloakroom::session_commit::gone) {
            state.SkipWithError("the store has lost a session");
            return;
        }
        conflicts += outcome == cloakroom::session_commit::conflict ? 1U : 0U;
    }
    state.counters["conflicts"] =
        benchmark::Counter(static_cast<double>(conflicts), benchmark::Counter::kAvgIterations);
}
BENCHMARK_REGISTER_F(busy_store, BM_memory_visit)
    ->Arg(1)
    ->Arg(100'000)
    ->ThreadRange(1, 8)
    ->UseRealTime();

}  // namespace
