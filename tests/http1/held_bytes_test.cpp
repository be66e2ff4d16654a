// SPDX-License-Identifier: MIT
// limits::held_bytes: what unfinished requests and unsent responses hold together.
#include "http1/conversation.hpp"
#include "plain_service.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace cloakroom::http1 {
namespace {

// Answers with the size of the body, "/large" with much; "/wait" is suspended.
class counting_app final : public plain_service {
public:
    void respond(exchange& on) noexcept override {
        if (on.request().path() == "/wait") {
            on.suspend();
        } else if (on.request().path() == "/large") {
            on.response().body(std::string(large, 'x'));
        } else {
            on.response().body(std::to_string(on.request().body().size()));
        }
    }

    static constexpr std::size_t large = 300'000;
};

class HeldBytes : public ::testing::Test {
protected:
    static constexpr std::size_t most = 200'000;
    static constexpr std::size_t body_bytes = 40'000;

    HeldBytes() { values.held_bytes = most; }

    static std::string head(std::string_view path) {
        return "POST " + std::string{path} +
               " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body_bytes) + "\r\n\r\n";
    }

    // One connection's turn at the desk.
    next_step receive(conversation& talk, std::string_view bytes) {
        talk.unpark(at);
        at.input.append(bytes);
        const next_step step = talk.advance(at, shared, now);
        answer = at.output;
        if (!keeps_output) {
            at.clear_output();
        }
        talk.park(at, shared);
        at.clear();
        return step;
    }

    // Connections that send all but one byte of a request, until one is refused.
    void fill(std::string_view path = "/") {
        const std::string unfinished = head(path) + std::string(body_bytes - 1, 'b');
        do {
            ASSERT_LT(talks.size(), most / body_bytes + 1);
            talks.emplace_back();
        } while (receive(talks.back(), unfinished) == next_step::read_body);
    }

    counting_app app;
    limits values;
    conversation::setting shared{app, values};
    conversation::circumstances now{"now"};
    desk at{execution{}};
    bool keeps_output = false;
    std::deque<conversation> talks;
    std::string answer;
};

TEST_F(HeldBytes, AreThoseOfAllUnfinishedRequests) {
    talks.resize(2);
    for (conversation& each : talks) {
        EXPECT_EQ(receive(each, head("/") + std::string(body_bytes - 1, 'b')),
                  next_step::read_body);
    }
    EXPECT_GE(shared.held_bytes, 2 * body_bytes);

    EXPECT_EQ(receive(talks.front(), "b"), next_step::read_head);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n40000")) << answer;
    EXPECT_LT(shared.held_bytes, 2 * body_bytes);
    talks.pop_back();
    EXPECT_EQ(shared.held_bytes, 0U);
}

TEST_F(HeldBytes, HaveALimitForAllTogether) {
    fill();

    EXPECT_GT(talks.size(), 2U);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
    EXPECT_LE(shared.held_bytes, most);
    EXPECT_FALSE(talks.back().is_parked());
}

TEST_F(HeldBytes, LeaveRoomForSmallRequests) {
    fill();
    conversation small;

    EXPECT_EQ(receive(small, "GET / HTTP/1.1\r\n"), next_step::read_head);
    EXPECT_EQ(receive(small, "Host: h\r\n\r\n"), next_step::read_head);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;

    EXPECT_EQ(receive(small, head("/") + std::string(3'000, 'b')), next_step::read_body);
    EXPECT_EQ(answer, "");
}

TEST_F(HeldBytes, LeaveRoomForARequestThatIsThereAtOnce) {
    fill();
    conversation whole;

    EXPECT_EQ(receive(whole, head("/") + std::string(body_bytes, 'b')), next_step::read_head);

    EXPECT_TRUE(answer.ends_with("\r\n\r\n40000")) << answer;
}

TEST_F(HeldBytes, AreFreeAgainWhenOneLeaves) {
    fill();
    talks.pop_front();
    conversation next;

    EXPECT_EQ(receive(next, head("/") + std::string(body_bytes - 1, 'b')), next_step::read_body);
    EXPECT_EQ(receive(next, "b"), next_step::read_head);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n40000")) << answer;
}

TEST_F(HeldBytes, AreThoseOfHandlersThatWait) {
    conversation talk;
    auto own = std::make_unique<desk>(execution{});
    own->input.append(head("/wait") + std::string(body_bytes, 'b'));
    ASSERT_EQ(talk.advance(*own, shared, now), next_step::wait);
    EXPECT_GE(shared.held_bytes, body_bytes);

    EXPECT_EQ(talk.answered(*own, shared, now), next_step::read_head);
    own->clear_output();
    talk.park(*own, shared);

    EXPECT_EQ(shared.held_bytes, 0U);
}

TEST_F(HeldBytes, AreThoseOfResponsesThatAreNotSent) {
    keeps_output = true;
    conversation talk;
    static_cast<void>(receive(talk, "GET /large HTTP/1.1\r\nHost: h\r\n\r\n"));
    EXPECT_GE(shared.held_bytes, counting_app::large);

    conversation next;
    EXPECT_EQ(receive(next, head("/") + std::string(body_bytes - 1, 'b')), next_step::close);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
}

TEST_F(HeldBytes, AreRefusedWithWhatIsKnownOfTheRequest) {
    fill();
    conversation next;
    const std::string options = "HEAD" + head("/").substr(4);

    EXPECT_EQ(receive(next, options + std::string(1'000, 'b')), next_step::read_body);
    EXPECT_EQ(receive(next, std::string(4'000, 'b')), next_step::close);

    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
    EXPECT_EQ(at.on.request().method(), method::head);
}

}  // namespace
}  // namespace cloakroom::http1
