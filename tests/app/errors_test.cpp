// SPDX-License-Identifier: MIT
// What clients see of errors, and what only the log sees.
#include <cloakroom/app.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

TEST(Errors, OfAHandlerAreProblemsWithItsWords) {
    app under_test;
    under_test.get("/", []() -> std::string {
        throw http_error(problem{status::too_many_requests,
                                 "Slow down.",
                                 {{"rate", "is \"high\""}},
                                 {{"Retry-After", "7"}}});
    });
    const reply answer = client(under_test).get("/");
    EXPECT_EQ(answer.status, 429U);
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer.header("Retry-After"), "7");
    EXPECT_EQ(answer.body, R"({"title":"Too Many Requests","status":429,"detail":"Slow down.",)"
                           R"("errors":[{"field":"rate","message":"is \"high\""}]})");
}

TEST(Errors, ArePagesForBrowsersAndEscaped) {
    app under_test;
    under_test.get("/", []() -> std::string {
        throw http_error(status::bad_request, "<script>alert(1)</script>");
    });
    const reply answer =
        client(under_test)
            .send(method::get, "/", {}, {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}});
    EXPECT_EQ(answer.status, 400U);
    EXPECT_EQ(answer.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(answer.body.find("&lt;script&gt;"), std::string::npos);
    EXPECT_EQ(answer.body.find("<script>"), std::string::npos);
}

TEST(Errors, OtherExceptionsTellTheLogAlone) {
    std::vector<std::string> logged;
    app under_test;
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    under_test.post("/pay", []() -> std::string { throw std::runtime_error("password: 1234"); });
    under_test.get("/odd", []() -> std::string { throw 7; });
    client browser(under_test);
    const std::string raw =
        browser.send_raw({"POST /pay?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"});
    EXPECT_TRUE(raw.starts_with("HTTP/1.1 500 Internal Server Error\r\n")) << raw;
    EXPECT_EQ(raw.find("password"), std::string::npos);
    EXPECT_EQ(browser.get("/odd").status, 500U);
    EXPECT_EQ(logged, (std::vector<std::string>{"POST /pay?x=1: password: 1234",
                                                "GET /odd: an exception that is no "
                                                "std::exception"}));
}

TEST(Errors, OfClientsAreNotLogged) {
    std::vector<std::string> logged;
    app under_test;
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    under_test.get("/{n}", [](int) { return status::forbidden; });
    client browser(under_test);
    static_cast<void>(browser.get("/1"));
    static_cast<void>(browser.get("/x"));
    static_cast<void>(browser.send_raw({"nonsense\r\n\r\n"}));
    EXPECT_EQ(logged, std::vector<std::string>{});
}

