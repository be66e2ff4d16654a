// SPDX-License-Identifier: MIT
// How much memory a conversation and the desk it works at keep, and what the framing of a body may
// cost; and expectations that nobody meets.
#include "http1/conversation.hpp"
#include "plain_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace cloakroom::http1 {
namespace {

// Answers with as many bytes as the path says, "/0" to POST with the size of the body.
class sizing_app final : public plain_service {
public:
    sizing_app() { body_limit = 20'000; }

    void respond(exchange& on) noexcept override {
        const std::size_t bytes = std::stoul(std::string{on.request().path().substr(1)});
        on.response().body(bytes != 0 ? std::string(bytes, 'x')
                                      : std::to_string(on.request().body().size()));
        ++answered;
    }

    unsigned answered = 0;
};

class ConversationMemory : public ::testing::Test {
protected:
    next_step receive(std::string_view bytes) {
        at.input.append(bytes);
        return talk.advance(at, shared, now);
    }

    static std::string get(std::size_t bytes) {
        return "GET /" + std::to_string(bytes) + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    sizing_app app;
    limits values;
    conversation::setting shared{app, values};
    conversation::circumstances now{"now"};
    desk at{execution{}};
    conversation talk;
};

const std::string chunked_head =
    "POST /0 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST_F(ConversationMemory, OfTinyChunksIsThatOfTheirContent) {
    constexpr std::size_t chunks = 20'000;
    const std::string chunk = "1;a=bcdefghij\r\nx\r\n";
    const std::size_t most = 2 * (app.body_limit + desk::input_bytes);
    ASSERT_GT(chunks * chunk.size(), 3 * most);
    EXPECT_EQ(receive(chunked_head), next_step::read_body);
    std::size_t largest = 0;
    for (std::size_t each = 0; each < chunks; each += 100) {
        std::string piece;
        for (int count = 0; count < 100; ++count) {
            piece += chunk;
        }
        ASSERT_EQ(receive(piece), next_step::read_body);
        largest = std::max(largest, at.input.capacity());
    }
    EXPECT_EQ(receive("0\r\n\r\n"), next_step::read_head);

