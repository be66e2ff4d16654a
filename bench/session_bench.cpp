// SPDX-License-Identifier: MIT
// What sessions cost: one load and one commit of the visit counter's session, as a request makes
// them, by store and by number of threads; and the cryptography in that. Redis is in redis_bench.
#include "counter_sessions.hpp"
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

namespace {

using store_pointer = std::unique_ptr<cloakroom::session_store>;
using counter_sessions::counter;
using counter_sessions::insert;
using counter_sessions::visit_in_turn;

store_pointer memory_store() {
    return cloakroom::memory_sessions();
}

// The argument is the number of sessions in the store.
void BM_memory_load_commit(benchmark::State& state) {
    const store_pointer store = memory_store();
    visit_in_turn(state, *store, counter_sessions::insert_many(*store, state.range(0)));
}
BENCHMARK(BM_memory_load_commit)->Arg(1)->Arg(1'000)->Arg(100'000);

constexpr const char* secret = "a secret of more than 32 characters";

cloakroom::cookie_session_settings settings() {
    return {.secret = secret};
}

store_pointer prepared(store_pointer store) {
    store->prepare({.cookie_name = "__Host-session"});
    return store;
}

store_pointer signed_store() {
    return prepared(cloakroom::signed_cookie_sessions(settings()));
}

store_pointer sealed_store() {
    return prepared(cloakroom::sealed_cookie_sessions(settings()));
}

store_pointer flask_store() {
    return prepared(cloakroom::flask_cookie_sessions({.secret = secret}));
}

// Opens one cookie and makes another. The argument is the size of a second value, 0 for none.
void visit_cookie(benchmark::State& state, const store_pointer& store) {
    cloakroom::session_record record = counter();
    if (state.range(0) > 0) {
        record.values.set("value", std::string(static_cast<std::size_t>(state.range(0)), '1'));
    }
    visit_in_turn(state, *store, {insert(*store, record)});
}

void BM_signed_load_commit(benchmark::State& state) {
    visit_cookie(state, signed_store());
}
BENCHMARK(BM_signed_load_commit)->Arg(0)->Arg(1000);

void BM_sealed_load_commit(benchmark::State& state) {
    visit_cookie(state, sealed_store());
}
BENCHMARK(BM_sealed_load_commit)->Arg(0)->Arg(1000);

void BM_revocable_sealed_load_commit(benchmark::State& state) {
    cloakroom::cookie_session_settings with_revocations = settings();
    with_revocations.revocations.emplace(cloakroom::memory_revocations(),
                                         cloakroom::when_unknown::refuse);
    visit_cookie(state, prepared(cloakroom::sealed_cookie_sessions(std::move(with_revocations))));
}
BENCHMARK(BM_revocable_sealed_load_commit)->Arg(0);

// Cookies of more than a few keys are deflated.
void BM_flask_load_commit(benchmark::State& state) {
    visit_cookie(state, flask_store());
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

using make_store = store_pointer();

// One store for as many threads as the name says.
void register_threads(const std::string& name, make_store* make) {
    const std::shared_ptr<cloakroom::session_store> store = make();
    benchmark::RegisterBenchmark(
        ("BM_load_commit_threads/" + name).c_str(),
        [store](benchmark::State& state) { counter_sessions::visit_own_sessions(state, *store); })
        ->ThreadRange(1, 8)
        ->UseRealTime();
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 1;
    }
    register_threads("memory", &memory_store);
    register_threads("signed", &signed_store);
    register_threads("sealed", &sealed_store);
    register_threads("flask", &flask_store);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
