// SPDX-License-Identifier: MIT
// The token of csrf(): where it is taken from, and how long it lives.
#include "csrf_app.hpp"
#include <cloakroom/form.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;
using operations = session_app::operations;

using enum session_change::operation;

TEST(CsrfToken, IsWantedOfTrustedOriginsToo) {
    csrf_app given({.trusted_origins = {"https://app.example"}});
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/token").status, 200U);
    EXPECT_EQ(browser.send(method::post, "/pay", {}, {{"Origin", "https://app.example"}}).status,
              403U);
}

TEST(CsrfToken, IsTakenFromAFieldOrAForm) {
    csrf_app given;
    client browser(given.under_test);
    const std::string token = browser.get("/token").body;
    const std::string wrong(token.size(), 'A');
    struct one_case {
        field_list fields;
        std::string body;
        unsigned expected;
    };
    const std::string form_type{form_values::media_type};
    const field_list form = {{"Content-Type", form_type}};
    const field_list form_and_field = {{"Content-Type", form_type}, {"X-CSRF-Token", token}};
    const field_list form_and_wrong = {{"Content-Type", form_type}, {"X-CSRF-Token", wrong}};
    const std::vector<one_case> table = {
        {{}, "", 403},
        {{{"X-CSRF-Token", token}}, "", 200},
        {{{"x-csrf-token", token}}, "", 200},
        {{{"X-CSRF-Token", wrong}}, "", 403},
        {{{"X-CSRF-Token", ""}}, "", 403},
        {{{"X-CSRF-Token", token.substr(1)}}, "", 403},
        {{{"X-CSRF-Token", token + "A"}}, "", 403},
        {{{"X-CSRF-Token", token}, {"Content-Type", "application/json"}}, "{}", 200},
        {form, "", 403},
        {form, "csrf_token=" + token, 200},
        {form, "a=1&csrf_token=" + token + "&b=2", 200},
        {form, "csrf%5Ftoken=" + token, 200},
        {form, "csrf_token=" + wrong, 403},
        {form, "csrf_token=", 403},
        {form, "csrf_token=" + wrong + "&csrf_token=" + token, 403},  // the first one counts
        {form, "csrf_token=" + token + "&broken=%", 400},
        {form_and_field, "csrf_token=" + wrong, 200},
        {form_and_wrong, "csrf_token=" + token, 403},
        {{{"Content-Type", form_type + "; charset=utf-8"}}, "csrf_token=" + token, 200},
        {{{"Content-Type", "text/plain"}}, "csrf_token=" + token, 403},
        {{{"Content-Type", "multipart/form-data; boundary=x"}}, "csrf_token=" + token, 403},
    };
    for (const auto& [fields, body, expected] : table) {
        EXPECT_EQ(browser.send(method::post, "/pay", body, fields).status, expected) << body;
    }
    EXPECT_EQ(browser.send(method::post, "/pay?csrf_token=" + token).status, 403U);
}

TEST(CsrfToken, ThatIsWrongOrMissingIsAnsweredWithWhatToDo) {
    csrf_app given;
    client browser(given.under_test);
    const auto detail_of = [&](const field_list& fields) {
        const reply answer = browser.send(method::post, "/pay", {}, fields);
        EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
        return answer.body;
    };
    EXPECT_NE(detail_of({}).find("Send it as the form's csrf_token"), std::string::npos);
    EXPECT_NE(detail_of({{"X-CSRF-Token", "x"}}).find("There is no session"), std::string::npos);
    EXPECT_EQ(browser.get("/visits").body, "1");  // a session, but no token
    EXPECT_NE(detail_of({{"X-CSRF-Token", ""}}).find("There is no session"), std::string::npos);
    EXPECT_EQ(browser.get("/token").status, 200U);
    EXPECT_NE(detail_of({{"X-CSRF-Token", "x"}}).find("Load the page again"), std::string::npos);
    EXPECT_NE(detail_of({{"Origin", "null"}}).find("Open the page on this site"),
              std::string::npos);
}

class CsrfTokens : public ::testing::TestWithParam<store_kind> {};

INSTANTIATE_TEST_SUITE_P(All, CsrfTokens, every_store, name_of);

