// SPDX-License-Identifier: MIT
// Which heads are taken and which are refused, RFC by RFC section.
#include "http1/head_parser.hpp"

#include "parsing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::http1 {
namespace {

using namespace std::string_view_literals;

parsed_message parse_with(std::string_view fields, std::string_view version = "1.1") {
    std::string head = "POST /a HTTP/" + std::string(version) + "\r\n";
    if (version == "1.1") {
        head += "Host: h\r\n";
    }
    head += fields;
    return parse(head + "\r\n");
}

TEST(HeadParser, ReadsARequestLineAndItsFields) {
    const parsed_message message = parse(
        "DELETE /a%20b/c?d=e?f HTTP/1.1\r\nHost: example.com:8080\r\nX-Empty:\r\n"
        "x-blanks: \t a  b\t \r\nX-Eight-Bit: \xC3\xA9\r\n\r\n");
    EXPECT_EQ(describe(message),
              "DELETE </a%20b/c?d=e?f> </a%20b/c> <d=e?f> <example.com:8080> 1.1\n"
              "<Host>=<example.com:8080>\n<X-Empty>=<>\n<x-blanks>=<a  b>\n"
              "<X-Eight-Bit>=<\xC3\xA9>\nhead 105 keep\nbody <>");
}

TEST(HeadParser, KnowsTheMethods) {
    for (std::size_t index = 0; index < method_count; ++index) {
        const auto verb = static_cast<method>(index);
        const parsed_message message =
            parse(std::string(to_string(verb)) + " / HTTP/1.1\r\nHost: h\r\n\r\n");
        if (verb == method::connect) {
            continue;
        }
        EXPECT_EQ(message.result, parse_result::complete) << to_string(verb);
        EXPECT_EQ(message.parts.method, verb);
    }
}

TEST(HeadParser, RefusesRequestLines) {
    struct refused {
        std::string_view line;
        unsigned status;
    };
    const std::vector<refused> table{
        // RFC 9110 section 9.1: 501 for a method that is not recognized or not implemented
        {"get / HTTP/1.1", 501},
        {"BREW / HTTP/1.1", 501},
        {"PROPFIND / HTTP/1.1", 501},
        {"CONNECT example.com:443 HTTP/1.1", 501},
        // RFC 9112 section 3: method SP request-target SP HTTP-version
        {"GET", 400},
        {"GET /", 400},
        {"GET / ", 400},
        {"GET / HTT", 400},
        {"GET  / HTTP/1.1", 400},
        {"GET /  HTTP/1.1", 400},
        {"GET / HTTP/1.1 ", 400},
        {" GET / HTTP/1.1", 400},
        {"GET\t/ HTTP/1.1", 400},
        {"GET /\tHTTP/1.1", 400},
        {"GET / a HTTP/1.1", 400},
        {"G(T / HTTP/1.1", 400},
        {"GET\0 / HTTP/1.1"sv, 400},
        {"GET HTTP/1.1", 400},
        {"\x16\x03\x01", 400},  // TLS
        // RFC 9112 section 2.2: bare CR
        {"GET /\r HTTP/1.1", 400},
        {"GET / HTTP/1.1\r", 400},
        {"GET\r / HTTP/1.1", 400},
        // RFC 9112 section 2.3 and RFC 9110 section 15.6.6
        {"GET / HTTP/2.0", 505},
        {"GET / HTTP/1.2", 505},
        {"GET / HTTP/0.9", 505},
        {"PRI * HTTP/2.0", 505},
        {"GET / http/1.1", 400},
        {"GET / HTTP/1", 400},
        {"GET / HTTP/1.10", 400},
        {"GET / HTTP/11.1", 400},
        {"GET / HTTP/x.1", 400},
        {"GET / HTTP 1.1", 400},
        {"GET / HTTQ/1.1", 400},
    };
    for (const refused& each : table) {
        const parsed_message message = parse(std::string(each.line) + "\r\nHost: h\r\n\r\n");
        EXPECT_EQ(message.status(), each.status) << each.line;
        EXPECT_FALSE(message.why.detail.empty()) << each.line;
    }
}

TEST(HeadParser, RefusesMalformedFieldLines) {
    const std::vector<std::string_view> table{
        // RFC 9112 section 5.1: no white space before the colon, a token for a name
        "Name : a\r\n",
        "Name\t: a\r\n",
        "Na me: a\r\n",
        ": a\r\n",
        "Name\r\n",
        "Na\x01me: a\r\n",
        "Na\0me: a\r\n"sv,
        "N\xC3\xA9: a\r\n",
        "Na(me: a\r\n",
        // RFC 9112 section 5.2: no line folding
        "Name: a\r\n b\r\n",
        "Name: a\r\n\tb\r\n",
        "Name:\r\n a\r\n",
        "Name: a\r\n \r\n",
        // RFC 9110 section 5.5: no CR, LF, NUL or other control in a value
        "Name: a\rb\r\n",
        "Name: a\r\r\n",
        "Name: a\nb: c\r\n",
        "Name: a\n",
        "Name: a\0b\r\n"sv,
        "Name: a\x01"
        "b\r\n",
        "Name: a\x0B"
        "b\r\n",
        "Name: a\x1F\r\n",
        "Name: a\x7F\r\n",
        "Name: a\x1B[2J\r\n",
    };
    for (const std::string_view each : table) {
        EXPECT_EQ(parse_with(each).status(), 400U) << each;
        EXPECT_EQ(parse_with(std::string(each) + "Last: z\r\n").status(), 400U) << each;
    }
}

// RFC 9112 section 2.2: no white space between the request line and the first field.
TEST(HeadParser, RefusesAFirstFieldThatBeginsWithABlank) {
    EXPECT_EQ(parse("GET / HTTP/1.1\r\n Host: h\r\n\r\n").status(), 400U);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\n\tHost: h\r\n\r\n").status(), 400U);
}

// RFC 9112 section 3.2.
TEST(HeadParser, WantsExactlyOneValidHostInHttp11) {
    EXPECT_EQ(parse("GET / HTTP/1.1\r\n\r\n").status(), 400U);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n").status(), 400U);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n").status(), 400U);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a b\r\n\r\n").status(), 400U);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a, a\r\n\r\n").status(), 400U);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n").status(), 400U);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n").status(), 400U);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost:\r\n\r\n").result, parse_result::complete);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nhOST: a:1\r\n\r\n").parts.host, "a:1");
}

