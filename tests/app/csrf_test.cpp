// SPDX-License-Identifier: MIT
// Which requests csrf() lets pass: by method, by where they come from, by path.
#include "csrf_app.hpp"
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

// The status of a POST to /pay with the right token and these fields.
unsigned answer_to(const field_list& said, const std::string& host = "shop.example",
                   csrf_options options = {}) {
    csrf_app given(std::move(options));
    client browser(given.under_test);
    field_list fields = said;
    fields.emplace_back("X-CSRF-Token", browser.get("/token").body);
    fields.emplace_back("Host", host);
    return browser.send(method::post, "/pay", {}, fields).status;
}

TEST(Csrf, ChecksTheMethodsThatAreNotSafe) {
    csrf_app given;
    client browser(given.under_test);
    for (const method each : {method::get, method::head, method::options, method::trace}) {
        EXPECT_LT(browser.send(each, "/pay").status, 300U) << to_string(each);
    }
    for (const method each : {method::post, method::put, method::patch, method::delete_}) {
        EXPECT_EQ(browser.send(each, "/pay").status, 403U) << to_string(each);
    }
}

TEST(Csrf, SeesMethodsWithoutARouteToo) {
    csrf_app given;
    client browser(given.under_test);
    const field_list token = {{"X-CSRF-Token", browser.get("/token").body}};
    EXPECT_EQ(browser.post("/nowhere", "").status, 403U);
    EXPECT_EQ(browser.post("/plain", "").status, 403U);
    EXPECT_EQ(browser.send(method::post, "/nowhere", {}, token).status, 404U);
    EXPECT_EQ(browser.send(method::post, "/plain", {}, token).status, 405U);
}

