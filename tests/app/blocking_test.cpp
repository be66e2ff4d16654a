// SPDX-License-Identifier: MIT
// Handlers that run on a worker thread.
#include <cloakroom/app.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/json.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

TEST(Blocking, RunsOnAnotherThread) {
    app under_test;
    std::thread::id caller = std::this_thread::get_id();
    under_test.provide(caller);
    const auto where = [](service<std::thread::id> expected) {
        return std::this_thread::get_id() == *expected ? "same" : "other";
    };
    under_test.get("/plain", where);
    under_test.get("/blocking", blocking(where));
    client browser(under_test);
    EXPECT_EQ(browser.get("/plain").body, "same");
    EXPECT_EQ(browser.get("/blocking").body, "other");
}

TEST(Blocking, GivesEveryResult) {
    app under_test;
    under_test.get("/text", blocking([] { return "text"; }));
    under_test.get("/json", blocking([] { return json{{"a", 1}}; }));
    under_test.get("/status", blocking([] { return status::no_content; }));
    under_test.get("/response", blocking([] { return text("made").status(status::created); }));
    under_test.get("/optional", blocking([] { return std::optional<std::string>{}; }));
    client browser(under_test);
    EXPECT_EQ(browser.get("/text").body, "text");
    EXPECT_EQ(browser.get("/json").body, R"({"a":1})");
    EXPECT_EQ(browser.get("/status").status, 204U);
    EXPECT_EQ(browser.get("/response").status, 201U);
    EXPECT_EQ(browser.get("/optional").status, 404U);
}

TEST(Blocking, TakesEveryParameter) {
    app under_test;
    std::string shared = "shared";
    under_test.provide(shared);
    under_test.post(
        "/{number}/{view}", blocking([](int number, std::string_view view, const request& req,
                                        service<std::string> other) {
            return std::to_string(number) + std::string{view} + std::string{req.body()} + *other;
        }));
    client browser(under_test);
    EXPECT_EQ(browser.post("/1/a%2Fb", "body").body, "1a/bbodyshared");
    EXPECT_EQ(browser.post("/x/a", "body").status, 404U);
}

TEST(Blocking, MayCapture) {
    app under_test;
    const std::string greeting(100, 'g');
    under_test.get("/{name}",
                   blocking(capturing([greeting](std::string name) { return greeting + name; })));
    EXPECT_EQ(client(under_test).get("/a").body, greeting + "a");
}

TEST(Blocking, TurnsExceptionsIntoErrors) {
    app under_test;
    std::string logged;
    under_test.log([&](std::string_view line) { logged += line; });
    under_test.get("/{what}", blocking([](std::string_view what) -> std::string {
                       if (what == "http") {
                           throw http_error(status::conflict, "taken");
                       }
                       if (what == "std") {
                           throw std::runtime_error("secret");
                       }
                       throw 42;
                   }));
    client browser(under_test);
    const reply conflict = browser.get("/http");
    EXPECT_EQ(conflict.status, 409U);
    EXPECT_NE(conflict.body.find("taken"), std::string::npos);
    EXPECT_EQ(logged, "");
    const reply failed = browser.get("/std");
    EXPECT_EQ(failed.status, 500U);
    EXPECT_EQ(failed.body.find("secret"), std::string::npos);
    EXPECT_NE(logged.find("secret"), std::string::npos);
    EXPECT_EQ(browser.get("/int").status, 500U);
}

TEST(Blocking, PassesItsResponseThroughMiddlewareOfTheLoop) {
    app under_test;
    std::thread::id caller = std::this_thread::get_id();
    under_test.before([caller](const request&) -> std::optional<response> {
        return std::this_thread::get_id() == caller ? std::nullopt
                                                    : std::optional{text("wrong thread")};
    });
    under_test.after([caller](const request&, response& res) {
        res.set("X-Seen", std::string{res.body()} +
                              (std::this_thread::get_id() == caller ? " here" : " elsewhere"));
    });
    under_test.get("/", blocking([] { return "done"; }));
    EXPECT_EQ(client(under_test).get("/").header("X-Seen"), "done here");
}

TEST(Blocking, AnswersPipelinedRequestsInOrder) {
    app under_test;
    under_test.get("/worker/{n}", blocking([](int n) { return "<" + std::to_string(n) + ">"; }));
    under_test.get("/{n}", [](int n) { return "<" + std::to_string(n) + ">"; });
    std::string requests;
    for (int each = 0; each < 20; ++each) {
        requests += "GET " + std::string{each % 3 == 0 ? "/" : "/worker/"} + std::to_string(each) +
                    " HTTP/1.1\r\nHost: a\r\n\r\n";
    }
    const std::string answers = client(under_test).send_raw({requests});
    std::size_t at = 0;
    for (int each = 0; each < 20; ++each) {
        at = answers.find("\r\n\r\n<" + std::to_string(each) + ">", at);
        ASSERT_NE(at, std::string::npos) << each << answers;
    }
}

}  // namespace
}  // namespace cloakroom
