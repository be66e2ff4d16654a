// SPDX-License-Identifier: MIT
// Which answers are recorded for requests with an Idempotency-Key, by what the route does.
#include "idempotent_app.hpp"
#include <cloakroom/async.hpp>
#include <cloakroom/http_error.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

// Routes of all sorts under idempotent(), in a session.
class IdempotentRoutes : public ::testing::Test {
protected:
    // The status of the request and of its repeat, and how often the handler ran.
    std::string twice(const std::string& target) {
        given.seen = {};
        static_cast<void>(browser().get("/visits"));
        const reply first = send_keyed(browser(), target, target);
        const reply second = send_keyed(browser(), target, target);
        EXPECT_FALSE(is_replayed(first));
        EXPECT_EQ(is_replayed(second), given.seen.calls == 1);
        if (is_replayed(second)) {
            EXPECT_EQ(second.body, first.body);
            EXPECT_EQ(second.header("Content-Type"), first.header("Content-Type"));
        }
        return std::to_string(first.status) + " " + std::to_string(second.status) + ", " +
               std::to_string(given.seen.calls);
    }

    IdempotentRoutes() {
        add_answers();
        add_session_ends();
    }

    idempotent_app given;
    client& browser() { return client_ ? *client_ : client_.emplace(given.under_test); }

private:
    void add_answers() {
        given.under_test.post("/bytes", [](service<payment_tally> seen) {
            ++seen->calls;
            std::string bytes;
            for (int byte = 0; byte < 256; ++byte) {
                bytes += static_cast<char>(byte);
            }
            return response{status::ok, bytes, "application/octet-stream"};
        });
        given.under_test.post("/nothing", [](service<payment_tally> seen) {
            ++seen->calls;
            return status::no_content;
        });
        given.under_test.post("/returns/{code}",
                              [](unsigned code, session& visitor, service<payment_tally> seen) {
                                  visitor.set("tried", ++seen->calls);
                                  return static_cast<status>(code);
                              });
        given.under_test.post(
            "/throws/{code}",
            [](unsigned code, session& visitor, service<payment_tally> seen) -> std::string {
                visitor.set("tried", ++seen->calls);
                throw http_error(static_cast<status>(code));
            });
        given.under_test.post("/fails", [](service<payment_tally> seen) -> std::string {
            ++seen->calls;
            throw std::runtime_error("fails");
        });
        given.under_test.post("/later", [](service<payment_tally> seen) -> task<std::string> {
            co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                                       boost::asio::use_awaitable);
            co_return "later " + std::to_string(++seen->calls);
        });
        given.under_test.post("/blocking", blocking([](session&, service<payment_tally> seen) {
                                  return "blocking " + std::to_string(++seen->calls);
                              }));
        given.under_test.post("/guarded", [] { return "not reached"; })
            .before([](service<payment_tally> seen) {
                ++seen->calls;
                return std::optional<response>{text("guard")};
            });
        given.under_test.post("/proxied", [](service<payment_tally> seen) {
            ++seen->calls;
            return text("theirs").set("Idempotency-Replayed", "false");
        });
        given.under_test
            .post("/doubly",
                  [](service<payment_tally> seen) { return std::to_string(++seen->calls); })
            .use(idempotent());
    }
    void add_session_ends() {
        given.under_test.post("/logout", [](session& visitor, service<payment_tally> seen) {
            ++seen->calls;
            visitor.end();
            return "bye";
        });
        given.under_test.post("/login", [](session& visitor, service<payment_tally> seen) {
            ++seen->calls;
            visitor.elevate("ada");
            return "welcome";
        });
    }

    std::optional<client> client_;
};

TEST_F(IdempotentRoutes, RecordAnyAnswerThatIsReturnedBelow500) {
    EXPECT_EQ(twice("/bytes"), "200 200, 1");
    EXPECT_EQ(twice("/nothing"), "204 204, 1");
    EXPECT_EQ(twice("/returns/302"), "302 302, 1");
    EXPECT_EQ(twice("/returns/404"), "404 404, 1");
    EXPECT_EQ(twice("/returns/499"), "499 499, 1");
}

TEST_F(IdempotentRoutes, RecordNothingOfWhatFailed) {
    EXPECT_EQ(twice("/returns/500"), "500 500, 2");
    EXPECT_EQ(twice("/throws/409"), "409 409, 2");
    EXPECT_EQ(twice("/throws/503"), "503 503, 2");
    EXPECT_EQ(twice("/fails"), "500 500, 2");
}

TEST_F(IdempotentRoutes, MayBeCoroutinesAndBlocking) {
    EXPECT_EQ(twice("/later"), "200 200, 1");
    EXPECT_EQ(twice("/blocking"), "200 200, 1");
}

TEST_F(IdempotentRoutes, RecordWhatABeforeAnswersFurtherIn) {
    EXPECT_EQ(twice("/guarded"), "200 200, 1");
}

TEST_F(IdempotentRoutes, RecordAnAnswerThatSaysItIsAReplayOfAnother) {
    EXPECT_EQ(twice("/proxied"), "200 200, 1");
}

TEST_F(IdempotentRoutes, MayBeUnderItTwice) {
    EXPECT_EQ(twice("/doubly"), "200 200, 1");
    EXPECT_EQ(send_keyed(browser(), "k2", "/doubly").body, "2");
}

TEST_F(IdempotentRoutes, RecordNothingInASessionThatEnds) {
    EXPECT_EQ(twice("/logout"), "200 200, 2");
}

TEST_F(IdempotentRoutes, RecordALogInInTheSessionThatItLeadsTo) {
    EXPECT_EQ(twice("/login"), "200 200, 1");
}

}  // namespace
}  // namespace cloakroom