TEST(HeadParser, TakesHttp10WithoutHostButNotWithABadOne) {
    EXPECT_EQ(parse("GET / HTTP/1.0\r\n\r\n").result, parse_result::complete);
    EXPECT_EQ(parse("GET / HTTP/1.0\r\nHost: a\r\n\r\n").parts.host, "a");
    EXPECT_EQ(parse("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n").status(), 400U);
    EXPECT_EQ(parse("GET / HTTP/1.0\r\nHost: a b\r\n\r\n").status(), 400U);
}

// RFC 9112 section 3.2.2.
TEST(HeadParser, PrefersTheHostOfTheTargetButStillChecksTheField) {
    EXPECT_EQ(parse("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n").parts.host, "a");
    EXPECT_EQ(parse("GET http://a/ HTTP/1.1\r\n\r\n").status(), 400U);
    EXPECT_EQ(parse("GET http://a/ HTTP/1.1\r\nHost: b c\r\n\r\n").status(), 400U);
    EXPECT_EQ(parse("GET http://a/ HTTP/1.1\r\nHost: b\r\nHost: b\r\n\r\n").status(), 400U);
}

// RFC 9112 sections 6.1 to 6.3.
TEST(HeadParser, TakesOneKindOfFraming) {
    EXPECT_EQ(parse_with("").at.body_framing, progress::framing::none);
    EXPECT_EQ(parse_with("Content-Length: 0\r\n").at.body_framing, progress::framing::length);
    EXPECT_EQ(parse_with("Transfer-Encoding: chunked\r\n").at.body_framing,
              progress::framing::chunked);
    EXPECT_EQ(parse_with("transfer-encoding:  CHUNKED \r\n").at.body_framing,
              progress::framing::chunked);
    EXPECT_EQ(parse_with("Content-Length: 007\r\n").at.content_length, 7U);
}

TEST(HeadParser, RefusesDoubtfulFraming) {
    struct refused {
        std::string_view fields;
        unsigned status;
    };
    const std::vector<refused> table{
        // RFC 9110 section 8.6: 1*DIGIT, once
        {"Content-Length:\r\n", 400},
        {"Content-Length: +1\r\n", 400},
        {"Content-Length: -1\r\n", 400},
        {"Content-Length: 1 2\r\n", 400},
        {"Content-Length: 1,1\r\n", 400},
        {"Content-Length: 1, 1\r\n", 400},
        {"Content-Length: ,1\r\n", 400},
        {"Content-Length: 1,\r\n", 400},
        {"Content-Length: 0x1\r\n", 400},
        {"Content-Length: 1.0\r\n", 400},
        {"Content-Length: 1e1\r\n", 400},
        {"Content-Length: a\r\n", 400},
        {"Content-Length: \"1\"\r\n", 400},
        {"Content-Length: 1;a\r\n", 400},
        {"Content-Length: 1\r\nContent-Length: 1\r\n", 400},
        {"Content-Length: 1\r\nContent-Length: 2\r\n", 400},
        {"Content-Length: 18446744073709551616\r\n", 400},
        {"Content-Length: 99999999999999999999999\r\n", 400},
        // RFC 9112 section 6.1: never both
        {"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", 400},
        {"Transfer-Encoding: gzip\r\nContent-Length: 1\r\n", 400},
        {"Content-Length: 1\r\nTransfer-Encoding: gzip\r\n", 400},
        {"Transfer-Encoding: identity\r\nContent-Length: 1\r\n", 400},
        // RFC 9112 section 6.1: once, and only what is known
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", 400},
        {"Transfer-Encoding: identity\r\n", 400},
        {"Transfer-Encoding:\r\n", 400},
        {"Transfer-Encoding: xchunked\r\n", 400},
        {"Transfer-Encoding: chunked, chunked\r\n", 400},
        {"Transfer-Encoding: \x0B"
         "chunked\r\n",
         400},
        {"Transfer-Encoding : chunked\r\n", 400},
        {"Transfer-Encoding: gzip\r\n", 400},
        {"Transfer-Encoding: gzip, chunked\r\n", 501},
    };
    for (const refused& each : table) {
        EXPECT_EQ(parse_with(each.fields).status(), each.status) << each.fields;
    }
}

