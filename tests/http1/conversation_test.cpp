// SPDX-License-Identifier: MIT
#include "http1/conversation.hpp"

#include "plain_service.hpp"
#include <cloakroom/http_error.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::http1 {
namespace {

// Answers with method, path and body; "/wait" is suspended until the test goes on with it.
class fake_app final : public plain_service {
public:
    void respond(exchange& on) noexcept override {
        const request& asked = on.request();
        seen.push_back(std::string{asked.path()} + "|" + std::string{asked.body()});
        if (asked.path() == "/wait") {
            on.suspend();
            return;
        }
        std::string body = asked.path() == "/large" ? std::string(100'000, 'x') : seen.back();
        on.response().body(std::move(body));
        if (asked.path() == "/last") {
            on.response().close();
        }
    }

    std::vector<std::string> seen;
};

std::string get(std::string_view path) {
    return "GET " + std::string{path} + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

std::string post(std::string_view path, std::string_view body) {
    return "POST " + std::string{path} +
           " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string{body};
}

std::string answer(std::string_view body, std::string_view fields = {}) {
    return "HTTP/1.1 200 OK\r\nDate: now\r\n" + std::string{fields} +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

class Conversation : public ::testing::Test {
protected:
    next_step receive(std::string_view bytes) {
        at.input.append(bytes);
        return talk.advance(at, shared, now);
    }

    // What is to be sent, as if it was.
    std::string take_output() {
        at.keep_content();
        return std::exchange(at.output, {});
    }

    // Receives bytes as a connection that works at a shared desk: parked in between.
    next_step receive_parked(std::string_view bytes) {
        at.clear();
        talk.unpark(at);
        next_step next = receive(bytes);
        sent += take_output();
        while (next == next_step::flush) {
            next = talk.advance(at, shared, now);
            sent += take_output();
        }
        talk.park(at, shared);
        EXPECT_EQ(at.input.size(), 0U);
        return next;
    }

    // What was suspended has its response.
    next_step go_on(exchange& on) {
        on.response().body("waited");
        return talk.answered(at, shared, now);
    }

    fake_app app;
    limits values;
    conversation::setting shared{app, values};
    conversation::circumstances now{"now"};
    desk at{execution{}};
    conversation talk;
    std::string sent;
};

TEST_F(Conversation, AnswersARequest) {
    EXPECT_EQ(receive(get("/a")), next_step::read_head);

    EXPECT_EQ(at.output, answer("/a|"));
    EXPECT_TRUE(talk.is_between_requests(&at));
}

TEST_F(Conversation, AnswersAllRequestsOfOneReceiveInOneOutput) {
    std::string requests;
    std::string answers;
    for (int each = 0; each < 100; ++each) {
        const std::string path = "/" + std::to_string(each);
        requests += each % 2 == 0 ? get(path) : post(path, "body");
        answers += answer(path + (each % 2 == 0 ? "|" : "|body"));
    }

    EXPECT_EQ(receive(requests), next_step::read_head);

    EXPECT_EQ(at.output, answers);
    EXPECT_EQ(at.input.size(), 0U);
}

TEST_F(Conversation, SaysWhetherHeadOrBodyIsIncomplete) {
    EXPECT_EQ(receive(""), next_step::read_head);
    EXPECT_EQ(receive("POST / HTTP/1.1\r\nHost: h\r\n"), next_step::read_head);
    EXPECT_FALSE(talk.is_between_requests(&at));
    EXPECT_EQ(receive("Content-Length: 4\r\n\r\n"), next_step::read_body);
    EXPECT_EQ(receive("abc"), next_step::read_body);
    EXPECT_EQ(receive("d"), next_step::read_head);

    EXPECT_EQ(at.output, answer("/|abcd"));
    EXPECT_TRUE(talk.is_between_requests(&at));
}

TEST_F(Conversation, AnswersRequestsSplitAnywhereWithTheDeskShared) {
    const std::string requests = get("/a") + post("/b", "body") +
                                 "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: t\r\n\r\n" +
                                 get("/d");
    const std::string answers =
        answer("/a|") + answer("/b|body") + answer("/c|abcde") + answer("/d|");
    for (std::size_t first = 0; first <= requests.size(); ++first) {
        for (const std::size_t second : {first, (first + requests.size()) / 2, requests.size()}) {
            sent.clear();
            receive_parked(requests.substr(0, first));
            receive_parked(requests.substr(first, second - first));
            ASSERT_EQ(receive_parked(requests.substr(second)), next_step::read_head);
            ASSERT_EQ(sent, answers) << first << ' ' << second;
            ASSERT_FALSE(talk.is_parked());
        }
    }
}

TEST_F(Conversation, AnswersRequestsThatComeByteByByte) {
    const std::string requests = post("/b", "body") + get("/d");
    for (const char each : requests) {
        receive_parked({&each, 1});
    }

    EXPECT_EQ(sent, answer("/b|body") + answer("/d|"));
}

TEST_F(Conversation, HoldsNothingBetweenRequests) {
    receive_parked(get("/a"));
    EXPECT_FALSE(talk.is_parked());
    EXPECT_TRUE(talk.is_between_requests(nullptr));

    receive_parked("GET ");
    EXPECT_TRUE(talk.is_parked());
    EXPECT_FALSE(talk.is_between_requests(nullptr));

    receive_parked("/a HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_FALSE(talk.is_parked());
}

TEST_F(Conversation, KeepsALargeBodyWhileItGrowsAndGivesTheDeskItsBufferBack) {
    const std::string body(300'000, 'b');
    const std::string bytes = post("/b", body) + get("/d");
    for (std::size_t from = 0; from < bytes.size(); from += 7'001) {
        receive_parked(bytes.substr(from, 7'001));
        ASSERT_EQ(at.input.capacity(), desk::input_bytes) << from;
    }

    EXPECT_EQ(sent, answer("/b|" + body) + answer("/d|"));
    EXPECT_FALSE(talk.is_parked());
}

TEST_F(Conversation, KeepsALittleThatIsLeftOfALot) {
    receive_parked(post("/b", std::string(50'000, 'b')).substr(0, 40'000));
    receive_parked(post("/b", std::string(50'000, 'b')).substr(40'000) + "GET /a");
    EXPECT_EQ(at.input.capacity(), desk::input_bytes);
    receive_parked(" HTTP/1.1\r\nHost: h\r\n\r\n");

    EXPECT_EQ(sent, answer("/b|" + std::string(50'000, 'b')) + answer("/a|"));
    EXPECT_FALSE(talk.is_parked());
}

TEST_F(Conversation, KeepsTwoConversationsApartThatShareADesk) {
    conversation other;
    const std::string mine = post("/mine", std::string(10'000, 'm'));
    const std::string theirs = post("/theirs", std::string(9'000, 't'));
    std::string to_me;
    std::string to_them;
    const auto give = [&](conversation& to, std::string& answers, std::string_view bytes) {
        at.clear();
        to.unpark(at);
        at.input.append(bytes);
        static_cast<void>(to.advance(at, shared, now));
        answers += take_output();
        to.park(at, shared);
    };
    for (std::size_t from = 0; from < mine.size(); from += 499) {
        give(talk, to_me, std::string_view{mine}.substr(from, 499));
        if (from < theirs.size()) {
            give(other, to_them, std::string_view{theirs}.substr(from, 499));
        }
    }

    EXPECT_EQ(to_me, answer("/mine|" + std::string(10'000, 'm')));
    EXPECT_EQ(to_them, answer("/theirs|" + std::string(9'000, 't')));
}

TEST_F(Conversation, KeepsUnsentOutput) {
    EXPECT_EQ(receive(get("/a") + "GET /"), next_step::read_head);
    const std::string whole = at.output;

    at.sent = 10;
    talk.park(at, shared);
    EXPECT_EQ(at.output, "");
    EXPECT_EQ(at.input.size(), 0U);
    talk.unpark(at);

    EXPECT_EQ(at.output.substr(at.sent), whole.substr(10));
    EXPECT_EQ(at.input.view(), "GET /");
}

TEST_F(Conversation, KeepsUnsentOutputBesideALargeInput) {
    static_cast<void>(receive(get("/a") + post("/b", std::string(60'000, 'b')).substr(0, 50'000)));
    talk.park(at, shared);
    at.clear();
    talk.unpark(at);
    EXPECT_EQ(at.output, answer("/a|"));
    at.output.clear();  // sent
    talk.park(at, shared);
    at.clear();
    talk.unpark(at);

    EXPECT_EQ(at.output, "");
    EXPECT_EQ(receive(post("/b", std::string(60'000, 'b')).substr(50'000)), next_step::read_head);
    EXPECT_EQ(take_output(), answer("/b|" + std::string(60'000, 'b')));
}

TEST_F(Conversation, ServesNoFurtherRequestWhileMuchOutputIsUnsent) {
    std::string requests;
    for (int each = 0; each < 50; ++each) {
        requests += get("/large");
    }

    EXPECT_EQ(receive(requests), next_step::flush);
    EXPECT_EQ(app.seen.size(), 1U);
    EXPECT_EQ(talk.advance(at, shared, now), next_step::flush);
    EXPECT_EQ(app.seen.size(), 1U);

    at.clear_output();  // sent
    EXPECT_EQ(talk.advance(at, shared, now), next_step::flush);
    EXPECT_EQ(app.seen.size(), 2U);
}

TEST_F(Conversation, KeepsRequestsThatWaitForOutputToBeSent) {
    EXPECT_EQ(receive(get("/large") + get("/a") + get("/b")), next_step::flush);
    at.sent = 100'000;
    talk.park(at, shared);
    at.clear();
    talk.unpark(at);
    at.output.clear();

    EXPECT_EQ(talk.advance(at, shared, now), next_step::read_head);
    EXPECT_EQ(at.output, answer("/a|") + answer("/b|"));
}

TEST_F(Conversation, WaitsForASuspendedHandlerAndGoesOnInOrder) {
    EXPECT_EQ(receive(get("/a") + post("/wait", "w") + get("/b")), next_step::wait);
    EXPECT_EQ(at.output, answer("/a|"));
    EXPECT_EQ(at.on.request().body(), "w");

    // The fake app has no dispatcher that resumes: nothing after it may be answered at once.
    EXPECT_EQ(app.seen.size(), 2U);
}

TEST_F(Conversation, AnswersASuspendedRequestAndReadsOn) {
    EXPECT_EQ(receive(post("/wait", "w")), next_step::wait);

    EXPECT_EQ(go_on(at.on), next_step::read_head);

    EXPECT_EQ(at.output, answer("waited"));
    EXPECT_EQ(at.input.size(), 0U);
}

TEST_F(Conversation, ClosesAfterASuspendedRequestThatAsksForIt) {
    EXPECT_EQ(receive("GET /wait HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + get("/b")),
              next_step::wait);

    EXPECT_EQ(go_on(at.on), next_step::close);

    EXPECT_EQ(at.output, answer("waited", "Connection: close\r\n"));
    EXPECT_EQ(app.seen.size(), 1U);
}

TEST_F(Conversation, ClosesWhenTheClientAsksForIt) {
    EXPECT_EQ(receive("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + get("/b")),
              next_step::close);

    EXPECT_EQ(at.output, answer("/a|", "Connection: close\r\n"));
}

TEST_F(Conversation, ClosesWhenTheResponseAsksForIt) {
    EXPECT_EQ(receive(get("/last") + get("/b")), next_step::close);

    EXPECT_EQ(at.output, answer("/last|", "Connection: close\r\n"));
}

TEST_F(Conversation, ClosesAfterTheFirstRequestWhileTheServerDrains) {
    now.is_closing = true;

    EXPECT_EQ(receive(get("/a") + get("/b")), next_step::close);

    EXPECT_EQ(at.output, answer("/a|", "Connection: close\r\n"));
}

TEST_F(Conversation, ClosesHttp10UnlessAskedNotTo) {
    EXPECT_EQ(receive("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), next_step::read_head);
    EXPECT_EQ(receive("GET /b HTTP/1.0\r\n\r\n"), next_step::close);

    EXPECT_EQ(at.output,
              answer("/a|", "Connection: keep-alive\r\n") + answer("/b|", "Connection: close\r\n"));
}

TEST_F(Conversation, RefusesAndClosesAndForgetsTheRest) {
    EXPECT_EQ(receive(get("/a") + "nonsense\r\n\r\n" + get("/b")), next_step::close);

    EXPECT_TRUE(at.output.starts_with(answer("/a|") + "HTTP/1.1 400 "));
    EXPECT_EQ(app.seen.size(), 1U);
    EXPECT_EQ(at.input.size(), 0U);
}

TEST_F(Conversation, RefusesABodyOneByteOverTheLimit) {
    app.body_limit = 4;

    EXPECT_EQ(receive(post("/a", "1234")), next_step::read_head);
    EXPECT_EQ(receive(post("/a", "12345")), next_step::close);

    EXPECT_TRUE(at.output.starts_with(answer("/a|1234") + "HTTP/1.1 413 "));
}

TEST_F(Conversation, SaysContinueOnceWhenTheBodyIsAwaited) {
    const std::string head =
        "POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";

    EXPECT_EQ(receive_parked(head), next_step::read_body);
    EXPECT_EQ(sent, "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(receive_parked("ab"), next_step::read_body);
    EXPECT_EQ(receive_parked("cd"), next_step::read_head);

    EXPECT_EQ(sent, "HTTP/1.1 100 Continue\r\n\r\n" + answer("/a|abcd"));
}

TEST_F(Conversation, SaysNoContinueWhenTheBodyHasComeOrIsRefused) {
    const std::string head =
        "POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";

    EXPECT_EQ(receive(head + "abcd"), next_step::read_head);
    EXPECT_EQ(at.output, answer("/a|abcd"));

    app.body_limit = 3;
    at.output.clear();
    EXPECT_EQ(receive(head), next_step::close);
    EXPECT_TRUE(at.output.starts_with("HTTP/1.1 413 "));
}

TEST_F(Conversation, TimesOutWithAResponse) {
    EXPECT_EQ(receive_parked("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab"),
              next_step::read_body);
    talk.unpark(at);

    at.on.request() = request{};  // of another connection, which had the desk meanwhile
    now.remote = {{127, 0, 0, 9}, 4};

    talk.time_out(at, shared, now);

    EXPECT_EQ(at.on.request().remote_address(), "127.0.0.9");
    EXPECT_TRUE(at.output.starts_with("HTTP/1.1 408 "));
    EXPECT_NE(at.output.find("Connection: close\r\n"), std::string::npos);
}

TEST_F(Conversation, KeepsTheViewsOfARequestWhoseHeadCameEarlier) {
    receive_parked(
        "POST /wait HTTP/1.1\r\nHost: example.com\r\nX-Mine: value\r\n"
        "Content-Length: 4\r\n\r\n");
    at.clear();
    talk.unpark(at);

    EXPECT_EQ(receive("body" + get("/next")), next_step::wait);

    EXPECT_EQ(at.on.request().host(), "example.com");
    EXPECT_EQ(at.on.request().header("x-mine"), "value");
    EXPECT_EQ(at.on.request().body(), "body");
}

}  // namespace
}  // namespace cloakroom::http1
