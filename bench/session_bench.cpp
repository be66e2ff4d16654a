// SPDX-License-Identifier: MIT
// What sessions cost: one load and one commit of the visit counter's session, as a request makes
// them, by store; and the cryptography in that.
#include "session/hmac.hpp"
#include "session/process_mark.hpp"
#include "session/sealing_key.hpp"
#include <cloakroom/flask_cookie_sessions.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/session_token.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <benchmark/benchmark.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using cloakroom::session_time;
using operation = cloakroom::session_change::operation;

constexpr session_time now{std::chrono::seconds{1'800'000'000}};

cloakroom::session_record visits(std::string_view count) {
    cloakroom::session_record made;
    made.values.set("count", count);
    made.issued = now;
    made.used = now;
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

cloakroom::cookie_session_settings settings() {
    return {.secret = "a secret of more than 32 characters"};
}

std::unique_ptr<cloakroom::session_store> prepared(
    std::unique_ptr<cloakroom::session_store> store) {
    store->prepare({.cookie_name = "__Host-session"});
    return store;
}

// Opens one cookie and makes another. The argument is the size of the session's value.
void visit_cookie(benchmark::State& state, std::unique_ptr<cloakroom::session_store> store) {
    cloakroom::session_record record = visits("17");
    if (state.range(0) > 2) {
        record.values.set("value", std::string(static_cast<std::size_t>(state.range(0)), '1'));
    }
    visit_in_turn(state, *store, {insert(*store, record)});
}

void BM_signed_load_commit(benchmark::State& state) {
    visit_cookie(state, prepared(cloakroom::signed_cookie_sessions(settings())));
}
BENCHMARK(BM_signed_load_commit)->Arg(2)->Arg(1000);

void BM_sealed_load_commit(benchmark::State& state) {
    visit_cookie(state, prepared(cloakroom::sealed_cookie_sessions(settings())));
}
BENCHMARK(BM_sealed_load_commit)->Arg(2)->Arg(1000);

void BM_revocable_sealed_load_commit(benchmark::State& state) {
    cloakroom::cookie_session_settings with_revocations = settings();
    with_revocations.revocations.emplace(cloakroom::memory_revocations(),
                                         cloakroom::when_unknown::refuse);
    visit_cookie(state, prepared(cloakroom::sealed_cookie_sessions(std::move(with_revocations))));
}
BENCHMARK(BM_revocable_sealed_load_commit)->Arg(2);

// One store for all threads.
class cookie_stores : public benchmark::Fixture {
protected:
    std::unique_ptr<cloakroom::session_store> signed_ =
        prepared(cloakroom::signed_cookie_sessions(settings()));
    std::unique_ptr<cloakroom::session_store> sealed_ =
        prepared(cloakroom::sealed_cookie_sessions(settings()));
};

BENCHMARK_DEFINE_F(cookie_stores, BM_signed_load_commit_threads)(benchmark::State& state) {
    visit_in_turn(state, *signed_, {insert(*signed_, visits("17"))});
}
BENCHMARK_REGISTER_F(cookie_stores, BM_signed_load_commit_threads)
    ->ThreadRange(1, 8)
    ->UseRealTime();

BENCHMARK_DEFINE_F(cookie_stores, BM_sealed_load_commit_threads)(benchmark::State& state) {
    visit_in_turn(state, *sealed_, {insert(*sealed_, visits("17"))});
}
BENCHMARK_REGISTER_F(cookie_stores, BM_sealed_load_commit_threads)
    ->ThreadRange(1, 8)
    ->UseRealTime();

// Verifies a cookie as Flask makes it and signs another. The argument is the size of a second value:
// 0 for none. Cookies of more than a few keys are deflated.
void BM_flask_load_commit(benchmark::State& state) {
    const auto store =
        cloakroom::flask_cookie_sessions({.secret = "a secret of more than 32 characters"});
    store->prepare({.cookie_name = "__Host-session"});
    cloakroom::session_record record = visits("17");
    if (state.range(0) > 0) {
        record.values.set("value", std::string(static_cast<std::size_t>(state.range(0)), '1'));
    }
    visit_in_turn(state, *store, {insert(*store, record)});
}
BENCHMARK(BM_flask_load_commit)->Arg(0)->Arg(1000);

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

// Encrypts and decrypts.
void BM_aes_gcm(benchmark::State& state) {
    cloakroom::process_mark process;
    cloakroom::sealing_key key("purpose", "secret", process);
    std::string text(static_cast<std::size_t>(state.range(0)), 'm');
    std::array<char, cloakroom::sealing_key::nonce_bytes> nonce;
    std::array<char, cloakroom::sealing_key::tag_bytes> tag;
    for (auto _ : state) {
        benchmark::DoNotOptimize(key.seal(nonce, text, tag));
        benchmark::DoNotOptimize(key.open(nonce, text, tag));
    }
}
BENCHMARK(BM_aes_gcm)->Arg(28)->Arg(1000);

}  // namespace
