// SPDX-License-Identifier: MIT
#include "redis/reply_reader.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::redis {
namespace {

using kind = reply::kind;
using progress = reply_reader::progress;

// A reply as one line, so that it can be compared and shown.
std::string shown(const reply& given) {
    switch (given.what) {
        case kind::none:
            return "none";
        case kind::nil:
            return "nil";
        case kind::text:
            return "text " + given.text;
        case kind::status:
            return "status " + given.text;
        case kind::error:
            return "error " + given.text;
        case kind::integer:
            return "integer " + std::to_string(given.number);
        case kind::list:
            break;
    }
    std::string all = "[";
    for (const reply& each : given.elements) {
        all += (all.size() > 1 ? ", " : "") + shown(each);
    }
    return all + "]";
}

// The replies that come out of bytes fed in two pieces; "failed" where no more does.
std::vector<std::string> replies_in(std::string_view bytes, std::size_t split = 0) {
    reply_reader reader;
    std::vector<std::string> found;
    for (const std::string_view piece : {bytes.substr(0, split), bytes.substr(split)}) {
        reader.feed(piece);
        reply next;
        progress how = reader.next(next);
        for (; how == progress::complete; how = reader.next(next)) {
            found.push_back(shown(next));
        }
        if (how == progress::failed) {
            found.emplace_back("failed");
            return found;
        }
    }
    return found;
}

std::string reply_in(std::string_view bytes) {
    const std::vector<std::string> all = replies_in(bytes);
    return all.size() == 1 ? all.front() : std::to_string(all.size()) + " replies";
}

const std::string stream =
    "+OK\r\n-MOVED 3999 127.0.0.1:6381\r\n:-12\r\n$3\r\none\r\n$-1\r\n$0\r\n\r\n*-1\r\n*0\r\n"
    "*3\r\n$4\r\na\r\nb\r\n:7\r\n*2\r\n$-1\r\n*1\r\n+deep\r\n$5\r\nafter\r\n";
const std::vector<std::string> replies_of_stream{"status OK",
                                                 "error MOVED 3999 127.0.0.1:6381",
                                                 "integer -12",
                                                 "text one",
                                                 "nil",
                                                 "text ",
                                                 "nil",
                                                 "[]",
                                                 "[text a\r\nb, integer 7, [nil, [status deep]]]",
                                                 "text after"};

TEST(ReplyReader, ReadsEveryKindOfReply) {
    EXPECT_EQ(reply_in("+OK\r\n"), "status OK");
    EXPECT_EQ(reply_in("+\r\n"), "status ");
    EXPECT_EQ(reply_in("-ERR no\r\n"), "error ERR no");
    EXPECT_EQ(reply_in(":0\r\n"), "integer 0");
    EXPECT_EQ(reply_in(":9223372036854775807\r\n"), "integer 9223372036854775807");
    EXPECT_EQ(reply_in(":-9223372036854775808\r\n"), "integer -9223372036854775808");
    EXPECT_EQ(reply_in("$5\r\na\r\nbc\r\n"), "text a\r\nbc");
    EXPECT_EQ(reply_in("$0\r\n\r\n"), "text ");
    EXPECT_EQ(reply_in("$-1\r\n"), "nil");
    EXPECT_EQ(reply_in("*-1\r\n"), "nil");
    EXPECT_EQ(reply_in("*0\r\n"), "[]");
    EXPECT_EQ(reply_in("*2\r\n*1\r\n:1\r\n*-1\r\n"), "[[integer 1], nil]");
}

// More elements than there was room for at first, at two depths.
TEST(ReplyReader, ReadsLongListsInALongList) {
    std::string bytes = "*20\r\n";
    std::string list;
    for (int each = 0; each < 20; ++each) {
        bytes += "*9\r\n";
        for (int inner = 0; inner < 9; ++inner) {
            bytes += "$2\r\nab\r\n";
        }
        list += std::string(each > 0 ? ", " : "") +
                "[text ab, text ab, text ab, text ab, text ab, text ab, text ab, text ab, text ab]";
    }
    EXPECT_EQ(reply_in(bytes), "[" + list + "]");
}

TEST(ReplyReader, ReadsBytesThatAreNoText) {
    const std::string bytes{"\0\r\n\xff*", 5};
    reply_reader reader;
    reader.feed("$5\r\n" + bytes + "\r\n");
    reply next;
    ASSERT_EQ(reader.next(next), progress::complete);
    EXPECT_EQ(next.text, bytes);
}

TEST(ReplyReader, LeavesNothingOfTheReplyBefore) {
    reply_reader reader;
    reader.feed("*1\r\n$1\r\na\r\n$-1\r\n:3\r\n");
    reply next;
    ASSERT_EQ(reader.next(next), progress::complete);
    ASSERT_EQ(reader.next(next), progress::complete);
    EXPECT_TRUE(next.is(kind::nil));
    EXPECT_TRUE(next.elements.empty());
    EXPECT_EQ(next.text, "");
    ASSERT_EQ(reader.next(next), progress::complete);
    EXPECT_EQ(next.number, 3);
    EXPECT_EQ(reader.next(next), progress::incomplete);
}

TEST(ReplyReader, ReadsAStreamThatIsCutAnywhere) {
    for (std::size_t split = 0; split <= stream.size(); ++split) {
        EXPECT_EQ(replies_in(stream, split), replies_of_stream) << split;
    }
}

TEST(ReplyReader, ReadsAStreamThatComesByteByByte) {
    reply_reader reader;
    std::vector<std::string> found;
    for (const char each : stream) {
        reader.feed({&each, 1});
        reply next;
        while (reader.next(next) == progress::complete) {
            found.push_back(shown(next));
        }
    }
    EXPECT_EQ(found, replies_of_stream);
}

TEST(ReplyReader, WaitsForTheRestOfAReply) {
    for (const std::string_view whole : {"$5\r\nabcde\r\n", "*2\r\n:1\r\n$1\r\na\r\n", "+OK\r\n"}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_TRUE(replies_in(whole.substr(0, size)).empty()) << whole << size;
        }
    }
}

