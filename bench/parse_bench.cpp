// SPDX-License-Identifier: MIT
// What it costs to parse one request. An iteration is one request, head and body, into parts that
// are used again, as a connection does. A body in chunks is decoded in place, so each iteration
// first copies its message; the copy of 1 KiB takes some 20 ns. A request that allocates is an
// error.
//
//     build/release/bench/parse_bench --benchmark_repetitions=9
#include "http1/request_parser.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::uint64_t allocations = 0;  // of the only thread

}  // namespace

// Where GCC inlines these, it takes free() for the wrong counterpart of operator new.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

void* operator new(std::size_t bytes) {
    ++allocations;
    if (void* const room = std::malloc(bytes == 0 ? 1 : bytes)) {
        return room;
    }
    throw std::bad_alloc();
}

void operator delete(void* room) noexcept {
    std::free(room);
}
void operator delete(void* room, std::size_t) noexcept {
    std::free(room);
}

namespace {

using cloakroom::http1::parse_result;
using cloakroom::http1::progress;
using cloakroom::http1::refusal;
using cloakroom::http1::request_parser;

const std::string minimal_get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

const std::string curl_get =
    "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n";

const std::string browser_get =
    "GET /visits?page=2 HTTP/1.1\r\n"
    "Host: 127.0.0.1:8080\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Connection: keep-alive\r\n"
    "Cookie: session=MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI; theme=dark\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-Site: none\r\n"
    "Priority: u=0, i\r\n\r\n";

const std::string post_1_kib =
    "POST /echo HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: text/plain\r\n"
    "Content-Length: 1024\r\n\r\n" +
    std::string(1024, 'x');

/// 1 KiB in chunks of that many bytes, with a size of hexadecimal digits.
std::string chunked_post(std::size_t chunks, std::string_view size, std::size_t bytes) {
    std::string message =
        "POST /echo HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: text/plain\r\n"
        "Transfer-Encoding: chunked\r\n\r\n";
    for (std::size_t index = 0; index < chunks; ++index) {
        message += size;
        message += "\r\n" + std::string(bytes, 'x') + "\r\n";
    }
    return message + "0\r\n\r\n";
}

class reader {
public:
    explicit reader(std::string_view message)
        : message_(message), bytes_(message.begin(), message.end()), parser_(limits_) {}

    void restore() { std::memcpy(bytes_.data(), message_.data(), message_.size()); }

    bool read() {
        progress at;
        refusal why;
        return parser_.parse_head({bytes_.data(), bytes_.size()}, at, parts_, why) ==
                   parse_result::complete &&
               parser_.parse_body(bytes_.data(), bytes_.size(), at, limits_.body_bytes, why) ==
                   parse_result::complete;
    }

    [[nodiscard]] const cloakroom::request::parts& parts() const { return parts_; }

private:
    std::string_view message_;
    std::vector<char> bytes_;
    cloakroom::limits limits_;
    request_parser parser_;
    cloakroom::request::parts parts_;
};

enum class message_is { left_as_it_is, decoded_in_place };

void parse_all(benchmark::State& state, std::string_view message,
               message_is what = message_is::left_as_it_is) {
    reader received(message);
    bool is_fine = received.read();  // makes the room for the fields
    received.restore();
    const std::uint64_t before = allocations;
    for (auto _ : state) {
        if (what == message_is::decoded_in_place) {
            received.restore();
        }
        is_fine &= received.read();
        benchmark::DoNotOptimize(received.parts());
    }
    if (!is_fine) {
        state.SkipWithError("a request was not taken");
    }
    if (allocations != before) {
        state.SkipWithError("a request allocated");
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(message.size()) * state.iterations());
}

void BM_parse_get_1_field(benchmark::State& state) {
    parse_all(state, minimal_get);
}
BENCHMARK(BM_parse_get_1_field);

void BM_parse_get_3_fields_of_curl(benchmark::State& state) {
    parse_all(state, curl_get);
}
BENCHMARK(BM_parse_get_3_fields_of_curl);

void BM_parse_get_12_fields_of_browser(benchmark::State& state) {
    parse_all(state, browser_get);
}
BENCHMARK(BM_parse_get_12_fields_of_browser);

void BM_parse_post_1_kib(benchmark::State& state) {
    parse_all(state, post_1_kib);
}
BENCHMARK(BM_parse_post_1_kib);

void BM_parse_post_1_kib_in_1_chunk(benchmark::State& state) {
    parse_all(state, chunked_post(1, "400", 1024), message_is::decoded_in_place);
}
BENCHMARK(BM_parse_post_1_kib_in_1_chunk);

void BM_parse_post_1_kib_in_64_chunks(benchmark::State& state) {
    parse_all(state, chunked_post(64, "10", 16), message_is::decoded_in_place);
}
BENCHMARK(BM_parse_post_1_kib_in_64_chunks);

}  // namespace
