// SPDX-License-Identifier: MIT
#include "load/response_reader.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::load {
namespace {

using outcome = response_reader::outcome;

// What a reader makes of a stream: the statuses, and "malformed" or "open" for how it ends.
std::string read(response_reader& reader, const std::vector<std::string_view>& pieces,
                 bool has_ended = false) {
    std::string seen;
    for (std::string_view bytes : pieces) {
        while (!bytes.empty()) {
            const outcome next = reader.next(bytes);
            if (next == outcome::malformed) {
                return seen + "malformed";
            }
            if (next == outcome::complete) {
                seen += std::to_string(reader.status()) + (reader.closes() ? " closes " : " ");
            }
        }
    }
    if (!has_ended) {
        return seen + "open";
    }
    const outcome last = reader.end();
    if (last == outcome::complete) {
        return seen + std::to_string(reader.status()) + " by end";
    }
    return seen + (last == outcome::malformed ? "cut" : "ended");
}

std::string read_whole(std::string_view stream, bool has_ended = false) {
    known_head known;
    response_reader reader(known, nullptr);
    return read(reader, {stream}, has_ended);
}

struct stream_case {
    const char* name;
    std::string_view bytes;
    std::string_view seen;
};

const stream_case streams[] = {
    {"two with Content-Length",
     "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
     "HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n",
     "200 404 open"},
    {"chunks, an extension, a trailer, another response",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
     "5;name=\"value\"\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nTrailer: 1\r\n\r\n"
     "HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n!",
     "200 201 open"},
    {"interim responses",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n"
     "\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
     "200 open"},
    {"without a body",
     "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 Not Modified\r\n"
     "Content-Length: 9\r\n\r\nHTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n",
     "204 304 200 open"},
    {"closing", "HTTP/1.1 200 OK\r\nConnection: Upgrade, Close\r\nContent-Length: 0\r\n\r\n",
     "200 closes open"},
    {"HTTP/1.0",
     "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.0 200 OK\r\n"
     "Connection: keep-alive\r\nContent-Length: 0\r\n\r\n",
     "200 closes 200 open"},
    {"the same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
     "200 open"},
    {"a status without a phrase", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "200 open"},
};

TEST(ResponseReader, FindsEachEndHoweverTheStreamIsSplit) {
    for (const stream_case& each : streams) {
        EXPECT_EQ(read_whole(each.bytes), each.seen) << each.name;
        for (std::size_t at = 0; at <= each.bytes.size(); ++at) {
            known_head known;
            response_reader reader(known, nullptr);
            ASSERT_EQ(read(reader, {each.bytes.substr(0, at), each.bytes.substr(at)}), each.seen)
                << each.name << ", split at " << at;
        }
        known_head known;
        response_reader reader(known, nullptr);
        std::vector<std::string_view> bytes;
        for (std::size_t at = 0; at < each.bytes.size(); ++at) {
            bytes.push_back(each.bytes.substr(at, 1));
        }
        EXPECT_EQ(read(reader, bytes), each.seen) << each.name << ", byte by byte";
    }
}

TEST(ResponseReader, RefusesWhatHasNoCertainEnd) {
    constexpr std::string_view heads[] = {
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 0\r\n\r\n",
    };
    for (const std::string_view head : heads) {
        EXPECT_EQ(read_whole(head), "malformed") << head;
    }
}

TEST(ResponseReader, RefusesBrokenChunks) {
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string_view body :
         {"x\r\n", "\r\n", "-1\r\n", "5\n", "3\r\nabcd\r\n", "fffffffffffffffff\r\n", "5x\r\n"}) {
        EXPECT_EQ(read_whole(head + std::string(body)), "malformed") << body;
    }
}

TEST(ResponseReader, EndsABodyWithoutLengthWhereTheConnectionEnds) {
    EXPECT_EQ(read_whole("HTTP/1.1 200 OK\r\n\r\nsome text", true), "200 by end");
    EXPECT_EQ(read_whole("HTTP/1.0 200 OK\r\n\r\n", true), "200 by end");
}

TEST(ResponseReader, TellsACutResponseFromAnIdleEnd) {
    const std::string whole = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    EXPECT_EQ(read_whole("", true), "ended");
    EXPECT_EQ(read_whole(whole, true), "200 ended");
    for (std::size_t size = 1; size < whole.size(); ++size) {
        EXPECT_EQ(read_whole(std::string_view(whole).substr(0, size), true), "cut") << size;
    }
}

TEST(ResponseReader, LimitsTheHead) {
    const std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
    const std::string end = "\r\n\r\n";
    const auto with_size = [&](std::size_t bytes) {
        return start + std::string(bytes - start.size() - end.size(), 'x') + end;
    };

    EXPECT_EQ(read_whole(with_size(response_reader::head_limit_bytes)), "200 open");
    EXPECT_EQ(read_whole(with_size(response_reader::head_limit_bytes + 1)), "malformed");
}

TEST(ResponseReader, LimitsTheLinesOfChunksAndTheTrailer) {
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string extension(response_reader::chunk_line_limit_bytes, 'x');
    EXPECT_EQ(read_whole(head + "0;" + extension), "malformed");

    std::string trailer = head + "0\r\n";
    for (std::size_t size = 0; size < response_reader::trailer_limit_bytes; size += 16) {
        trailer += "Name: value-12\r\n";
    }
    EXPECT_EQ(read_whole(trailer), "malformed");
}

TEST(ResponseReader, StoresCookiesAndSaysSoOnce) {
    known_head known;
    cookie_jar jar;
    response_reader reader(known, &jar);
    read(reader, {"HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\n"
                  "Content-Length: 0\r\n\r\n"});

    EXPECT_EQ(jar.field_value(), "a=1; b=2");
    EXPECT_TRUE(reader.take_cookie_change());
    EXPECT_FALSE(reader.take_cookie_change());
}

TEST(ResponseReader, DoesNotTakeAKnownHeadForAnother) {
    const std::string one = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na";
    const std::string other = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nabcdefghijkl";
    EXPECT_EQ(read_whole(one + one + other + one), "200 200 200 200 open");
}

TEST(ResponseReader, BeginsAnewAfterAReset) {
    known_head known;
    response_reader reader(known, nullptr);
    read(reader, {"HTTP/1.1 200 OK\r\nContent-Le"});
    reader.reset();

    EXPECT_EQ(read(reader, {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}), "200 open");
}

}  // namespace
}  // namespace cloakroom::load