TEST(ReplyReader, FailsOverWhatIsNoReply) {
    for (const std::string_view garbage :
         {"!what?\r\n", "HTTP/1.1 400 Bad Request\r\n", "\r\n", "$x\r\n", "$-2\r\n", ":\r\n",
          ":1x\r\n", ":9223372036854775808\r\n", "*-2\r\n", "*x\r\n", "%1\r\n", "*1\r\n!\r\n",
          "$99999999999999999999\r\n", "*99999999999999999999\r\n"}) {
        EXPECT_EQ(reply_in(garbage), "failed") << garbage;
    }
}

TEST(ReplyReader, GivesNothingMoreAfterAFailure) {
    reply_reader reader;
    reader.feed("+OK\r\n!\r\n");
    reply next;
    EXPECT_EQ(reader.next(next), progress::complete);
    EXPECT_EQ(reader.next(next), progress::failed);
    EXPECT_NE(reader.error(), "");
    reader.feed("+OK\r\n");
    EXPECT_EQ(reader.next(next), progress::failed);
}

TEST(ReplyReader, BoundsTheElementsOfAList) {
    const std::string most = std::to_string(reply_reader::max_elements);
    std::string whole = "*" + most + "\r\n";
    for (int each = 0; each < reply_reader::max_elements; ++each) {
        whole += ":1\r\n";
    }
    reply_reader reader;
    reader.feed(whole);
    reply next;
    ASSERT_EQ(reader.next(next), progress::complete);
    EXPECT_EQ(next.elements.size(), static_cast<std::size_t>(reply_reader::max_elements));
    const std::string one_more = std::to_string(reply_reader::max_elements + 1);
    EXPECT_EQ(reply_in("*" + one_more + "\r\n"), "failed");
    EXPECT_EQ(reply_in("*1\r\n*" + one_more + "\r\n"), "failed");
    EXPECT_EQ(reply_in("*2147483647\r\n"), "failed");
}

TEST(ReplyReader, BoundsTheDepthOfLists) {
    std::string nested;
    for (int depth = 0; depth < 100; ++depth) {
        nested += "*1\r\n";
    }
    EXPECT_EQ(reply_in(nested), "failed");
}

TEST(ReplyReader, BoundsTheBytesOfAReply) {
    reply_reader reader;
    reply next;
    const std::string piece(1024UL * 1024, 'x');
    reader.feed("$" + std::to_string(2 * reply_reader::max_reply_bytes) + "\r\n");
    std::size_t fed = 0;
    while (reader.next(next) == progress::incomplete) {
        ASSERT_LE(fed, reply_reader::max_reply_bytes);
        reader.feed(piece);
        fed += piece.size();
    }
    EXPECT_EQ(reader.next(next), progress::failed);
    EXPECT_EQ(reader.error(), "a reply of more than 64 MiB");
}

TEST(ReplyReader, BoundsRepliesAndNoConnection) {
    reply_reader reader;
    const std::string piece = "$1048576\r\n" + std::string(1024UL * 1024, 'x') + "\r\n";
    for (int count = 0; count < 70; ++count) {
        reader.feed(piece);
        reply next;
        ASSERT_EQ(reader.next(next), progress::complete);
    }
}

TEST(ReplyReader, SurvivesEveryChangeOfAStream) {
    std::minstd_rand random{1};
    for (int round = 0; round < 100'000; ++round) {
        std::string changed = stream;
        for (std::size_t changes = 1 + random() % 4; changes > 0; --changes) {
            const std::size_t at = random() % changed.size();
            switch (random() % 4) {
                case 0:
                    changed[at] = static_cast<char>(random());
                    break;
                case 1:
                    changed.erase(at, 1 + random() % 3);
                    break;
                case 2:
                    changed.insert(at, 1, "0123456789*$+-:\r\n"[random() % 17]);
                    break;
                default:
                    changed.insert(at, changed.substr(random() % changed.size(), random() % 9));
                    break;
            }
            changed += changed.empty() ? "+" : "";
        }
        const std::size_t count = replies_in(changed, random() % changed.size()).size();
        ASSERT_LE(count, changed.size());
    }
}

TEST(Reply, KnowsItsErrorByTheCode) {
    const reply moved{.what = kind::error, .text = "MOVED 1 a:1"};
    EXPECT_TRUE(moved.is_error("MOVED"));
    EXPECT_FALSE(moved.is_error("MOVE"));
    EXPECT_FALSE(moved.is_error("MOVED 1 a:12"));
    EXPECT_TRUE((reply{.what = kind::error, .text = "LOADING"}.is_error("LOADING")));
    EXPECT_FALSE((reply{.what = kind::text, .text = "LOADING"}.is_error("LOADING")));
}

}  // namespace
}  // namespace cloakroom::redis