TEST(Errors, OfTheServerAreLoggedAlsoWhenThrownAsHttpErrors) {
    std::vector<std::string> logged;
    app under_test;
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    under_test.get("/{code}", [](int code) -> std::string {
        throw http_error(static_cast<status>(code), "The bank does not answer.");
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/502").status, 502U);
    EXPECT_NE(browser.get("/500").body.find("The bank does not answer."), std::string::npos);
    EXPECT_EQ(browser.get("/499").status, 499U);
    EXPECT_EQ(logged, (std::vector<std::string>{"GET /502: 502 The bank does not answer.",
                                                "GET /500: 500 The bank does not answer."}));
}

TEST(Errors, LeaveOutFieldsThatAreTheServersAndTellTheLog) {
    std::vector<std::string> logged;
    app under_test;
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    under_test.get("/", []() -> std::string {
        throw http_error(problem{
            status::too_many_requests,
            {},
            {},
            {{"Connection", "close"}, {"X-Split", "a\r\nX-Evil: b"}, {"Retry-After", "7"}}});
    });
    client browser(under_test);
    const reply answer = browser.get("/");
    EXPECT_EQ(answer.status, 429U);
    EXPECT_EQ(answer.header("Retry-After"), "7");
    EXPECT_EQ(answer.header("X-Split"), "");
    EXPECT_EQ(answer.header("X-Evil"), "");
    EXPECT_FALSE(browser.is_closed());
    ASSERT_EQ(logged.size(), 2U);
    EXPECT_TRUE(logged[0].starts_with("GET /: ")) << logged[0];
    EXPECT_NE(logged[0].find("Connection"), std::string::npos) << logged[0];
    EXPECT_NE(logged[1].find("X-Split"), std::string::npos) << logged[1];
}

TEST(Errors, HaveAStatusThatIsOne) {
    for (const unsigned code : {0U, 101U, 200U, 204U, 302U, 399U, 600U, 1'000U}) {
        EXPECT_THROW(http_error{static_cast<status>(code)}, std::invalid_argument) << code;
        EXPECT_THROW(http_error(problem{static_cast<status>(code)}), std::invalid_argument) << code;
    }
    EXPECT_NO_THROW(http_error{static_cast<status>(400)});
    EXPECT_NO_THROW(http_error{static_cast<status>(599)});
}

TEST(Errors, AreWhatAHandlerWithAnImpossibleStatusGets) {
    std::vector<std::string> logged;
    app under_test;
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    under_test.get("/{code}", [](int code) { return static_cast<status>(code); });
    under_test.get("/http/{code}",
                   [](int code) -> std::string { throw http_error(static_cast<status>(code)); });
    client browser(under_test);
    for (const std::string_view target :
         {"/101", "/199", "/600", "/1000", "/http/302", "/http/101"}) {
        logged.clear();
        const reply answer = browser.get(target);
        EXPECT_EQ(answer.status, 500U) << target;
        EXPECT_EQ(logged.size(), 1U) << target;
    }
}

TEST(Errors, DoNotEndTheConnection) {
    app under_test;
    under_test.log([](std::string_view) {});
    under_test.get("/", []() -> std::string { throw std::runtime_error("x"); });
    client browser(under_test);
    EXPECT_EQ(browser.get("/").status, 500U);
    EXPECT_FALSE(browser.is_closed());
    EXPECT_EQ(browser.get("/").status, 500U);
}

TEST(Errors, SurviveALogThatThrows) {
    app under_test;
    under_test.log([](std::string_view) { throw std::runtime_error("disk full"); });
    under_test.get("/", []() -> std::string { throw std::runtime_error("x"); });
    EXPECT_EQ(client(under_test).get("/").status, 500U);
}

TEST(ErrorPages, AreMadeByTheAppForEveryError) {
    app under_test;
    under_test.log([](std::string_view) {});
    under_test.error_pages([](const request& req, const problem& content) {
        return text(std::string{req.target()} + " " + std::to_string(to_number(content.status)) +
                    " " + content.detail)
            .set("X-Page", "mine");
    });
    under_test.get("/error", []() -> std::string { throw std::runtime_error("secret"); });
    under_test.get("/known", []() -> std::string {
        throw http_error(
            problem{status::unauthorized, "Who?", {}, {{"WWW-Authenticate", "Basic"}}});
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/error").body, "/error 500 ");
    EXPECT_EQ(browser.get("/error").status, 500U);  // whatever the page says
    const reply known = browser.get("/known");
    EXPECT_EQ(known.body, "/known 401 Who?");
    EXPECT_EQ(known.header("WWW-Authenticate"), "Basic");
    EXPECT_EQ(browser.get("/nothing").body, "/nothing 404 ");
    EXPECT_EQ(browser.post("/known", "").header("Allow"), "GET, HEAD, OPTIONS");
    const std::string malformed = browser.send_raw({"GET / HTTP/1.1\r\n\r\n"});
    EXPECT_TRUE(malformed.starts_with("HTTP/1.1 400 ")) << malformed;
    EXPECT_NE(malformed.find("X-Page: mine"), std::string::npos);
}

TEST(ErrorPages, MayNotChangeTheStatus) {
    app under_test;
    under_test.error_pages(
        [](const request&, const problem&) { return text("fine").status(status::ok); });
    client browser(under_test);
    EXPECT_EQ(browser.get("/nothing").status, 404U);
    EXPECT_TRUE(browser.send_raw({"GET / HTTP/1.1\r\n\r\n"}).starts_with("HTTP/1.1 400 "));
}

TEST(ErrorPages, MayLeaveSomeToTheDefaultOnes) {
    app under_test;
    under_test.error_pages([](const request& req, const problem&) -> std::optional<response> {
        if (req.prefers_html()) {
            return text("a page");
        }
        return std::nullopt;
    });
    client browser(under_test);

    EXPECT_EQ(browser.send(method::get, "/nothing", "", {{"Accept", "text/html"}}).body, "a page");
    EXPECT_EQ(browser.get("/nothing").header("Content-Type"), "application/problem+json");
}

TEST(ErrorPages, ThatThrowAreReplacedByTheDefaultOnes) {
    app under_test;
    std::vector<std::string> logged;
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    under_test.error_pages([](const request&, const problem&) -> response {
        throw std::runtime_error("template missing");
    });
    under_test.get("/", []() -> std::string { throw http_error(status::forbidden); });
    client browser(under_test);
    const reply forbidden = browser.get("/");
    EXPECT_EQ(forbidden.status, 403U);
    EXPECT_EQ(forbidden.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(browser.get("/nothing").status, 404U);
    EXPECT_TRUE(browser.send_raw({"GET / HTTP/1.1\r\n\r\n"}).starts_with("HTTP/1.1 400 "));
    EXPECT_EQ(logged, (std::vector<std::string>{"GET /: error_pages: template missing",
                                                "GET /nothing: error_pages: template missing",
                                                "GET /: error_pages: template missing"}));
}

TEST(Errors, AreOneLineOfTheLogWhateverTheirTextSays) {
    std::vector<std::string> logged;
    app under_test;
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    under_test.get("/", []() -> std::string {
        throw std::runtime_error("bad\nGET /admin: granted\r\x1b[0m\x7f");
    });
    static_cast<void>(client(under_test).get("/"));
    EXPECT_EQ(logged,
              (std::vector<std::string>{"GET /: bad\\x0aGET /admin: granted\\x0d\\x1b[0m\\x7f"}));
}

}  // namespace
}  // namespace cloakroom