TEST_P(CsrfTokens, AreMadeOnceAndKept) {
    csrf_app given({}, GetParam());
    client browser(given.under_test);
    const std::string token = browser.get("/token").body;
    EXPECT_EQ(token.size(), 43U);
    EXPECT_EQ(browser.get("/token").body, token);
    EXPECT_EQ(
        browser.get("/form").body,
        "<input type=\"hidden\" autocomplete=\"off\" name=\"csrf_token\" value=\"" + token + "\">");
    EXPECT_EQ(given.new_commits(), operations{insert});
    EXPECT_EQ(browser.get("/visits").body, "1");
    EXPECT_EQ(given.new_commits(), operations{replace});
    EXPECT_EQ(browser.get("/token").body, token);
    EXPECT_EQ(browser.send(method::post, "/pay", {}, {{"X-CSRF-Token", token}}).status, 200U);
}

TEST_P(CsrfTokens, AreOthersAfterALogIn) {
    csrf_app given({}, GetParam());
    client browser(given.under_test);
    const field_list old = {{"X-CSRF-Token", browser.get("/token").body}};
    EXPECT_EQ(browser.send(method::post, "/login", {}, old).body, "welcome");
    EXPECT_EQ(browser.send(method::post, "/pay", {}, old).status, 403U);
    const field_list fresh = {{"X-CSRF-Token", browser.get("/token").body}};
    EXPECT_NE(fresh, old);
    EXPECT_EQ(browser.send(method::post, "/pay", {}, old).status, 403U);
    EXPECT_EQ(browser.send(method::post, "/pay", {}, fresh).status, 200U);
}

TEST_P(CsrfTokens, OfAnotherSessionAreRefused) {
    csrf_app given({}, GetParam());
    client browser(given.under_test);
    client attacker(given.under_test);
    const field_list theirs = {{"X-CSRF-Token", attacker.get("/token").body}};
    EXPECT_EQ(browser.send(method::post, "/login", {}, theirs).status, 403U);
    EXPECT_EQ(browser.get("/token").status, 200U);
    EXPECT_EQ(browser.send(method::post, "/login", {}, theirs).status, 403U);
    EXPECT_EQ(attacker.send(method::post, "/login", {}, theirs).status, 200U);
}

TEST_P(CsrfTokens, EndWithTheSession) {
    csrf_app given({}, GetParam());
    client browser(given.under_test);
    const field_list token = {{"X-CSRF-Token", browser.get("/token").body}};
    EXPECT_EQ(browser.get("/end").body, "bye");
    EXPECT_EQ(browser.send(method::post, "/pay", {}, token).status, 403U);
    EXPECT_NE(browser.get("/token").body, token.front().second);
}

TEST(CsrfToken, IsOneForTwoTabsThatMakeItAtOnce) {
    csrf_app given;
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    const std::string first(43, 'f');  // the other tab's request commits in the midst of this one
    given.store->interference = [&](session_values& values) {
        values.set("_csrf", "\"" + first + "\"");
    };
    given.store->interferences = 1;
    EXPECT_EQ(browser.get("/token").body, first);
    EXPECT_EQ(browser.get("/token").body, first);
    EXPECT_EQ(browser.send(method::post, "/pay", {}, {{"X-CSRF-Token", first}}).status, 200U);
}

TEST(CsrfToken, OfAFreshSessionIsThatOfTheCookieWhichCameLast) {
    csrf_app given;  // two tabs without a cookie make two sessions, and the browser keeps one
    client first(given.under_test);
    client second(given.under_test);
    const field_list of_first = {{"X-CSRF-Token", first.get("/token").body}};
    const field_list of_second = {{"X-CSRF-Token", second.get("/token").body}};
    first.cookies() = second.cookies();
    EXPECT_EQ(first.send(method::post, "/pay", {}, of_second).status, 200U);
    EXPECT_EQ(first.send(method::post, "/pay", {}, of_first).status, 403U);
}

TEST(CsrfToken, IsEscapedInAForm) {
    app under_test;
    under_test.sessions(memory_sessions());
    under_test.get("/form", [](session& visitor) {
        visitor.set("_csrf", R"("><script>)");
        return csrf_field(visitor);
    });
    EXPECT_EQ(client(under_test).get("/form").body.find("<script>"), std::string::npos);
}

TEST(CsrfToken, ThatIsEmptyOpensNothing) {
    csrf_app given;
    given.under_test.get("/empty", [](session& visitor) {
        visitor.set("_csrf", "");
        return "x";
    });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/empty").status, 200U);
    EXPECT_EQ(browser.send(method::post, "/pay", {}, {{"X-CSRF-Token", ""}}).status, 403U);
}

}  // namespace
}  // namespace cloakroom
