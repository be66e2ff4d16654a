// SPDX-License-Identifier: MIT
// What handlers may return, and the response it becomes.
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/json.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shop {

struct receipt {
    int number = 0;
};

cloakroom::response to_response(const receipt& made) {
    return cloakroom::text("receipt " + std::to_string(made.number))
        .status(cloakroom::status::created);
}

struct coat {
    std::string colour;
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("colour", &coat::colour),
                                                     cloakroom::field("number", &coat::number));
};

struct page {
    int number = 0;
    static constexpr auto fields = cloakroom::fields(cloakroom::field("number", &page::number));
};

cloakroom::response to_response(const page& /*made*/) {
    return cloakroom::html("<p>");
}

}  // namespace shop

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

TEST(HandlerResults, LiteralIsPlainText) {
    app under_test;
    under_test.get("/", [] { return "Hello, World!"; });
    const reply answer = client(under_test).get("/");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.header("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(answer.header("Content-Length"), "13");
    EXPECT_EQ(answer.body, "Hello, World!");
}

TEST(HandlerResults, TextMayBeOwnedOrAViewOfTheRequest) {
    app under_test;
    under_test.get("/owned", [] { return std::string(100'000, 'x'); });
    under_test.get("/constant", []() -> const std::string& {
        static const std::string text = "constant";
        return text;
    });
    under_test.post("/view", [](const request& req) { return req.body(); });
    client browser(under_test);
    EXPECT_EQ(browser.get("/owned").body, std::string(100'000, 'x'));
    EXPECT_EQ(browser.get("/constant").body, "constant");
    EXPECT_EQ(browser.get("/constant").body, "constant");
    EXPECT_EQ(browser.post("/view", "back again").body, "back again");
}

TEST(HandlerResults, JsonHasItsTypeAndReplacesWhatIsNotUtf8) {
    app under_test;
    under_test.get("/", [] { return json{{"name", "Ada \xFF"}}; });
    const reply answer = client(under_test).get("/");
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.body, "{\"name\":\"Ada \xEF\xBF\xBD\"}");
}

TEST(HandlerResults, StructsWithFieldsAreJson) {
    app under_test;
    under_test.get("/one", [] { return shop::coat{"blue", 7}; });
    under_test.get("/maybe/{n}", [](int n) -> std::optional<shop::coat> {
        return n == 1 ? std::optional<shop::coat>{{"red", 1}} : std::nullopt;
    });
    under_test.get("/list", [] { return std::vector<shop::coat>{{"a", 1}, {"b", 2}}; });
    under_test.get("/empty", [] { return std::vector<shop::coat>{}; });
    under_test.get("/map", [] { return std::map<std::string, shop::coat>{{"x", {"a", 1}}}; });
    under_test.get("/later", []() -> task<shop::coat> { co_return shop::coat{"c", 3}; });
    client browser(under_test);
    const reply answer = browser.get("/one");
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.body, R"({"colour":"blue","number":7})");
    EXPECT_EQ(browser.get("/maybe/1").body, R"({"colour":"red","number":1})");
    EXPECT_EQ(browser.get("/maybe/2").status, 404U);
    EXPECT_EQ(browser.get("/list").body,
              R"([{"colour":"a","number":1},{"colour":"b","number":2}])");
    EXPECT_EQ(browser.get("/empty").body, "[]");
    EXPECT_EQ(browser.get("/map").body, R"({"x":{"colour":"a","number":1}})");
    EXPECT_EQ(browser.get("/later").body, R"({"colour":"c","number":3})");
}

TEST(HandlerResults, ToResponseGoesBeforeFields) {
    app under_test;
    under_test.get("/", [] { return shop::page{}; });
    EXPECT_EQ(client(under_test).get("/").body, "<p>");
}

TEST(HandlerResults, ResponseIsTakenAsItIs) {
    app under_test;
    under_test.get("/", [] {
        return html("<p>").status(status::accepted).set("X-Note", "a").add("X-Note", "b");
    });
    const reply answer = client(under_test).get("/");
    EXPECT_EQ(answer.status, 202U);
    EXPECT_EQ(answer.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(answer.body, "<p>");
    ASSERT_EQ(answer.fields.size(), 5U);
    EXPECT_EQ(answer.fields[2], (std::pair<std::string, std::string>{"X-Note", "a"}));
    EXPECT_EQ(answer.fields[3], (std::pair<std::string, std::string>{"X-Note", "b"}));
}

TEST(HandlerResults, RedirectIsSeeOther) {
    app under_test;
    under_test.post("/", [] { return redirect("/done"); });
    const reply answer = client(under_test).post("/", "");
    EXPECT_EQ(answer.status, 303U);
    EXPECT_EQ(answer.header("Location"), "/done");
}

TEST(HandlerResults, StatusOfSuccessHasNoContent) {
    app under_test;
    under_test.get("/none", [] { return status::no_content; });
    under_test.get("/created", [] { return status::created; });
    client browser(under_test);
    const reply none = browser.get("/none");
    EXPECT_EQ(none.status, 204U);
    EXPECT_EQ(none.header("Content-Length"), "");
    const reply created = browser.get("/created");
    EXPECT_EQ(created.status, 201U);
    EXPECT_EQ(created.header("Content-Length"), "0");
}

TEST(HandlerResults, StatusOfErrorIsAProblem) {
    app under_test;
    under_test.get("/", [] { return status::gone; });
    const reply answer = client(under_test).get("/");
    EXPECT_EQ(answer.status, 410U);
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer.body, R"({"title":"Gone","status":410})");
}

TEST(HandlerResults, StatusWithoutANameIsSent) {
    app under_test;
    under_test.get("/", [] { return static_cast<status>(299); });
    EXPECT_EQ(client(under_test).get("/").status, 299U);
}

TEST(HandlerResults, EmptyOptionalIsNotFound) {
    app under_test;
    under_test.get("/text/{n}",
                   [](int n) { return n == 1 ? std::optional<std::string>{"one"} : std::nullopt; });
    under_test.get("/json/{n}", [](int n) {
        return n == 1 ? std::optional<json>{json{{"n", 1}}} : std::nullopt;
    });
    under_test.get("/response/{n}", [](int n) {
        return n == 1 ? std::optional<response>{text("one")} : std::nullopt;
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/text/1").body, "one");
    EXPECT_EQ(browser.get("/text/2").status, 404U);
    EXPECT_EQ(browser.get("/json/1").body, R"({"n":1})");
    EXPECT_EQ(browser.get("/json/2").status, 404U);
    EXPECT_EQ(browser.get("/response/1").body, "one");
    EXPECT_EQ(browser.get("/response/2").status, 404U);
}

TEST(HandlerResults, TypesOfYourOwnConvert) {
    app under_test;
    under_test.get("/{n}", [](int n) { return shop::receipt{n}; });
    under_test.get("/maybe/{n}", [](int n) {
        return n == 1 ? std::optional<shop::receipt>{shop::receipt{n}} : std::nullopt;
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/7").body, "receipt 7");
    EXPECT_EQ(browser.get("/7").status, 201U);
    EXPECT_EQ(browser.get("/maybe/1").body, "receipt 1");
    EXPECT_EQ(browser.get("/maybe/2").status, 404U);
}

TEST(HandlerResults, LeaveNothingForTheNextResponse) {
    app under_test;
    under_test.get("/rich",
                   [] { return html("long content").status(status::accepted).set("X-Note", "a"); });
    under_test.get("/plain", [] { return "p"; });
    client browser(under_test);
    static_cast<void>(browser.get("/rich"));
    const reply plain = browser.get("/plain");
    EXPECT_EQ(plain.status, 200U);
    EXPECT_EQ(plain.header("X-Note"), "");
    EXPECT_EQ(plain.body, "p");
}

TEST(HandlerResults, CannotSplitTheResponse) {
    std::string logged;
    app under_test;
    under_test.log([&](std::string_view line) { logged = line; });
    under_test.get("/", [](const request& req) {
        return text("x").set("X-Note", req.query_value("note").value_or(""));
    });
    const reply answer = client(under_test).get("/?note=a%0d%0aSet-Cookie:%20b=c");
    EXPECT_EQ(answer.status, 500U);
    EXPECT_EQ(answer.header("Set-Cookie"), "");
    EXPECT_NE(logged.find("control character"), std::string::npos) << logged;
}

}  // namespace
}  // namespace cloakroom