    EXPECT_TRUE(at.output.ends_with("\r\n\r\n20000")) << at.output;
    EXPECT_LE(largest, most);
}

TEST_F(ConversationMemory, OfTinyChunksIsThatOfTheirContentWhateverTheCuts) {
    app.body_limit = 2'000;
    const std::string chunk = "1;a=bcdefghij\r\nx\r\n";
    for (const std::size_t cut : {1U, 7U, 16U, 17U, 1'000U, 4'097U}) {
        at.clear();
        talk = {};
        std::string bytes = chunked_head;
        for (int count = 0; count < 2'000; ++count) {
            bytes += chunk;
        }
        bytes += "0\r\nT: t\r\n\r\n";
        for (std::size_t from = 0; from < bytes.size(); from += cut) {
            talk.unpark(at);
            ASSERT_NE(receive(std::string_view{bytes}.substr(from, cut)), next_step::close);
            ASSERT_LE(at.input.capacity(), desk::input_bytes) << cut;
            if (from + cut < bytes.size()) {
                ASSERT_EQ(at.output, "");
                talk.park(at, shared);
                at.clear();
            }
        }
        EXPECT_TRUE(at.output.ends_with("\r\n\r\n2000")) << cut << at.output;
    }
}

TEST_F(ConversationMemory, OfALargeResponseIsGivenBack) {
    constexpr std::size_t large = 8 * desk::kept_output_bytes;
    EXPECT_EQ(receive(get(large)), next_step::read_head);
    EXPECT_LT(at.output.capacity(), desk::least_content_bytes);  // it is in the response alone
    EXPECT_EQ(at.content.size(), large);

    at.sent = at.output.size() + at.content.size();
    at.clear_output();
    EXPECT_EQ(at.on.response().body().size(), 0U);

    EXPECT_EQ(receive(get(large)), next_step::read_head);
    at.clear();
    EXPECT_LE(at.output.capacity(), desk::kept_output_bytes);
    EXPECT_EQ(at.input.capacity(), desk::input_bytes);
}

TEST_F(ConversationMemory, OfALargeResponseToHeadIsGivenBackAtOnce) {
    constexpr std::size_t large = 8 * desk::kept_output_bytes;
    std::string asked = get(large);
    asked.replace(0, 3, "HEAD");

    EXPECT_EQ(receive(asked), next_step::read_head);

    EXPECT_NE(at.output.find("Content-Length: " + std::to_string(large)), std::string::npos);
    EXPECT_EQ(at.on.response().body().size(), 0U);
}

TEST_F(ConversationMemory, OfALargeResponseThatIsNotSentChangesHands) {
    constexpr std::size_t large = 8 * desk::kept_output_bytes;
    static_cast<void>(receive(get(large)));
    const char* const bytes = at.content.data();
    at.sent = at.output.size() + 1'000;

    talk.park(at, shared);
    EXPECT_LE(at.output.capacity(), desk::kept_output_bytes);
    at.clear();
    talk.unpark(at);

    EXPECT_EQ(static_cast<const void*>(at.output.data()), bytes);  // nothing was copied
    EXPECT_EQ(at.sent, 1'000U);
}

// Whatever the number of bytes that are sent before it changes hands.
TEST_F(ConversationMemory, OfUnsentContentDoesNotDependOnWhereItIs) {
    for (const bool is_view : {false, true}) {
        for (const std::size_t sent : {0U, 1U, 50U, 70U, 100U, 20'000U}) {
            std::string content = "first";
            content.append(20'000, 'c').append("last");
            desk other{execution{}};
            other.output = std::string(70, 'h');
            if (is_view) {
                other.on.response().body_view(content);
            } else {
                other.on.response().body(content);
            }
            other.content = other.on.response().body();
            other.sent = sent;
            const std::string whole = other.output + content;
            EXPECT_EQ(other.unsent(), whole.size() - sent);

            talk.park(other, shared);
            std::fill(content.begin(), content.end(), '?');
            talk.unpark(other);

            EXPECT_EQ(other.output.substr(other.sent), whole.substr(sent)) << sent << is_view;
            EXPECT_TRUE(other.content.empty());
        }
    }
}

TEST_F(ConversationMemory, OfALargeRequestIsGivenBack) {
    app.body_limit = 1'000'000;
    const std::string body(1'000'000, 'b');
    EXPECT_EQ(receive("POST /0 HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + body),
              next_step::read_head);
    EXPECT_GT(at.input.capacity(), body.size());

    at.clear();

    EXPECT_EQ(at.input.capacity(), desk::input_bytes);
}

const std::string expecting_head =
    "POST /0 HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";

TEST_F(ConversationMemory, IsNotSpentOnABodyThatNobodyTakes) {
    app.takes_bodies = false;
    EXPECT_EQ(receive(expecting_head), next_step::close);

    EXPECT_EQ(app.answered, 1U);
    EXPECT_TRUE(at.output.starts_with("HTTP/1.1 200 "));
    EXPECT_NE(at.output.find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_EQ(at.output.find("100 Continue"), std::string::npos);
}

TEST_F(ConversationMemory, IsSpentOnABodyThatHasComeAlready) {
    app.takes_bodies = false;
    EXPECT_EQ(receive(expecting_head + "body" + get(1)), next_step::read_head);

    EXPECT_EQ(app.answered, 2U);  // the connection is as good as before
    EXPECT_EQ(at.output.find("Connection: close"), std::string::npos);
}

TEST_F(ConversationMemory, BelongsToOthersAfterManyRequests) {
    std::string requests;
    for (int each = 0; each < 1'000; ++each) {
        requests += get(1);
    }

    EXPECT_EQ(receive(requests), next_step::flush);  // others may have their turn

    EXPECT_LT(app.answered, 500U);
    unsigned turns = 1;
    while (talk.advance(at, shared, now) == next_step::flush) {
        at.output.clear();  // sent
        ASSERT_LT(++turns, 100U);
    }
    EXPECT_EQ(app.answered, 1'000U);
}

}  // namespace
}  // namespace cloakroom::http1
