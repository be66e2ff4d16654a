// SPDX-License-Identifier: MIT
// However a stream of requests is cut into pieces on its way, what comes back is the same.
#include "wire.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using namespace std::string_literals;

// All that a handler can see of a request.
std::string describe_whole(const request& req) {
    std::string all{to_string(req.method())};
    all += " " + std::string{req.path()} + "?" + std::string{req.query()} + " at " +
           std::string{req.host()} + " 1." + std::to_string(req.minor_version()) + "\n";
    for (const field_view& each : req.headers()) {
        all += std::string{each.name} + "=" + std::string{each.value} + "\n";
    }
    return all + std::string{req.body()} + "\n";
}

void add_routes_of_all_kinds(app& to) {
    limits small;
    small.header_bytes = 300;
    small.header_count = 5;
    small.target_bytes = 60;
    small.body_bytes = 30;
    small.trailer_bytes = 40;
    to.limit(small);
    to.any("/", &describe_whole);
    to.any("/a/{rest...}",
           [](const request& req, std::string_view) { return describe_whole(req); });
    to.any("/later", [](const request& req) -> task<std::string> {
        const auto here = co_await boost::asio::this_coro::executor;
        co_await boost::asio::post(here, boost::asio::use_awaitable);
        co_return describe_whole(req);
    });
}

outcome send(app& to, const std::vector<std::string_view>& pieces, bool parks) {
    wire one(to, parks);
    for (const std::string_view piece : pieces) {
        one.receive(piece);
    }
    return one.got();
}

// The interim response may be left out when the content has come already. RFC 9110 section 10.1.1.
outcome without_continue(outcome of) {
    const std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
    const std::size_t at = of.bytes.find(interim);
    if (at != std::string::npos) {
        of.bytes.erase(at, interim.size());
    }
    return of;
}

std::string statuses(const outcome& of) {
    std::string all;
    std::size_t at = 0;
    while ((at = of.bytes.find("HTTP/1.1 ", at)) != std::string::npos) {
        at += 9;
        const bool is_status_line = of.bytes[at] >= '1' && of.bytes[at] <= '5';
        all += is_status_line ? of.bytes.substr(at, 4) : "";
    }
    return all + (of.has_closed ? "close" : "open");
}

struct stream {
    std::string text;
    std::string expected;  ///< The statuses, and what becomes of the connection.
};

void expect_the_same_however_split(const std::vector<stream>& table) {
    app under_test;
    add_routes_of_all_kinds(under_test);
    for (const stream& each : table) {
        SCOPED_TRACE(::testing::PrintToString(each.text));
        const std::string_view text = each.text;
        const outcome whole = without_continue(send(under_test, {text}, false));
        EXPECT_EQ(statuses(whole), each.expected);
        for (const bool parks : {false, true}) {
            for (std::size_t at = 0; at <= text.size(); ++at) {
                const outcome halves =
                    send(under_test, {text.substr(0, at), text.substr(at)}, parks);
                ASSERT_EQ(without_continue(halves), whole) << "split at " << at;
            }
            std::vector<std::string_view> bytes;
            for (std::size_t at = 0; at < text.size(); ++at) {
                bytes.push_back(text.substr(at, 1));
            }
            ASSERT_EQ(without_continue(send(under_test, bytes, parks)), whole) << "byte by byte";
        }
    }
}

const std::string head = " HTTP/1.1\r\nHost: h\r\n";
const std::string get = "GET /a/b?c=d" + head + "\r\n";
const std::string post = "POST /" + head + "Content-Length: 4\r\n\r\nbody";
const std::string chunked = "POST /" + head + "Transfer-Encoding: chunked\r\n\r\n";

TEST(Split, LeavesOneRequestAsItIs) {
    expect_the_same_however_split({
        {get, "200 open"},
        {post, "200 open"},
        {"HEAD /a/b" + head + "\r\n", "200 open"},
        {"OPTIONS *" + head + "\r\n", "204 open"},
        {"PUT /later" + head + "Content-Length: 0\r\n\r\n", "200 open"},
        {"GET http://other:80/a/b HTTP/1.1\r\nHost: other:80\r\n\r\n", "200 open"},
        {"\r\n" + get, "200 open"},
        {"GET /a/%2F%41 HTTP/1.1\r\nhOST:\t h \r\nX:\r\nY: y y\r\n\r\n", "200 open"},
        {"GET / HTTP/1.0\r\n\r\n", "200 close"},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "200 open"},
        {"GET /" + head + "Connection: close\r\n\r\n" + get, "200 close"},
        {"POST /" + head + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\nbody", "200 open"},
        {"GET /missing" + head + "\r\n", "404 open"},
        {"BREW /" + head + "\r\n", "501 close"},
    });
}

