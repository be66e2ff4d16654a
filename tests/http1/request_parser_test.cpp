// SPDX-License-Identifier: MIT
// Messages as they come over a network: in any pieces, one after another, and over the limits.
#include "http1/request_parser.hpp"

#include "parsing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::http1 {
namespace {

using namespace std::string_view_literals;

const std::vector<std::string>& messages() {
    static const std::vector<std::string> all{
        // without a body
        "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "HEAD /a/b?c=d HTTP/1.1\r\nHost: h:1\r\nAccept: */*\r\nCookie: a=b; c=d\r\n\r\n",
        "GET http://h HTTP/1.1\r\nHost: i\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\nX: \r\nY:\t\r\n\r\n",
        // with a length
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
        "PUT / HTTP/1.0\r\nContent-Length: 7\r\nConnection: keep-alive\r\n\r\n\r\n\r\n\r\n\r",
        "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
        // in chunks
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n1;a=\"b\"\r\n,\r\n00c ;x\r\n world\r\n0\r\n\r\r\n0;y\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nab\r\n0\r\nA: b\r\nC:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "1A\r\nabcdefghijklmnopqrstuvwxyz\r\n1a\r\nABCDEFGHIJKLMNOPQRSTUVWXYZ\r\n0\r\n\r\n",
        // refused for the request line
        "GET / HTTP/2.0\r\nHost: h\r\n\r\n",
        "BREW / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET a HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / \r\n\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "\n\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "\rGET / HTTP/1.1\r\nHost: h\r\n\r\n",
        // refused for the fields
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\nHost: h\n\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n\rA: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nExpect: a\r\n\r\n",
        // refused for the framing
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n200000\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\rc",
        // incomplete
        "",
        "\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhell",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n",
    };
    return all;
}

/// Feeds the pieces until the message is complete or refused.
std::string describe_pieces(const std::vector<std::string_view>& pieces, framing_bytes use) {
    const limits allowed;
    piecewise_receiver receiver(allowed, use);
    for (const std::string_view piece : pieces) {
        if (receiver.add(piece) != parse_result::incomplete) {
            break;
        }
    }
    return describe(std::move(receiver).finish());
}

TEST(RequestParser, FindsTheSameInTwoPiecesSplitAnywhere) {
    for (const std::string& message : messages()) {
        const std::string whole = describe(parse(message));
        for (std::size_t split = 0; split <= message.size(); ++split) {
            const std::vector<std::string_view> pieces{std::string_view(message).substr(0, split),
                                                       std::string_view(message).substr(split)};
            EXPECT_EQ(describe_pieces(pieces, framing_bytes::kept), whole)
                << split << ' ' << message;
            EXPECT_EQ(describe_pieces(pieces, framing_bytes::dropped), whole)
                << split << ' ' << message;
        }
    }
}

TEST(RequestParser, FindsTheSameInPiecesOfAnySize) {
    for (const std::string& message : messages()) {
        const std::string whole = describe(parse(message));
        for (std::size_t bytes = 1; bytes <= 7; ++bytes) {
            std::vector<std::string_view> pieces;
            for (std::size_t begin = 0; begin < message.size(); begin += bytes) {
                pieces.push_back(std::string_view(message).substr(begin, bytes));
            }
            EXPECT_EQ(describe_pieces(pieces, framing_bytes::kept), whole)
                << bytes << ' ' << message;
            EXPECT_EQ(describe_pieces(pieces, framing_bytes::dropped), whole)
                << bytes << ' ' << message;
        }
    }
}

TEST(RequestParser, LeavesPipelinedBytesAlone) {
    constexpr std::string_view next = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n0\r\n\r\n";
    for (const std::string& message : messages()) {
        const parsed_message alone = parse(message);
        if (alone.result != parse_result::complete) {
            continue;
        }
        const parsed_message first = parse(message + std::string(next));
        EXPECT_EQ(describe(first), describe(alone)) << message;
        EXPECT_EQ(first.at.read_bytes, message.size()) << message;
        const std::string_view bytes(first.bytes.data(), first.bytes.size());
        EXPECT_EQ(bytes.substr(first.at.read_bytes), next) << message;
    }
}

TEST(RequestParser, ReadsACompleteHeadAgainWithoutTouchingTheProgress) {
    const std::string message =
        "\r\nPOST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nd";
    const limits allowed;
    parsed_message first = parse(message);
    ASSERT_EQ(first.result, parse_result::incomplete);
    const progress before = first.at;
    const std::vector<char> moved = first.bytes;
    request_parser parser(allowed);
    ASSERT_EQ(parser.parse_head({moved.data(), moved.size()}, first.at, first.parts, first.why),
              parse_result::complete);
    EXPECT_EQ(first.at.head_bytes, before.head_bytes);
    EXPECT_EQ(first.at.scanned, before.scanned);
    EXPECT_EQ(first.at.read_bytes, before.read_bytes);
    EXPECT_EQ(first.at.body_bytes, before.body_bytes);
    EXPECT_EQ(first.at.chunk_left, before.chunk_left);
    EXPECT_EQ(first.at.chunk, before.chunk);
    EXPECT_EQ(first.at.body_framing, before.body_framing);
    EXPECT_EQ(first.at.keeps_alive, before.keeps_alive);
    EXPECT_EQ(first.parts.target.data(), moved.data() + 7);

    progress fresh;
    ASSERT_EQ(parser.parse_head({moved.data(), moved.size()}, fresh, first.parts, first.why),
              parse_result::complete);
    EXPECT_EQ(fresh.head_bytes, before.head_bytes);
    EXPECT_EQ(fresh.body_framing, before.body_framing);
}

TEST(RequestParser, SaysNothingOfAHeadThatIsIncomplete) {
    const limits allowed;
    request::parts parts;
    progress at;
    refusal why;
    ASSERT_EQ(request_parser(allowed).parse_head("POST / HTTP/1.1\r\nHost: h\r\n"
                                                 "Content-Length: 5\r\nConnection: close\r\n",
                                                 at, parts, why),
              parse_result::incomplete);
    EXPECT_EQ(at.head_bytes, 0U);
    EXPECT_EQ(at.read_bytes, 0U);
    EXPECT_EQ(at.body_framing, progress::framing::none);
    EXPECT_TRUE(at.keeps_alive);
}

TEST(RequestParser, SkipsOneEmptyLineBeforeTheRequest) {
    const parsed_message message = parse("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(message.result, parse_result::complete);
    EXPECT_EQ(message.at.head_bytes, 29U);
    EXPECT_EQ(parse("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n").status(), 400U);
}

TEST(RequestParser, RefusesWhatCannotBeARequestBeforeItsEnd) {
    EXPECT_EQ(parse("\x16\x03\x01\x02").status(), 400U);
    EXPECT_EQ(parse("GET / HTTP/1.1\n").status(), 400U);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: h\r\n ").status(), 400U);
}

// The limits, each met and crossed by one.

TEST(RequestParser, BoundsTheHead) {
    const std::string fields = "GET / HTTP/1.1\r\nHost: h\r\nA: ";
    limits allowed;
    allowed.header_bytes = 100;
    const std::string fitting = fields + std::string(100 - fields.size() - 4, 'a') + "\r\n\r\n";
    EXPECT_EQ(parse(fitting, allowed).result, parse_result::complete);
    EXPECT_EQ(parse(fitting + "GET / HTTP/1.1\r\n", allowed).result, parse_result::complete);
    const std::string larger = fields + std::string(100 - fields.size() - 3, 'a') + "\r\n\r\n";
    EXPECT_EQ(parse(larger, allowed).status(), 431U);
    EXPECT_EQ(parse(larger.substr(0, 100), allowed).status(), 431U);
    EXPECT_EQ(parse(larger.substr(0, 99), allowed).result, parse_result::incomplete);
    EXPECT_EQ(parse("\r\n" + fitting, allowed).status(), 431U);
    EXPECT_EQ(parse(std::string(100, 'A'), allowed).status(), 431U);
}

TEST(RequestParser, TakesHeadsBeyondTheParsersOwnLimit) {  // Beast's is 8 KiB
    limits allowed;
    allowed.header_bytes = 100'000;
    allowed.target_bytes = 50'000;
    const std::string target(40'000, '/');
    const parsed_message message = parse(
        "GET " + target + " HTTP/1.1\r\nHost: h\r\nA: " + std::string(40'000, 'b') + "\r\n\r\n",
        allowed);
    EXPECT_EQ(message.result, parse_result::complete);
    EXPECT_EQ(message.parts.target, target);
    EXPECT_EQ(message.parts.fields[1].value.size(), 40'000U);
}

TEST(RequestParser, BoundsTheTarget) {
    limits allowed;
    allowed.target_bytes = 10;
    EXPECT_EQ(parse("GET /123456789 HTTP/1.1\r\nHost: h\r\n\r\n", allowed).result,
              parse_result::complete);
    EXPECT_EQ(parse("GET /123456789a HTTP/1.1\r\nHost: h\r\n\r\n", allowed).status(), 414U);
    EXPECT_EQ(parse("GET /123456789", allowed).result, parse_result::incomplete);
    EXPECT_EQ(parse("GET /123456789a", allowed).status(), 414U);
    EXPECT_EQ(parse("\r\nGET /123456789a", allowed).status(), 414U);
    EXPECT_EQ(parse("GET /123456789 HTTP/1.1\r\n", allowed).result, parse_result::incomplete);
    EXPECT_EQ(parse("POST / HTTP/1.1\r\nHost: abcdefghijklmnop\r\n", allowed).result,
              parse_result::incomplete);
}

TEST(RequestParser, PrefersTheTargetAsTheReasonWhenTheHeadIsTooLongAsWell) {
    const std::string message = "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n";
    EXPECT_EQ(parse(message).status(), 414U);
    EXPECT_EQ(parse(message.substr(0, 10'000)).status(), 414U);
}

TEST(RequestParser, BoundsTheNumberOfFields) {
    limits allowed;
    allowed.header_count = 3;
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\n\r\n", allowed).result,
              parse_result::complete);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", allowed).status(),
              431U);
}

TEST(RequestParser, RefusesALengthOverTheLimitBeforeTheBody) {
    limits allowed;
    allowed.body_bytes = 5;
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ";
    EXPECT_EQ(parse(head + "5\r\n\r\nhello", allowed).body(), "hello");
    EXPECT_EQ(parse(head + "6\r\n\r\n", allowed).status(), 413U);
    EXPECT_EQ(parse(head + "18446744073709551615\r\n\r\n", allowed).status(), 413U);
}

TEST(RequestParser, WaitsForALengthThatNoBufferHolds) {
    limits allowed;
    allowed.body_bytes = static_cast<std::size_t>(-1);
    const parsed_message message = parse(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551615\r\n\r\na", allowed);
    EXPECT_EQ(message.result, parse_result::incomplete);
    EXPECT_EQ(message.body(), "a");
}

TEST(RequestParser, HoldsNoMoreThanTheContentWhenFramingIsDropped) {
    const limits allowed;
    piecewise_receiver receiver(allowed, framing_bytes::dropped);
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    static_cast<void>(receiver.add(head));
    for (int index = 0; index < 1'000; ++index) {
        ASSERT_EQ(receiver.add("1;abc\r\nx\r\n"), parse_result::incomplete);
    }
    ASSERT_EQ(receiver.add("0\r\n\r\n"), parse_result::complete);
    const parsed_message message = std::move(receiver).finish();
    EXPECT_EQ(message.body(), std::string(1'000, 'x'));
    EXPECT_EQ(message.bytes.size(), head.size() + 1'000 + 5);
}

}  // namespace
}  // namespace cloakroom::http1
