// SPDX-License-Identifier: MIT
#include "http1/chunk_decoder.hpp"

#include "parsing.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::http1 {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view head =
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

parsed_message parse_chunks(std::string_view chunks, const cloakroom::limits& allowed = {}) {
    return parse(std::string(head) + std::string(chunks), allowed);
}

// RFC 9112 section 7.1.
TEST(ChunkDecoder, JoinsChunks) {
    struct accepted {
        std::string_view chunks;
        std::string_view body;
    };
    const std::vector<accepted> table{
        {"0\r\n\r\n", ""},
        {"000\r\n\r\n", ""},
        {"1\r\na\r\n0\r\n\r\n", "a"},
        {"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde"},
        {"a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789"},
        {"00000000000000000000000000000003\r\nabc\r\n0\r\n\r\n", "abc"},
        {"7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "\r\n0\r\n\r\n"},
        {"2\r\n\0\xFF\r\n0\r\n\r\n"sv, "\0\xFF"sv},
        // section 7.1.1: extensions
        {"1;a\r\nx\r\n0;b=c\r\n\r\n", "x"},
        {"1 ; a = \"b;\\\"c\"\r\nx\r\n0\t;\td\r\n\r\n", "x"},
        {"1;\r\nx\r\n0;\xC3\xA9\r\n\r\n", "x"},
        // section 7.1.2: trailer fields
        {"1\r\nx\r\n0\r\nA: b\r\nContent-Length: 5\r\nE:\r\n\r\n", "x"},
    };
    for (const accepted& each : table) {
        const parsed_message message = parse_chunks(each.chunks);
        EXPECT_EQ(message.result, parse_result::complete) << each.chunks;
        EXPECT_EQ(message.body(), each.body) << each.chunks;
        EXPECT_EQ(message.at.read_bytes, head.size() + each.chunks.size()) << each.chunks;
        EXPECT_EQ(message.parts.fields.size(), 2U) << each.chunks;
    }
}

TEST(ChunkDecoder, RefusesMalformedFraming) {
    const std::vector<std::string_view> table{
        // section 7.1: chunk-size is 1*HEXDIG
        "\r\n",
        ";a\r\n",
        " 1\r\n",
        "+1\r\n",
        "-1\r\n",
        "0x1\r\n",
        "g\r\n",
        "1g\r\n",
        "1,2\r\n",
        "1_0\r\n",
        "\"1\"\r\n",
        "1\0\r\n"sv,
        // section 7.1: CRLF and nothing less
        "1\nx\r\n",
        "1\rx",
        "1\r\rx",
        "1\r\nx\n",
        "1\r\nx\r0",
        "1\r\nxy\r\n",
        "1\r\nx0\r\n",
        "1\r\nx\r\r\n",
        "0\n",
        "0\r\n\n",
        "0\r\n\rx",
        // section 7.1.1: blanks only around ";"
        "1 \r\n",
        "1\t\r\n",
        "1 1\r\n",
        "1 a\r\n",
        "1;a\nb\r\n",
        "1;a\n",
        "1;a\rb\r\n",
        "1;a\0b\r\n"sv,
        "1;a\x7F\r\n",
        // section 7.1.2 and 5: trailer fields are field lines
        "0\r\nA\r\n",
        "0\r\n: a\r\n",
        "0\r\nA : b\r\n",
        "0\r\n A: b\r\n",
        "0\r\nA: b\r\n c\r\n",
        "0\r\nA: b\n",
        "0\r\nA: b\rc",
        "0\r\nA: \0b\r\n"sv,
        "0\r\nA: \x7F\r\n",
        "0\r\nGET / HTTP/1.1\r\n",
    };
    for (const std::string_view chunks : table) {
        EXPECT_EQ(parse_chunks(chunks).status(), 400U) << chunks;
    }
}

TEST(ChunkDecoder, WantsMoreAfterEveryBeginning) {
    constexpr std::string_view chunks = "3;a=b\r\nabc\r\n1 ;c\r\nd\r\n0\r\nA: b\r\n\r\n";
    for (std::size_t bytes = 0; bytes < chunks.size(); ++bytes) {
        EXPECT_EQ(parse_chunks(chunks.substr(0, bytes)).result, parse_result::incomplete) << bytes;
    }
    EXPECT_EQ(parse_chunks(chunks).result, parse_result::complete);
}

TEST(ChunkDecoder, RefusesABodyOverTheLimitAsSoonAsASizeSaysSo) {
    cloakroom::limits allowed;
    allowed.body_bytes = 20;
    EXPECT_EQ(parse_chunks("14\r\n01234567890123456789\r\n0\r\n\r\n", allowed).body().size(), 20U);
    EXPECT_EQ(parse_chunks("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", allowed).result,
              parse_result::complete);
    EXPECT_EQ(parse_chunks("15", allowed).status(), 413U);
    EXPECT_EQ(parse_chunks("a\r\n0123456789\r\nb", allowed).status(), 413U);
    EXPECT_EQ(parse_chunks("14\r\n01234567890123456789\r\n1", allowed).status(), 413U);
    allowed.body_bytes = 0;
    EXPECT_EQ(parse_chunks("0\r\n\r\n", allowed).result, parse_result::complete);
    EXPECT_EQ(parse_chunks("1", allowed).status(), 413U);
}

TEST(ChunkDecoder, RefusesSizesThatOverflow) {
    cloakroom::limits allowed;
    allowed.body_bytes = std::numeric_limits<std::size_t>::max();
    EXPECT_EQ(parse_chunks("FFFFFFFFFFFFFFFF\r\n", allowed).result, parse_result::incomplete);
    EXPECT_EQ(parse_chunks("10000000000000000\r\n", allowed).status(), 413U);
    EXPECT_EQ(parse_chunks("FFFFFFFFFFFFFFFFF\r\n", allowed).status(), 413U);
    EXPECT_EQ(parse_chunks("1\r\nx\r\nFFFFFFFFFFFFFFFE\r\n", allowed).result,
              parse_result::incomplete);
    EXPECT_EQ(parse_chunks("1\r\nx\r\nFFFFFFFFFFFFFFFF\r\n", allowed).status(), 413U);
}

TEST(ChunkDecoder, BoundsTheSizeLine) {
    const std::string zeros(chunk_line_bytes - 1, '0');
    EXPECT_EQ(parse_chunks(zeros + "1\r\nx\r\n0\r\n\r\n").body(), "x");
    EXPECT_EQ(parse_chunks(zeros + "01").status(), 400U);
    const std::string extension = "1;" + std::string(chunk_line_bytes - 2, 'a');
    EXPECT_EQ(parse_chunks(extension + "\r\nx\r\n" + extension + "\r\ny\r\n0\r\n\r\n").body(),
              "xy");
    EXPECT_EQ(parse_chunks(extension + "a").status(), 400U);
    EXPECT_EQ(parse_chunks("1" + std::string(chunk_line_bytes, ' ')).status(), 400U);
}

TEST(ChunkDecoder, BoundsTheTrailerSection) {
    cloakroom::limits allowed;
    allowed.trailer_bytes = 12;
    EXPECT_EQ(parse_chunks("0\r\nA: b\r\nC: d\r\n\r\n", allowed).result, parse_result::complete);
    EXPECT_EQ(parse_chunks("0\r\nA: b\r\nC: de\r\n", allowed).status(), 431U);
    EXPECT_EQ(parse_chunks("0\r\nABCDEFGHIJKLM", allowed).status(), 431U);
    EXPECT_EQ(parse_chunks("0\r\nABCDEFGHIJKL", allowed).result, parse_result::incomplete);
}

TEST(ChunkDecoder, TakesSmallChunksButNotMostlyFraming) {
    std::string small;
    std::string padded;
    for (int index = 0; index < 2'000; ++index) {
        small += "1\r\nx\r\n";
        padded += "1;padding-padding-padding\r\nx\r\n";
    }
    EXPECT_EQ(parse_chunks(small + "0\r\n\r\n").at.body_bytes, 2'000U);
    EXPECT_EQ(parse_chunks(padded).status(), 400U);
}

TEST(ChunkDecoder, LeavesTheNextMessageAlone) {
    const parsed_message message = parse_chunks("1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1\r\n");
    ASSERT_EQ(message.result, parse_result::complete);
    const std::string_view bytes(message.bytes.data(), message.bytes.size());
    EXPECT_EQ(bytes.substr(message.at.read_bytes), "GET / HTTP/1.1\r\n");
}

TEST(ChunkDecoder, StaysCompleteWhenAskedAgain) {
    parsed_message message = parse_chunks("1\r\nx\r\n0\r\n\r\n1\r\ny\r\n");
    const std::size_t read_bytes = message.at.read_bytes;
    const limits allowed;
    EXPECT_EQ(request_parser(allowed).parse_body(message.bytes.data(), message.bytes.size(),
                                                 message.at, 100, message.why),
              parse_result::complete);
    EXPECT_EQ(message.at.read_bytes, read_bytes);
    EXPECT_EQ(message.body(), "x");
}

}  // namespace
}  // namespace cloakroom::http1
