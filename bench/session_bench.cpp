// SPDX-License-Identifier: MIT
// What sessions cost: one load and one commit of the visit counter's session, as a request makes
// them, by store; and the cryptography in that.
#include "session/hmac.hpp"
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/session_token.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

namespace {

using cloakroom::session_time;
using operation = cloakroom::session_change::operation;

constexpr session_time now{std::chrono::seconds{1'800'000'000}};

cloakroom::session_record visits(std::string_view count) {
    cloakroom::session_record made;
    made.values.set("count", count);
    made.issued = now;
    made.idle_deadline = now + std::chrono::hours{24};
    made.absolute_deadline = now + std::chrono::hours{24 * 30};
    return made;
}

std::string insert(cloakroom::session_store& store, const cloakroom::session_record& record) {
    const cloakroom::session_token none;
    cloakroom::session_committed into;
    benchmark::DoNotOptimize(store.commit({operation::insert, none, 0, record}, now, into));
    return std::string{into.token.text()};
}

// Takes the token anew, so that its digest is computed, then loads, changes and commits.
bool visit(cloakroom::session_store& store, std::string_view cookie,
           cloakroom::session_token& token, cloakroom::stored_session& stored,
           cloakroom::session_committed& committed) {
    token.assign(cookie);
    if (store.load(token, now, stored) != cloakroom::session_load::found) {
        return false;
    }
    stored.record.values.set("count", stored.version % 2 == 0 ? "18" : "17");
    committed.token.clear();
    return store.commit({operation::replace, token, stored.version, stored.record}, now,
                        committed) == cloakroom::session_commit::committed;
}

void visit_in_turn(benchmark::State& state, cloakroom::session_store& store,
                   const std::vector<std::string>& cookies) {
    cloakroom::session_token token;
    cloakroom::stored_session stored;
    cloakroom::session_committed committed;
    std::size_t next = 0;
    for (auto _ : state) {
        if (!visit(store, cookies[next], token, stored, committed)) {
            state.SkipWithError("the store failed");
            return;
        }
        next = next + 1 == cookies.size() ? 0 : next + 1;
    }
}

std::vector<std::string> insert_many(cloakroom::session_store& store, std::int64_t count) {
    std::vector<std::string> cookies;
    for (std::int64_t made = 0; made < count; ++made) {
        cookies.push_back(insert(store, visits("17")));
    }
    return cookies;
}

// The argument is the number of sessions in the store.
void BM_memory_load_commit(benchmark::State& state) {
    const auto store = cloakroom::memory_sessions();
    visit_in_turn(state, *store, insert_many(*store, state.range(0)));
}
BENCHMARK(BM_memory_load_commit)->Arg(1)->Arg(1'000)->Arg(100'000);

// One store for all threads, each with 100 sessions of its own.
class memory_store : public benchmark::Fixture {
protected:
    std::unique_ptr<cloakroom::session_store> store_ = cloakroom::memory_sessions();
};

BENCHMARK_DEFINE_F(memory_store, BM_memory_load_commit_threads)(benchmark::State& state) {
    visit_in_turn(state, *store_, insert_many(*store_, 100));
}
BENCHMARK_REGISTER_F(memory_store, BM_memory_load_commit_threads)->ThreadRange(1, 8)->UseRealTime();

std::unique_ptr<cloakroom::session_store> signed_store() {
    auto made =
        cloakroom::signed_cookie_sessions({.secret = "a secret of more than 32 characters"});
    made->prepare({.cookie_name = "__Host-session"});
    return made;
}

// Verifies one cookie and signs another. The argument is the size of the session's value.
void BM_signed_load_commit(benchmark::State& state) {
    const auto store = signed_store();
    cloakroom::session_record record = visits("17");
    if (state.range(0) > 2) {
        record.values.set("value", std::string(static_cast<std::size_t>(state.range(0)), '1'));
    }
    visit_in_turn(state, *store, {insert(*store, record)});
}
BENCHMARK(BM_signed_load_commit)->Arg(2)->Arg(1000);

class cookie_store : public benchmark::Fixture {
protected:
    std::unique_ptr<cloakroom::session_store> store_ = signed_store();
};

BENCHMARK_DEFINE_F(cookie_store, BM_signed_load_commit_threads)(benchmark::State& state) {
    visit_in_turn(state, *store_, {insert(*store_, visits("17"))});
}
BENCHMARK_REGISTER_F(cookie_store, BM_signed_load_commit_threads)->ThreadRange(1, 8)->UseRealTime();

void BM_sha256_token(benchmark::State& state) {
    cloakroom::session_token token;
    const std::string text(43, 'x');
    for (auto _ : state) {
        token.assign(text);
        benchmark::DoNotOptimize(token.digest());
    }
}
BENCHMARK(BM_sha256_token);

void BM_random_token(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(cloakroom::session_token::random());
    }
}
BENCHMARK(BM_random_token);

void BM_hmac(benchmark::State& state) {
    const cloakroom::hmac_sha256 hmac(std::string(32, 'k'));
    const std::string message(static_cast<std::size_t>(state.range(0)), 'm');
    for (auto _ : state) {
        benchmark::DoNotOptimize(hmac.code(message));
    }
}
BENCHMARK(BM_hmac)->Arg(28)->Arg(1000);

}  // namespace
