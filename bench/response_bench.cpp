// SPDX-License-Identifier: MIT
// What it costs to make a response and to write it as bytes, into memory that is used again, as a
// connection does.
#include "http1/response_writer.hpp"
#include <cloakroom/cookie.hpp>
#include <cloakroom/response.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace {

using cloakroom::method;
using cloakroom::response;
using cloakroom::status;
using cloakroom::http1::response_context;

response_context context_of(method verb) {
    return {.request_method = verb, .date = "Thu, 26 Nov 2026 03:30:41 GMT"};
}

void write_again(benchmark::State& state, const response& made, method verb = method::get) {
    const response_context context = context_of(verb);
    std::string out;
    for (auto _ : state) {
        out.clear();
        out += cloakroom::http1::write_head(out, made, context);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

// Content of as many bytes as the argument says.
void BM_write_text(benchmark::State& state) {
    response made;
    made.set_text_type().body(std::string(static_cast<std::size_t>(state.range(0)), 'x'));
    write_again(state, made);
}
BENCHMARK(BM_write_text)->Arg(13)->Arg(1'024)->Arg(65'536);

void BM_write_head_of_64_kib(benchmark::State& state) {
    response made;
    made.set_text_type().body(std::string(65'536, 'x'));
    write_again(state, made, method::head);
}
BENCHMARK(BM_write_head_of_64_kib);

void BM_write_204(benchmark::State& state) {
    write_again(state, response(status::no_content));
}
BENCHMARK(BM_write_204);

// A page as a site with sessions sends it.
void fill_page(response& made) {
    made.set("Content-Type", "text/html; charset=utf-8")
        .set("Cache-Control", "no-store")
        .set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
        .set("Referrer-Policy", "same-origin")
        .set("X-Content-Type-Options", "nosniff");
    cloakroom::cookie session;
    session.name = "__Host-session";
    session.value = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI";
    session.max_age = std::chrono::hours{24};
    made.set_cookie(session);
}

void BM_write_6_fields(benchmark::State& state) {
    response made;
    fill_page(made);
    made.body(std::string(1'024, 'x'));
    write_again(state, made);
}
BENCHMARK(BM_write_6_fields);

// The check of each name and value, and the search for others of that name.
void BM_set_6_fields(benchmark::State& state) {
    response made;
    for (auto _ : state) {
        made.reset();
        fill_page(made);
        benchmark::DoNotOptimize(made.field_lines().data());
    }
}
BENCHMARK(BM_set_6_fields);

// All that a handler's literal takes.
void BM_make_and_write_hello(benchmark::State& state) {
    const response_context context = context_of(method::get);
    response made;
    std::string out;
    for (auto _ : state) {
        made.reset();
        out.clear();
        made.set_text_type().body_view("Hello, World!");
        out += cloakroom::http1::write_head(out, made, context);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(BM_make_and_write_hello);

}  // namespace