TEST(Split, LeavesChunkedRequestsAsTheyAre) {
    expect_the_same_however_split({
        {chunked + "4\r\nbody\r\n0\r\n\r\n", "200 open"},
        {chunked + "0\r\n\r\n", "200 open"},
        {chunked +
             "0002;name=value;other=\"quo;ted\"\r\nbo\r\n2\r\ndy\r\n0;last\r\n"
             "X-Sum: 1\r\nCookie: a=b\r\n\r\n" +
             get,
         "200 200 open"},
        {chunked + "a\r\n0123456789\r\nA\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
         "200 open"},
        {"POST /later" + chunked.substr(6) + "4\r\n\r\n\r\n\r\n0\r\n\r\n" + get, "200 200 open"},
    });
}

TEST(Split, LeavesPipelinedRequestsAsTheyAre) {
    expect_the_same_however_split({
        {get + get + get, "200 200 200 open"},
        {post + get + post + "\r\n" + get, "200 200 200 200 open"},
        {get + chunked + "4\r\nbody\r\n0\r\n\r\n" + post, "200 200 200 open"},
        {"GET /later" + head + "\r\n" + post + "GET /later" + head + "\r\n", "200 200 200 open"},
        {get + "nonsense\r\n\r\n" + get, "200 400 close"},
    });
}

// Whether the content comes is not known then.
TEST(Split, EndsAtARequestThatIsAnsweredBeforeItsContent) {
    app under_test;
    add_routes_of_all_kinds(under_test);
    const std::string asked =
        "POST /missing" + head + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    const std::string text = asked + "body" + get;
    for (const bool parks : {false, true}) {
        for (std::size_t at = 0; at <= text.size(); ++at) {
            const std::string_view all = text;
            const outcome halves = send(under_test, {all.substr(0, at), all.substr(at)}, parks);
            EXPECT_EQ(statuses(halves), at == asked.size() ? "404 close" : "404 200 open")
                << "split at " << at;
        }
    }
}

