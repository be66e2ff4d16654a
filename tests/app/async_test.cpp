// SPDX-License-Identifier: MIT
// Handlers that are coroutines.
#include "pause.hpp"
#include "session_app.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/json.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace {

// Becomes a response by itself.
struct receipt {
    int number = 0;
};

cloakroom::response to_response(const receipt& made) {
    return cloakroom::text("receipt " + std::to_string(made.number));
}

}  // namespace

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

struct sum {
    int a = 0;
    int b = 0;
};

void from_json(const nlohmann::json& from, sum& to) {
    to = {from.at("a"), from.at("b")};
}

TEST(Async, GivesTextLater) {
    app under_test;
    under_test.get("/literal", []() -> task<std::string_view> {
        co_await pause();
        co_return "literal";
    });
    under_test.get("/owned", []() -> task<std::string> {
        co_await pause();
        co_return std::string(100'000, 'x');
    });
    under_test.post("/view", [](const request& req) -> task<std::string_view> {
        co_await pause();
        co_return req.body();
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/literal").body, "literal");
    EXPECT_EQ(browser.get("/literal").header("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(browser.get("/owned").body, std::string(100'000, 'x'));
    EXPECT_EQ(browser.post("/view", "back again").body, "back again");
}

TEST(Async, GivesEveryOtherResultLater) {
    app under_test;
    under_test.get("/json", []() -> task<json> {
        co_await pause();
        co_return json{{"name", "Ada"}};
    });
    under_test.get("/response", []() -> task<response> {
        co_await pause();
        co_return response(status::created, "made", "text/x-made").set("X-Mine", "yes");
    });
    under_test.get("/own", []() -> task<receipt> {
        co_await pause();
        co_return receipt{7};
    });
    client browser(under_test);
    const reply as_json = browser.get("/json");
    EXPECT_EQ(as_json.header("Content-Type"), "application/json");
    EXPECT_EQ(as_json.body, R"({"name":"Ada"})");
    const reply as_response = browser.get("/response");
    EXPECT_EQ(as_response.status, 201U);
    EXPECT_EQ(as_response.header("X-Mine"), "yes");
    EXPECT_EQ(as_response.body, "made");
    EXPECT_EQ(browser.get("/own").body, "receipt 7");
}

TEST(Async, GivesAStatusLater) {
    app under_test;
    under_test.get("/{code}", [](int code) -> task<status> {
        co_await pause();
        co_return static_cast<status>(code);
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/204").status, 204U);
    const reply refused = browser.get("/403");
    EXPECT_EQ(refused.status, 403U);
    EXPECT_EQ(refused.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(browser.get("/none").status, 404U);
}

TEST(Async, GivesAnOptionalLater) {
    app under_test;
    under_test.get("/{id}", [](int id) -> task<std::optional<std::string>> {
        co_await pause();
        co_return id == 1 ? std::optional<std::string>{"one"} : std::nullopt;
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/1").body, "one");
    EXPECT_EQ(browser.get("/2").status, 404U);
}

TEST(Async, NeedNotSuspend) {
    app under_test;
    under_test.get("/", []() -> task<std::string> { co_return "at once"; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/").body, "at once");
    EXPECT_EQ(browser.get("/").body, "at once");
}

TEST(Async, TakesFunctionsAndHandlersThatCapture) {
    app under_test;
    struct named {
        static task<std::string> function(std::string name) {
            co_await pause();
            co_return "function " + name;
        }
    };
    under_test.get("/function/{name}", &named::function);
    const std::string greeting(100, 'g');
    under_test.get("/captures/{name}", capturing([greeting](std::string name) -> task<std::string> {
                       co_await pause();
                       co_return greeting + name;
                   }));
    client browser(under_test);
    EXPECT_EQ(browser.get("/function/a").body, "function a");
    EXPECT_EQ(browser.get("/captures/b").body, greeting + "b");
}

TEST(Async, KeepsItsParametersWhileItWaits) {
    app under_test;
    std::string shared = "shared";
    under_test.provide(shared);
    under_test.post("/{number}/{text}/{view}",
                    [](int number, std::string text, const request& req, std::string_view view,
                       json_body<sum> body, service<std::string> other) -> task<std::string> {
                        for (int each = 0; each < 10; ++each) {
                            co_await pause();
                        }
                        co_return std::to_string(number) + text + std::string{view} + "|" +
                            std::string{req.target()} + "|" +
                            std::string{req.header("x-mine").value_or("-")} + "|" +
                            std::to_string(body->a + body->b) + *other;
                    });
    const std::string post =
        "POST /1/t%20t/v%2Fv HTTP/1.1\r\nHost: a\r\nX-Mine: mine\r\n"
        "Content-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"a\":3,\"b\":4}";
    const std::string next = "GET /" + std::string(5'000, 'n') + " HTTP/1.1\r\nHost: b\r\n\r\n";
    const std::string answers = client(under_test).send_raw({post + next, next});
    EXPECT_NE(answers.find("\r\n\r\n1t tv/v|/1/t%20t/v%2Fv|mine|7sharedHTTP/1.1 404 "),
              std::string::npos)
        << answers;
}

TEST(Async, RefusesWhatIsNoParameterBeforeItBegins) {
    app under_test;
    bool has_begun = false;
    under_test.provide(has_begun);
    under_test.post("/{id}", [](int, json_body<sum>, service<bool> begun) -> task<std::string> {
        *begun = true;
        co_return "";
    });
    client browser(under_test);
    EXPECT_EQ(browser.post("/x", R"({"a":1,"b":2})", "application/json").status, 404U);
    EXPECT_EQ(browser.post("/1", "{", "application/json").status, 400U);
    EXPECT_FALSE(has_begun);
}

TEST(Async, RunsOnTheThreadOfItsConnection) {
    app under_test;
    std::thread::id caller = std::this_thread::get_id();
    under_test.provide(caller);
    under_test.get("/", [](service<std::thread::id> expected) -> task<std::string> {
        const std::thread::id first = std::this_thread::get_id();
        co_await pause();
        const bool has_moved = std::this_thread::get_id() != first;
        co_return has_moved || first != *expected ? "other" : "same";
    });
    EXPECT_EQ(client(under_test).get("/").body, "same");
}

// Throws what the path says, before its first suspension or after it.
task<std::string> fail(std::string what, std::string when) {
    if (when == "after") {
        co_await pause();
    }
    if (what == "http") {
        throw http_error(status::conflict, "taken");
    }
    if (what == "std") {
        throw std::runtime_error("secret");
    }
    throw 42;
}

TEST(Async, TurnsExceptionsIntoErrors) {
    app under_test;
    std::string logged;
    under_test.log([&](std::string_view line) { logged += std::string{line} + "\n"; });
    under_test.get("/{what}/{when}", &fail);
    under_test.get("/nested/{what}/{when}",
                   [](std::string what, std::string when) -> task<std::string> {
                       task<std::string> inner = fail(std::move(what), std::move(when));
                       co_return co_await std::move(inner);
                   });
    client browser(under_test);
    for (const std::string prefix : {"/", "/nested/"}) {
        for (const std::string when : {"/before", "/after"}) {
            logged.clear();
            const reply conflict = browser.get(prefix + "http" + when);
            EXPECT_EQ(conflict.status, 409U);
            EXPECT_NE(conflict.body.find("taken"), std::string::npos);
            EXPECT_EQ(logged, "");
            const reply failed = browser.get(prefix + "std" + when);
            EXPECT_EQ(failed.status, 500U);
            EXPECT_EQ(failed.body.find("secret"), std::string::npos);
            EXPECT_NE(logged.find("secret"), std::string::npos);
            EXPECT_EQ(browser.get(prefix + "int" + when).status, 500U);
        }
    }
}

TEST(Async, PassesItsResponseThroughMiddleware) {
    app under_test;
    under_test.after([](const request& req, response& res) {
        res.set("X-Seen", std::string{req.path()} + " " + std::string{res.body()});
    });
    under_test.before([](const request& req) -> std::optional<response> {
        return req.query() == "stop" ? std::optional{text("stopped")} : std::nullopt;
    });
    under_test.get("/a", []() -> task<std::string> {
        co_await pause();
        co_return "later";
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/a").header("X-Seen"), "/a later");
    EXPECT_EQ(browser.get("/a?stop").header("X-Seen"), "/a stopped");
}

TEST(Async, TurnsAnExceptionOfAnAfterIntoAnError) {
    app under_test;
    under_test.log([](std::string_view) {});
    under_test
        .get("/",
             []() -> task<std::string> {
                 co_await pause();
                 co_return "later";
             })
        .after([](const request&, response&) { throw std::runtime_error("after"); });
    client browser(under_test);
    EXPECT_EQ(browser.get("/").status, 500U);
    EXPECT_EQ(browser.get("/").status, 500U);
}

}  // namespace
}  // namespace cloakroom
