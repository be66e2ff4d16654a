// SPDX-License-Identifier: MIT
// The client that the tests of an app use: a browser without a socket.
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/cookie.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/testing/client.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;
using jar = std::map<std::string, std::string>;

// What the app sees of a request.
std::string describe(const request& req) {
    std::string all{to_string(req.method())};
    all += " " + std::string{req.target()} + "\n";
    for (const field_view& each : req.headers()) {
        all += std::string{each.name} + ": " + std::string{each.value} + "\n";
    }
    return all + std::string{req.body()};
}

struct sample {
    app under_test;

    sample() {
        under_test.any("/{any...}",
                       [](const request& req, std::string_view) { return describe(req); });
        under_test.get("/set", [](const request& req) {
            response made = text("set");
            made.set_cookie({.name = req.query_value("name").value_or(""),
                             .value = req.query_value("value").value_or(""),
                             .max_age = std::chrono::hours{1}});
            return made;
        });
        under_test.get("/delete", [](const request& req) {
            response made = text("deleted");
            made.set_cookie({.name = req.query_value("name").value_or(""),
                             .value = {},
                             .max_age = std::chrono::seconds{0}});
            return made;
        });
        under_test.get("/fields", [] {
            return response(status::created).add("X-Many", "1").add("X-Many", "2").set("X-No", "");
        });
    }
};

TEST(Client, SendsMethodTargetAndHost) {
    sample given;
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/a?b=c").body, "GET /a?b=c\nHost: test\n");
    EXPECT_EQ(browser.send(method::delete_, "/a").body, "DELETE /a\nHost: test\n");
}

TEST(Client, SendsBodiesWithTypeAndLength) {
    sample given;
    client browser(given.under_test);
    EXPECT_EQ(browser.post("/a", "body").body,
              "POST /a\nHost: test\nContent-Type: text/plain\nContent-Length: 4\nbody");
    EXPECT_EQ(browser.post("/a", "{}", "application/json").body,
              "POST /a\nHost: test\nContent-Type: application/json\nContent-Length: 2\n{}");
    EXPECT_EQ(browser.send(method::put, "/a").body, "PUT /a\nHost: test\nContent-Length: 0\n");
    EXPECT_EQ(browser.send(method::delete_, "/a", "x").body,
              "DELETE /a\nHost: test\nContent-Length: 1\nx");
}

TEST(Client, SendsFieldsInOrder) {
    sample given;
    client browser(given.under_test);
    EXPECT_EQ(browser.send(method::get, "/a", "", {{"X-B", "1"}, {"X-A", "2"}, {"X-B", "3"}}).body,
              "GET /a\nHost: test\nX-B: 1\nX-A: 2\nX-B: 3\n");
}

TEST(Client, SendsBodiesOfAnyBytes) {
    sample given;
    given.under_test.post("/echo", [](const request& req) { return std::string{req.body()}; });
    client browser(given.under_test);
    std::string bytes;
    for (int each = 0; each < 100'000; ++each) {
        bytes += static_cast<char>(each % 256);
    }
    EXPECT_EQ(browser.post("/echo", bytes).body, bytes);
}

TEST(Client, ReadsStatusAndFields) {
    sample given;
    const reply answer = client(given.under_test).get("/fields");
    EXPECT_EQ(answer.status, 201U);
    EXPECT_EQ(answer.header("x-many"), "1");
    EXPECT_EQ(answer.header("X-NO"), "");
    EXPECT_EQ(answer.header("X-Missing"), "");
    EXPECT_EQ(answer.body, "");
    int count = 0;
    for (const auto& [name, value] : answer.fields) {
        count += name == "X-Many" ? 1 : 0;
    }
    EXPECT_EQ(count, 2);
}

TEST(Client, ReadsNoBodyForHead) {
    sample given;
    client browser(given.under_test);
    const reply answer = browser.send(method::head, "/a");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.header("Content-Length"),
              std::to_string(std::string_view{"HEAD /a\nHost: test\n"}.size()));
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(browser.get("/a").body, "GET /a\nHost: test\n");
}

TEST(Client, ReadsNoBodyWhereTheStatusHasNone) {
    app under_test;
    under_test.get("/204", [] { return response(status::no_content); });
    under_test.get("/304", [] { return response(status::not_modified).body("never sent"); });
    under_test.get("/", [] { return "next"; });
    client browser(under_test);
    for (const std::string_view target : {"/204", "/304"}) {
        EXPECT_EQ(browser.get(target).body, "") << target;
        EXPECT_EQ(browser.get("/").body, "next");
    }
}

TEST(Client, ReadsTheAnswerToARequestThatExpectsContinue) {
    sample given;
    client browser(given.under_test);
    EXPECT_EQ(browser.send(method::post, "/a", "body", {{"Expect", "100-continue"}}).status, 200U);
    EXPECT_EQ(browser.send(method::post, "/a", "", {{"Expect", "100-continue"}}).status, 200U);
}

TEST(Client, KeepsCookiesAndSendsThemBack) {
    sample given;
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/set?name=b&value=2").body, "set");
    EXPECT_EQ(browser.get("/set?name=a&value=1").body, "set");
    EXPECT_EQ(browser.cookies(), (jar{{"a", "1"}, {"b", "2"}}));
    EXPECT_EQ(browser.get("/x").body, "GET /x\nHost: test\nCookie: a=1; b=2\n");
}

TEST(Client, ReplacesCookies) {
    sample given;
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/set?name=a&value=1").body, "set");
    EXPECT_EQ(browser.get("/set?name=a&value=2").body, "set");
    EXPECT_EQ(browser.cookies(), (jar{{"a", "2"}}));
}