TEST(Split, LeavesRefusalsOfTheRequestLineAsTheyAre) {
    expect_the_same_however_split({
        {"G@T /" + head + "\r\n" + get, "400 close"},
        {" GET /" + head + "\r\n", "400 close"},
        {"GET a/b" + head + "\r\n", "400 close"},
        {"GET /a b" + head + "\r\n", "400 close"},
        {"GET  /" + head + "\r\n", "400 close"},
        {"GET /a/%4" + head + "\r\n" + get, "400 200 open"},
        {"GET /a/%00" + head + "\r\n", "400 open"},
        {"GET /a/#b" + head + "\r\n", "400 close"},
        {"GET * HTTP/1.1\r\nHost: h\r\n\r\n", "400 close"},
        {"CONNECT h:80" + head + "\r\n", "501 close"},
        {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505 close"},
        {"GET /\r\nHost: h\r\n\r\n", "400 close"},
        {"\r\n\r\n" + get, "400 close"},
        {"GET /" + std::string(60, 'x') + head + "\r\n" + get, "414 close"},
        {"HEAD /" + std::string(400, 'x'), "414 close"},
        {"HEAD /a\x01" + head + "\r\n", "400 close"},
        {"GET /" + std::string(60, 'x') + "\x01" + head + "\r\n", "414 close"},
        {"GET /" + std::string(60, 'x') + head + "X: a\nY: b\r\n\r\n", "414 close"},
        {"BREW /" + std::string(60, 'x') + head + "\r\n", "414 close"},
        {"GET /" + std::string(50, 'x') + "\n" + head + "\r\n", "400 close"},
    });
}

TEST(Split, LeavesRefusalsOfFieldsAsTheyAre) {
    const std::string line = "GET / HTTP/1.1\r\n";
    expect_the_same_however_split({
        {line + "\r\n" + get, "400 close"},
        {line + "Host: h\r\nHost: h\r\n\r\n", "400 close"},
        {line + "Host: h/i\r\n\r\n", "400 close"},
        {line + "Host: h\r\nX: a\rb\r\n\r\n", "400 close"},
        {line + "Host: h\nX: a\r\n\r\n" + get, "400 close"},
        {line + "Accept: text/html\r\nHost: h\nX: a\r\n\r\n" + get, "400 close"},
        {line + "Host: h\r\nX: a\0b\r\n\r\n"s, "400 close"},
        {line + "Host: h\r\nX: a\r\n b\r\n\r\n", "400 close"},
        {line + "Host: h\r\nX : a\r\n\r\n", "400 close"},
        {line + "Host: h\r\nX\r\n\r\n", "400 close"},
        {line + "Host: h\r\n: a\r\n\r\n", "400 close"},
        {line + "Host: h\r\nExpect: much\r\n\r\n", "417 close"},
        {line + "Host: h\r\nA:\r\nB:\r\nC:\r\nD:\r\nE:\r\n\r\n" + get, "431 close"},
        {line + "Host: h\r\nX: " + std::string(300, 'x') + "\r\n\r\n" + get, "431 close"},
    });
}

TEST(Split, LeavesRefusalsOfTheFramingAsTheyAre) {
    const std::string line = "POST /" + head;
    const std::string body = "4\r\nbody\r\n0\r\n\r\n";
    const std::string coding = "Transfer-Encoding: ";
    const std::string length = "Content-Length: ";
    expect_the_same_however_split({
        {line + coding + "chunked\r\n" + length + "4\r\n\r\n" + body, "400 close"},
        {line + length + "4\r\n" + coding + "chunked\r\n\r\n" + body, "400 close"},
        {line + coding + "gzip\r\n\r\n" + body, "400 close"},
        {line + coding + "gzip, chunked\r\n\r\n" + body, "501 close"},
        {line + coding + "chunked, chunked\r\n\r\n" + body, "400 close"},
        {line + coding + "chunked\r\n" + coding + "chunked\r\n\r\n" + body, "400 close"},
        {"POST / HTTP/1.0\r\n" + coding + "chunked\r\n\r\n" + body, "400 close"},
        {line + length + "4, 4\r\n\r\nbody", "400 close"},
        {line + length + "4\r\n" + length + "4\r\n\r\nbody", "400 close"},
        {line + length + "4\r\n" + length + "5\r\n\r\nbody!", "400 close"},
        {line + length + "+4\r\n\r\nbody", "400 close"},
        {line + length + "18446744073709551616\r\n\r\nbody", "400 close"},
        {line + length + "31\r\n\r\n" + std::string(31, 'b') + get, "413 close"},
        {line + "Expect: 100-continue\r\n" + length + "31\r\n\r\n" + std::string(31, 'b'),
         "413 close"},
    });
}

TEST(Split, LeavesRefusalsOfChunksAsTheyAre) {
    expect_the_same_however_split({
        {chunked + "ffffffffffffffff\r\nbody", "413 close"},
        {chunked + "10000000000000004\r\nbody\r\n0\r\n\r\n", "413 close"},
        {chunked + "-4\r\nbody\r\n0\r\n\r\n", "400 close"},
        {chunked + "+4\r\nbody\r\n0\r\n\r\n", "400 close"},
        {chunked + "0x4\r\nbody\r\n0\r\n\r\n", "400 close"},
        {chunked + " 4\r\nbody\r\n0\r\n\r\n", "400 close"},
        {chunked + "\r\nbody\r\n0\r\n\r\n", "400 close"},
        {chunked + "4\nbody\r\n0\r\n\r\n", "400 close"},
        {chunked + "4;a\rb\r\nbody\r\n0\r\n\r\n", "400 close"},
        {chunked + "4;a\0b\r\nbody\r\n0\r\n\r\n"s, "400 close"},
        {chunked + "4\r\nbodyX\r\n0\r\n\r\n", "400 close"},
        {chunked + "4\r\nbody\r\n0\r\nX : 1\r\n\r\n", "400 close"},
        {chunked + "4\r\nbody\r\n0\r\nX: " + std::string(60, 'x') + "\r\n\r\n" + get, "431 close"},
        {chunked + "1e\r\n" + std::string(30, 'b') + "\r\n1\r\nb\r\n0\r\n\r\n", "413 close"},
        {chunked + "4\r\nbody\r\n0\r\n\r\nx y\r\n\r\n", "200 400 close"},
    });
}

}  // namespace
}  // namespace cloakroom
