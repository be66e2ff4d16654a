// SPDX-License-Identifier: MIT
#include "message/problem.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

request asking_for(std::string_view accept) {
    request::parts parts;
    parts.fields = {{"Accept", accept}};
    return request{std::move(parts)};
}

TEST(Problem, IsJsonByDefault) {
    const response made = problem_response({}, {status::not_found, {}, {}, {}});
    EXPECT_EQ(made.status(), status::not_found);
    EXPECT_EQ(made.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(made.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(made.header("Vary"), "Accept");
    EXPECT_EQ(made.body(), R"({"title":"Not Found","status":404})");
}

TEST(Problem, JsonHasDetailAndErrors) {
    const problem content{status::unprocessable_content,
                          "Say \"please\".",
                          {{"page", "expected an integer"}, {"a\"b", "is missing\n"}},
                          {}};
    EXPECT_EQ(problem_response({}, content).body(),
              R"({"title":"Unprocessable Content","status":422,"detail":"Say \"please\".",)"
              R"("errors":[{"field":"page","message":"expected an integer"},)"
              R"({"field":"a\"b","message":"is missing\n"}]})");
}

TEST(Problem, JsonOfAStatusWithoutReasonHasNoTitle) {
    EXPECT_EQ(problem_response({}, {static_cast<status>(499), {}, {}, {}}).body(),
              R"({"status":499})");
}

problem with_extensions(std::vector<std::pair<std::string, std::string>> extensions) {
    return {status::conflict, {}, {}, {}, std::move(extensions)};
}

TEST(Problem, JsonHasExtensionsBehindAllElse) {
    EXPECT_EQ(problem_response({}, with_extensions({{"allowed", R"(["pay","end"])"}})).body(),
              R"({"title":"Conflict","status":409,"allowed":["pay","end"]})");
    problem content = with_extensions({{"Left_2", "0.5"}, {"b", "null"}});
    content.errors = {{"page", "is missing"}};
    EXPECT_EQ(problem_response({}, content).body(),
              R"({"title":"Conflict","status":409,)"
              R"("errors":[{"field":"page","message":"is missing"}],"Left_2":0.5,"b":null})");
}

TEST(Problem, PageDoesNotShowExtensions) {
    const request browser = asking_for("text/html");
    EXPECT_EQ(problem_response(browser, with_extensions({{"allowed", R"("pay")"}})).body(),
              problem_response(browser, with_extensions({})).body());
}

TEST(Problem, RefusesExtensionsThatWouldBreakTheObject) {
    for (const std::string_view name : {"", "type", "title", "status", "detail", "instance",
                                        "errors", "1st", "_a", "a b", "a-b", "a\"", "\u00e9"}) {
        const problem content = with_extensions({{std::string{name}, "1"}});
        EXPECT_THROW(static_cast<void>(problem_response({}, content)), std::invalid_argument)
            << name;
        EXPECT_THROW(static_cast<void>(problem_response(asking_for("text/html"), content)),
                     std::invalid_argument);
        EXPECT_THROW(http_error{content}, std::invalid_argument) << name;
    }
    for (const std::string_view json : {"", "pay", "1,\"status\":200", "[1", "{\"a\":}", "1 2"}) {
        const problem content = with_extensions({{"allowed", std::string{json}}});
        EXPECT_THROW(static_cast<void>(problem_response({}, content)), std::invalid_argument)
            << json;
        EXPECT_THROW(http_error{content}, std::invalid_argument) << json;
    }
    EXPECT_THROW(http_error{with_extensions({{"a", "1"}, {"b", "1"}, {"a", "1"}})},
                 std::invalid_argument);
    EXPECT_NO_THROW(http_error{with_extensions({{"types", "1"}, {"Type", "2"}})});
}

TEST(Problem, IsAPageForABrowser) {
    const problem content{status::bad_request, "Some detail.", {{"page", "is missing"}}, {}};
    const response made = problem_response(asking_for("text/html"), content);
    EXPECT_EQ(made.status(), status::bad_request);
    EXPECT_EQ(made.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(made.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(made.header("Vary"), "Accept");
    EXPECT_NE(made.body().find("<title>400 Bad Request</title>"), std::string_view::npos);
    EXPECT_TRUE(
        made.body().ends_with("<h1>400 Bad Request</h1>\n"
                              "<p>Some detail.</p>\n"
                              "<ul>\n<li><strong>page</strong>: is missing</li>\n</ul>\n"
                              "</body>\n</html>\n"));
}

TEST(Problem, PageEscapesAllItSays) {
    const std::string script = "<script>'\"&</script>";
    const problem content{status::bad_request, script, {{script, script}}, {}};
    const response made = problem_response(asking_for("text/html"), content);
    const std::string escaped = "&lt;script&gt;&#39;&quot;&amp;&lt;/script&gt;";
    EXPECT_EQ(made.body().find("<script"), std::string_view::npos);
    EXPECT_TRUE(made.body().ends_with("<p>" + escaped + "</p>\n<ul>\n<li><strong>" + escaped +
                                      "</strong>: " + escaped +
                                      "</li>\n</ul>\n</body>\n</html>\n"));
}

TEST(Problem, LeavesItsHeaderFieldsToTheCaller) {
    const problem content{status::service_unavailable, {}, {}, {{"Retry-After", "1"}}};
    EXPECT_FALSE(problem_response({}, content).header("Retry-After"));
}

}  // namespace
}  // namespace cloakroom
