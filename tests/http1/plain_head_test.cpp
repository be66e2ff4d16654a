// SPDX-License-Identifier: MIT
// What the short way takes, Beast's parser takes with the same meaning.
#include "http1/plain_head.hpp"

#include "http1/head_parser.hpp"
#include "parsing.hpp"
#include <cloakroom/text.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::http1 {
namespace {

using namespace std::string_view_literals;

const std::vector<std::string_view> plain_heads{
    "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
    "GET /a%20b/c?d=e?f HTTP/1.1\r\nHost: example.com:8080\r\nUser-Agent: curl/7.88.1\r\n"
    "Accept: */*\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost:\r\nX-Empty: \r\nX-Blanks: \t a \t b\t \r\n\r\n",
    "HEAD http://u.example/p?q HTTP/1.1\r\nhost: [::1]:80\r\nCookie: session=AbC_-.x\r\n\r\n",
    "POST /form HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"
    "Expect: 100-continue\r\nConnection: close\r\n\r\n",
    "PUT /u HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nX-Eight-Bit: \xC3\xA9\r\n\r\n",
    "DELETE /t HTTP/1.1\r\nHost: h\r\nProxy-Connection: keep-alive\r\n"
    "X-Long: 0123456789abcdef0123456789abcdef\t0123456789abcdef\r\n\r\n",
};

std::size_t read_plain(std::string_view bytes, const limits& allowed = {}) {
    progress at;
    request::parts parts;
    host_check is_host;
    return read_plain_head(bytes, allowed, is_host, at, parts);
}

// An empty line before the request is not for the short way.
parsed_message parse_by_beast(std::string_view head) {
    return parse("\r\n" + std::string(head));
}

// But for how many bytes the head takes.
std::string meaning_of(parsed_message message, std::size_t bytes_before) {
    message.at.head_bytes -= bytes_before;
    message.at.body_bytes = 0;
    return describe(message);
}

// parse() reads on into the body, which is the same code for both.
void expect_agreement(std::string_view head) {
    if (read_plain(head) == 0) {
        return;
    }
    const std::string plain = meaning_of(parse(head), 0);
    const std::string by_beast = meaning_of(parse_by_beast(head), 2);
    ASSERT_EQ(plain, by_beast) << testing::PrintToString(std::string(head));
}

TEST(PlainHead, TakesWhatClientsSend) {
    for (const std::string_view head : plain_heads) {
        EXPECT_EQ(read_plain(head), head.size()) << head;
        EXPECT_EQ(read_plain(std::string(head) + "GET"), head.size()) << head;
    }
}

TEST(PlainHead, MeansWhatBeastReads) {
    for (const std::string_view head : plain_heads) {
        expect_agreement(head);
    }
}

TEST(PlainHead, LeavesAHeadThatHasNotAllCome) {
    for (const std::string_view head : plain_heads) {
        for (std::size_t bytes = 0; bytes < head.size(); ++bytes) {
            EXPECT_EQ(read_plain(head.substr(0, bytes)), 0U) << head.substr(0, bytes);
        }
    }
}

TEST(PlainHead, LeavesWhatIsNotPlain) {
    const std::vector<std::string_view> table{
        "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "get / HTTP/1.1\r\nHost: h\r\n\r\n",
        "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: h\r\n\r\n",
        "GET /\x80 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n\n",
        "GET / HTTP/1.1\r\nHost: h\r\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: \0\r\n\r\n"sv,
        "GET / HTTP/1.1\r\nHost: h\r\nA: 12345678\x7F\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: close, x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n",
    };
    for (const std::string_view head : table) {
        EXPECT_EQ(read_plain(head), 0U) << testing::PrintToString(std::string(head));
    }
}

TEST(PlainHead, KeepsTheLimits) {
    const std::string_view head = "GET /12345 HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n";
    limits exact;
    exact.header_bytes = head.size();
    exact.header_count = 2;
    exact.target_bytes = 6;
    EXPECT_EQ(read_plain(head, exact), head.size());
    for (std::size_t limits::*limit :
         {&limits::header_bytes, &limits::header_count, &limits::target_bytes}) {
        limits less = exact;
        --(less.*limit);
        EXPECT_EQ(read_plain(head, less), 0U);
    }
}

// Each control character at each place of a word, in a value that is longer than several.
TEST(PlainHead, FindsControlsWhereverTheyStand) {
    for (int control = 0; control < 256; ++control) {
        for (std::size_t place = 0; place < 27; ++place) {
            std::string head =
                "GET / HTTP/1.1\r\nHost: h\r\nA: 0123456789\x80\xFF~ abcdefghijklm\r\n\r\n";
            head[head.find("0123") + place] = static_cast<char>(control);
            const bool is_allowed = (control >= 0x20 && control != 0x7F) || control == '\t';
            EXPECT_EQ(read_plain(head) != 0, is_allowed) << control << " at " << place;
        }
    }
}

// Each byte at each place of a name that is longer than several steps, and near the head's end.
TEST(PlainHead, TakesTokensOnlyForNames) {
    for (std::size_t size = 1; size < 36; ++size) {
        for (std::size_t place = 0; place < size; ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string name(size, place % 2 == 0 ? 'Z' : 'a');
                name[place] = static_cast<char>(byte);
                const std::string head = "GET / HTTP/1.1\r\nHost: h\r\n" + name + ":\r\n\r\n";
                // A colon ends the name, and the rest is the value.
                const bool is_allowed = is_token(name) || (byte == ':' && place != 0);
                ASSERT_EQ(read_plain(head) != 0, is_allowed) << byte << " at " << place;
                ASSERT_NO_FATAL_FAILURE(expect_agreement(head));
            }
        }
    }
}

// Bytes changed, put in, taken out and doubled, a few at a time.
TEST(PlainHead, AgreesOnDamagedHeads) {
    constexpr std::string_view bytes =
        "\r\n\t :,;*/?#%\\\"()\0\x1F\x7F\x80\xFF"
        "01aGHZ"sv;
    std::mt19937 random(20'261'125);
    const auto below = [&random](std::size_t bound) { return random() % bound; };
    std::size_t taken = 0;
    constexpr std::size_t rounds = 200'000;
    for (std::size_t round = 0; round < rounds; ++round) {
        std::string head(plain_heads[below(plain_heads.size())]);
        for (std::size_t change = 0, count = 1 + below(3); change < count; ++change) {
            const std::size_t place = below(head.size());
            switch (below(4)) {
                case 0:
                    head[place] = bytes[below(bytes.size())];
                    break;
                case 1:
                    head.insert(place, 1, bytes[below(bytes.size())]);
                    break;
                case 2:
                    head.erase(place, 1 + below(3));
                    break;
                default:
                    head.insert(below(head.size()), head.substr(place, below(24)));
                    break;
            }
        }
        taken += read_plain(head) != 0 ? 1U : 0U;
        ASSERT_NO_FATAL_FAILURE(expect_agreement(head));
    }
    EXPECT_GT(taken, rounds / 10);  // else it shows nothing
    EXPECT_LT(taken, rounds);
}

}  // namespace
}  // namespace cloakroom::http1