TEST(Csrf, GoesByWhereTheBrowserSaysThatTheRequestComesFrom) {
    const std::vector<std::pair<field_list, unsigned>> table = {
        {{}, 200},
        {{{"Sec-Fetch-Site", "same-origin"}}, 200},
        {{{"Sec-Fetch-Site", "none"}}, 200},
        {{{"Sec-Fetch-Site", "same-site"}}, 403},
        {{{"Sec-Fetch-Site", "cross-site"}}, 403},
        {{{"Sec-Fetch-Site", "Same-Origin"}}, 403},  // its values are compared with case
        {{{"Sec-Fetch-Site", "other"}}, 403},
        {{{"Sec-Fetch-Site", ""}}, 403},
        // It counts more than Origin, and that more than Referer.
        {{{"Sec-Fetch-Site", "same-origin"}, {"Origin", "null"}}, 200},
        {{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://shop.example"}}, 403},
        {{{"Sec-Fetch-Site", "cross-site"}, {"Referer", "https://shop.example/"}}, 403},
        {{{"Origin", "https://shop.example"}}, 200},
        {{{"Origin", "http://shop.example"}}, 200},
        {{{"Origin", "https://SHOP.example"}}, 200},
        {{{"Origin", "https://evil.example"}}, 403},
        {{{"Origin", "https://shop.example.evil.example"}}, 403},
        {{{"Origin", "https://evilshop.example"}}, 403},
        {{{"Origin", "https://sub.shop.example"}}, 403},
        {{{"Origin", "https://shop.example:8443"}}, 403},
        {{{"Origin", "https://shop.example:80"}}, 403},
        {{{"Origin", "ftp://shop.example"}}, 403},
        {{{"Origin", "https://shop.example https://evil.example"}}, 403},
        {{{"Origin", "shop.example"}}, 403},
        {{{"Origin", "null"}}, 403},
        {{{"Origin", ""}}, 403},
        {{{"Origin", "null"}, {"Referer", "https://shop.example/"}}, 403},
        {{{"Origin", "https://shop.example"}, {"Referer", "https://evil.example/"}}, 200},
        {{{"Referer", "https://shop.example/a?b#c"}}, 200},
        {{{"Referer", "https://shop.example"}}, 200},
        {{{"Referer", "https://evil.example/https://shop.example"}}, 403},
        {{{"Referer", "https://evil.example?https://shop.example/"}}, 403},
        {{{"Referer", "https://shop.example@evil.example/"}}, 403},
        {{{"Referer", "https://shop.example:443@evil.example/"}}, 403},
        {{{"Referer", "/pay"}}, 403},
        {{{"Referer", ""}}, 403},
    };
    for (const auto& [fields, expected] : table) {
        std::string shown;
        for (const auto& [name, value] : fields) {
            shown += name + ": " + value + "; ";
        }
        EXPECT_EQ(answer_to(fields), expected) << shown;
    }
}

TEST(Csrf, ComparesHostAndPortWhateverTheScheme) {
    struct one_case {
        std::string origin;
        std::string host;
        unsigned expected;
    };
    const std::vector<one_case> table = {
        {"http://127.0.0.1:8080", "127.0.0.1:8080", 200},
        {"http://127.0.0.1:8080", "127.0.0.1:8081", 403},
        {"http://127.0.0.1:8080", "127.0.0.1", 403},
        {"https://shop.example", "shop.example:443", 200},
        {"https://shop.example", "shop.example:80", 403},
        {"http://shop.example", "shop.example:80", 200},
        {"http://shop.example", "shop.example:443", 403},
        {"https://shop.example", "shop.example:", 200},
        {"http://[::1]", "[::1]", 200},
        {"http://[::1]:8080", "[::1]:8080", 200},
        {"http://[::1]", "[::1]:80", 200},
        {"http://[::1]:8080", "[::1]", 403},
        {"http://[::1]:8080", "[::2]:8080", 403},
    };
    for (const auto& [origin, host, expected] : table) {
        EXPECT_EQ(answer_to({{"Origin", origin}}, host), expected) << origin << " to " << host;
    }
}

TEST(Csrf, RefusesEveryOriginWhereTheHostIsUnknown) {
    csrf_app given;
    client browser(given.under_test);
    const std::string token = browser.get("/token").body;
    const std::string begin =
        "POST /pay HTTP/1.0\r\nCookie: session=" + browser.cookies()["session"] +
        "\r\nX-CSRF-Token: " + token + "\r\n";
    const std::string without = browser.send_raw({begin + "Content-Length: 0\r\n\r\n"});
    EXPECT_EQ(without.substr(9, 3), "200") << without;
    const std::string with =
        browser.send_raw({begin + "Content-Length: 0\r\nOrigin: http://\r\n\r\n"});
    EXPECT_EQ(with.substr(9, 3), "403") << with;
}

TEST(Csrf, LetsOtherHostsOfTheSitePassWhereThatIsAllowed) {
    const csrf_options allowed{.allow_same_site = true};
    EXPECT_EQ(answer_to({{"Sec-Fetch-Site", "same-site"}}, "shop.example", allowed), 200U);
    EXPECT_EQ(answer_to({{"Sec-Fetch-Site", "cross-site"}}, "shop.example", allowed), 403U);
    EXPECT_EQ(answer_to({{"Origin", "https://sub.shop.example"}}, "shop.example", allowed), 403U);
}

TEST(Csrf, LetsTrustedOriginsPass) {
    const csrf_options trusting{.trusted_origins = {"https://app.example", "http://[::1]:81"}};
    for (const std::string_view site : {"same-site", "cross-site"}) {
        const auto answer_from = [&](std::string origin) {
            return answer_to({{"Sec-Fetch-Site", std::string{site}}, {"Origin", std::move(origin)}},
                             "shop.example", trusting);
        };
        EXPECT_EQ(answer_from("https://app.example"), 200U);
        EXPECT_EQ(answer_from("http://[::1]:81"), 200U);
        EXPECT_EQ(answer_from("http://app.example"), 403U);
        EXPECT_EQ(answer_from("https://app.example:444"), 403U);
        EXPECT_EQ(answer_from("https://app.example.evil.example"), 403U);
        EXPECT_EQ(answer_from("null"), 403U);
    }
    EXPECT_EQ(answer_to({{"Origin", "https://app.example"}}, "inner:8080", trusting), 200U);
}

TEST(Csrf, RefusesSettingsThatCannotBeMeant) {
    for (const std::string_view origin :
         {"", "null", "app.example", "https://", "https://app.example/", "https://app.example/a",
          "https://app.example?", "https://app.example:", "https://app.example:443",
          "http://app.example:80", "https://App.example", "https://*.example", "https://a b",
          "https://a@b", "https://a,https://b", "://app.example"}) {
        EXPECT_THROW(csrf({.trusted_origins = {std::string{origin}}}), setup_error) << origin;
    }
    EXPECT_THROW(csrf({.exempt = {"hooks"}}), setup_error);
    EXPECT_THROW(csrf({.exempt = {""}}), setup_error);
    app without_sessions;
    without_sessions.use(csrf());
    without_sessions.get("/", [] { return "x"; });
    EXPECT_THROW(client{without_sessions}, setup_error);
}

TEST(Csrf, ExemptsPathsAndWhatLiesBelowThem) {
    struct one_case {
        std::string exempt;
        std::string path;
        unsigned expected;
    };
    const std::vector<one_case> table = {
        {"/hooks", "/hooks", 200},
        {"/hooks", "/hooks?a=b", 200},
        {"/hooks", "/ho%6fks", 200},  // which is the same path, and the same route
        {"/hooks", "/hooksx", 403},
        {"/hooks", "/hooks/", 403},
        {"/hooks", "/hooks/a", 403},
        {"/hooks", "/Hooks", 403},
        {"/hooks", "/", 403},
        {"/hooks/", "/hooks/", 200},
        {"/hooks/", "/hooks/a", 200},
        {"/hooks/", "/hooks/a/b", 200},
        {"/hooks/", "/hooks", 403},
        {"/hooks/", "/hooksx", 403},
        {"/hooks/", "/hooks%2Fa", 403},  // one segment, and another route
        {"/hooks/", "/pay?/hooks/", 403},
        {"/a b", "/a%20b", 200},
        {"/a%20b", "/a%20b", 403},
        {"/", "/", 200},
        {"/", "/pay", 403},
    };
    for (const auto& [exempt, path, expected] : table) {
        csrf_app given({.exempt = {exempt}});
        client browser(given.under_test);
        const unsigned got = browser.send(method::post, path, {}, {{"Origin", "null"}}).status;
        EXPECT_EQ(got == 403, expected == 403) << exempt << " and " << path << ": " << got;
    }
}

TEST(Csrf, LeavesOtherRoutesAloneWhereItIsOfOneRoute) {
    app under_test;
    under_test.sessions(memory_sessions());
    under_test.post("/guarded", [] { return "x"; }).use(csrf());
    under_test.post("/open", [] { return "x"; });
    client browser(under_test);
    EXPECT_EQ(browser.post("/guarded", "").status, 403U);
    EXPECT_EQ(browser.post("/open", "").status, 200U);
}

TEST(Csrf, CostsSafeRequestsNoStoreAccess) {
    csrf_app given;
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/token").status, 200U);
    given.store->loads = 0;
    for (const std::string_view path : {"/plain", "/pay", "/nowhere", "/pay/now"}) {
        const reply answer = browser.get(path);
        EXPECT_EQ(answer.header("Vary").find("Cookie"), std::string::npos) << path;
    }
    EXPECT_EQ(given.store->loads, 0);
    EXPECT_EQ(browser.post("/pay", "").status, 403U);
    EXPECT_EQ(given.store->loads, 1);
}

TEST(Csrf, TellsCachesThatTheAnswerDependsOnTheSession) {
    csrf_app given;
    client browser(given.under_test);
    const field_list token = {{"X-CSRF-Token", browser.get("/token").body}};
    EXPECT_EQ(browser.send(method::post, "/pay", {}, token).header("Vary"), "Cookie");
    EXPECT_EQ(browser.get("/form").header("Vary"), "Cookie");
}

}  // namespace
}  // namespace cloakroom