TEST(Client, DeletesCookiesOnDemandOfTheApp) {
    sample given;
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/set?name=a&value=1").body, "set");
    EXPECT_EQ(browser.get("/set?name=b&value=2").body, "set");
    EXPECT_EQ(browser.get("/delete?name=a").body, "deleted");
    EXPECT_EQ(browser.get("/delete?name=never").body, "deleted");
    EXPECT_EQ(browser.cookies(), (jar{{"b", "2"}}));
}

TEST(Client, LetsTheTestChangeItsCookies) {
    sample given;
    client browser(given.under_test);
    browser.cookies()["mine"] = "m";
    EXPECT_EQ(browser.get("/x").body, "GET /x\nHost: test\nCookie: mine=m\n");
    browser.cookies().clear();
    EXPECT_EQ(browser.get("/x").body, "GET /x\nHost: test\n");
}

TEST(Client, IsAVisitorOfItsOwn) {
    app under_test;
    under_test.sessions(memory_sessions());
    under_test.get("/visits", [](session& visitor) {
        const int count = visitor.value("count", 0) + 1;
        visitor.set("count", count);
        return std::to_string(count);
    });
    client first(under_test);
    client second(under_test);
    EXPECT_EQ(first.get("/visits").body, "1");
    EXPECT_EQ(first.get("/visits").body, "2");
    EXPECT_EQ(second.get("/visits").body, "1");
    EXPECT_EQ(first.get("/visits").body, "3");
    EXPECT_NE(first.cookies(), second.cookies());
}

TEST(Client, SendsAndGivesBytesAsTheyAre) {
    sample given;
    client browser(given.under_test);
    browser.cookies()["mine"] = "m";
    EXPECT_EQ(browser.send_raw({"GET /a HT", "TP/1.1\r\nHost: h\r\n"}), "");
    const std::string answers =
        browser.send_raw({"\r\n", "GET /b HTTP/1.1\r\nHost: h\r\n\r\nGET /c"});
    EXPECT_NE(answers.find("GET /a\nHost: h\nHTTP/1.1 200 OK\r\n"), std::string::npos) << answers;
    EXPECT_TRUE(answers.ends_with("GET /b\nHost: h\n")) << answers;
}

TEST(Client, LeavesTheCookiesOfRawBytesAlone) {
    sample given;
    client browser(given.under_test);
    const std::string answer =
        browser.send_raw({"GET /set?name=a&value=1 HTTP/1.1\r\nHost: h\r\n\r\n"});
    EXPECT_NE(answer.find("Set-Cookie: a=1"), std::string::npos);
    EXPECT_TRUE(browser.cookies().empty());
}

TEST(Client, OpensAnotherConnectionOnceOneIsClosed) {
    sample given;
    client browser(given.under_test);
    browser.cookies()["mine"] = "m";
    EXPECT_FALSE(browser.is_closed());
    EXPECT_EQ(browser.send(method::get, "/a", "", {{"Connection", "close"}}).status, 200U);
    EXPECT_TRUE(browser.is_closed());
    EXPECT_EQ(browser.get("/x").body, "GET /x\nHost: test\nCookie: mine=m\n");
    EXPECT_FALSE(browser.is_closed());
}

TEST(Client, SendsNoMorePiecesOnceTheConnectionIsClosed) {
    sample given;
    client browser(given.under_test);
    const std::string answer =
        browser.send_raw({"nonsense\r\n\r\n", "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"});
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 "));
    EXPECT_EQ(answer.find("HTTP/1.1 200 "), std::string::npos);
    EXPECT_TRUE(browser.is_closed());
    EXPECT_EQ(browser.get("/a").status, 200U);
}

TEST(Client, TellsOfAMistakeInTheSetUp) {
    app under_test;
    under_test.get("/", [](session&) { return "x"; });
    EXPECT_THROW(client{under_test}, setup_error);
    under_test.sessions(memory_sessions());  // it does not serve yet
    EXPECT_EQ(client(under_test).get("/").body, "x");
}

TEST(Client, LeavesTheAppOpenToRoutesWhereTheSetUpFailed) {
    app under_test;
    under_test.get("/", [](session&) { return "x"; });
    EXPECT_THROW(client{under_test}, setup_error);
    under_test.sessions(memory_sessions());
    EXPECT_NO_THROW(under_test.get("/more", [] { return "more"; }));
    EXPECT_EQ(client(under_test).get("/more").body, "more");
}

TEST(Client, FreezesTheApp) {
    sample given;
    const client browser(given.under_test);
    EXPECT_THROW(given.under_test.get("/more", [] { return "x"; }), setup_error);
}

TEST(Client, GetsAnErrorWhereACoroutineIsDropped) {
    app under_test;
    std::vector<std::string> logged;
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    under_test.get("/", []() -> task<std::string> {
        // Asks for something that forgets the asker.
        co_await boost::asio::async_initiate<decltype(boost::asio::use_awaitable), void()>(
            [](auto&&) {}, boost::asio::use_awaitable);
        co_return "never";
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/").status, 500U);
    ASSERT_EQ(logged.size(), 1U);
    EXPECT_NE(logged[0].find("the coroutine was destroyed before its end"), std::string::npos);
}

TEST(Client, TellsOfARequestThatIsIncomplete) {
    sample given;
    client browser(given.under_test);
    EXPECT_THROW(static_cast<void>(browser.send(method::get, "/a", "", {{"Content-Length", "4"}})),
                 std::runtime_error);
}

}  // namespace
}  // namespace cloakroom