TEST(HeadParser, RefusesTransferEncodingInHttp10) {
    EXPECT_EQ(parse_with("Transfer-Encoding: chunked\r\n", "1.0").status(), 400U);
    EXPECT_EQ(parse_with("Transfer-Encoding: gzip\r\n", "1.0").status(), 400U);
}

// RFC 9112 section 9.3.
TEST(HeadParser, TellsWhetherTheConnectionIsKept) {
    struct kept {
        std::string_view version;
        std::string_view fields;
        bool keeps_alive;
    };
    const std::vector<kept> table{
        {"1.1", "", true},
        {"1.1", "Connection: keep-alive\r\n", true},
        {"1.1", "Connection: Upgrade\r\n", true},
        {"1.1", "Connection:\r\n", true},
        {"1.1", "Connection: close\r\n", false},
        {"1.1", "connection: CLOSE\r\n", false},
        {"1.1", "Connection: upgrade, Close\r\n", false},
        {"1.1", "Connection: upgrade\r\nConnection: close\r\n", false},
        {"1.1", "Connection: keep-alive, close\r\n", false},
        {"1.1", "Connection: closed\r\n", true},
        {"1.1", "Proxy-Connection: close\r\n", true},
        {"1.0", "", false},
        {"1.0", "Connection: keep-alive\r\n", true},
        {"1.0", "connection: KEEP-ALIVE\r\n", true},
        {"1.0", "Connection: a, keep-alive\r\n", true},
        {"1.0", "Connection: a\r\nConnection: keep-alive\r\n", true},
        {"1.0", "Connection: close, keep-alive\r\n", false},
        {"1.0", "Connection: keep-alive\r\nConnection: close\r\n", false},
        {"1.0", "Proxy-Connection: keep-alive\r\n", false},
    };
    for (const kept& each : table) {
        const parsed_message message = parse_with(each.fields, each.version);
        EXPECT_EQ(message.result, parse_result::complete) << each.version << ' ' << each.fields;
        EXPECT_EQ(message.at.keeps_alive, each.keeps_alive) << each.version << ' ' << each.fields;
    }
}

// RFC 9110 section 10.1.1.
TEST(HeadParser, KnowsOneExpectation) {
    EXPECT_TRUE(parse_with("Expect: 100-continue\r\n").at.expects_continue);
    EXPECT_TRUE(parse_with("expect: 100-Continue\r\n").at.expects_continue);
    EXPECT_FALSE(parse_with("").at.expects_continue);
    EXPECT_EQ(parse_with("Expect: 200-ok\r\n").status(), 417U);
    EXPECT_EQ(parse_with("Expect:\r\n").status(), 417U);
    EXPECT_EQ(parse_with("Expect: 100-continue, a\r\n").status(), 417U);
    EXPECT_EQ(parse_with("Expect: 100-continue\r\nExpect: a\r\n").status(), 417U);
}

TEST(HeadParser, IgnoresExpectationsInHttp10) {
    for (const std::string_view fields : {"Expect: 100-continue\r\n", "Expect: a\r\n"}) {
        const parsed_message message = parse_with(fields, "1.0");
        EXPECT_EQ(message.result, parse_result::complete) << fields;
        EXPECT_FALSE(message.at.expects_continue) << fields;
    }
}

TEST(HeadParser, KeepsTheMethodOfARefusedRequest) {
    EXPECT_EQ(parse("HEAD / HTTP/1.1\r\n\r\n").parts.method, method::head);
    EXPECT_EQ(parse("HEAD a HTTP/1.1\r\nHost: h\r\n\r\n").parts.method, method::head);
}

TEST(HeadParser, ForgetsTheFieldsOfTheLastRequestButNotTheirRoom) {
    const limits allowed;
    request::parts parts;
    progress first;
    refusal why;
    request_parser parser(allowed);
    ASSERT_EQ(
        parser.parse_head("GET http://a HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n", first, parts, why),
        parse_result::complete);
    const field_view* const room = parts.fields.data();
    progress second;
    ASSERT_EQ(parser.parse_head("GET / HTTP/1.0\r\nC: d\r\n\r\n", second, parts, why),
              parse_result::complete);
    ASSERT_EQ(parts.fields.size(), 1U);
    EXPECT_EQ(parts.fields[0].name, "C");
    EXPECT_EQ(parts.fields.data(), room);
    EXPECT_EQ(parts.host, "");
}

}  // namespace
}  // namespace cloakroom::http1
