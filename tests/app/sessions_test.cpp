// SPDX-License-Identifier: MIT
// Sessions through the whole app: what is stored, when, and what the client gets to keep. The same
// for every store.
#include "app/app_implementation.hpp"
#include "session_app.hpp"
#include <cloakroom/http_error.hpp>
#include <cloakroom/json.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::client;
using testing::reply;
using operations = session_app::operations;

using enum session_change::operation;

class Sessions : public ::testing::TestWithParam<store_kind> {};

INSTANTIATE_TEST_SUITE_P(All, Sessions, every_store, name_of);

TEST_P(Sessions, RememberAVisitor) {
    session_app given(GetParam());
    client browser(given.under_test);
    client other(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    EXPECT_EQ(browser.get("/visits").body, "2");
    EXPECT_EQ(other.get("/visits").body, "1");
    EXPECT_EQ(browser.get("/visits").body, "3");
    EXPECT_EQ(given.new_commits(), (operations{insert, replace, insert, replace}));
}

TEST_P(Sessions, StoreNothingUntilSomethingIsSet) {
    session_app given(GetParam());
    client browser(given.under_test);
    const reply answer = browser.get("/count");
    EXPECT_EQ(answer.body, "0");
    EXPECT_EQ(answer.header("Set-Cookie"), "");
    EXPECT_EQ(answer.header("Vary"), "Cookie");
    EXPECT_EQ(answer.header("Cache-Control"), "");
    EXPECT_EQ(given.new_commits(), operations{});
    EXPECT_EQ(given.store->loads, 0);
}

TEST_P(Sessions, CostNothingWhereNobodyAsksForThem) {
    session_app given(GetParam());
    given.under_test.get("/plain", [] { return "plain"; });
    given.under_test.get("/unused", [](session&) { return "unused"; });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    static_cast<void>(given.new_commits());
    const reply plain = browser.get("/plain");
    EXPECT_EQ(given.store->loads, 0);
    EXPECT_EQ(plain.header("Vary"), "");
    EXPECT_EQ(browser.get("/unused").header("Vary"), "");
    EXPECT_EQ(given.new_commits(), operations{});
}

TEST_P(Sessions, SetACookieWithSafeAttributes) {
    session_app given(GetParam());
    client browser(given.under_test);
    const reply answer = browser.get("/visits");
    EXPECT_EQ(answer.header("Set-Cookie"),
              "session=" + browser.cookies()["session"] + "; Path=/; HttpOnly; SameSite=Lax");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Vary"), "Cookie");
}

TEST_P(Sessions, InProductionSetAHostCookie) {
    session_app given(GetParam());
    given.under_test.get("/page", [](session& visitor) {
        visitor.set("a", 1);
        return "x";
    });
    if (GetParam() == store_kind::signed_cookie) {
        given.under_test.sessions(
            signed_cookie_sessions({.secret = "0123456789abcdef0123456789abcdef"}),
            {.same_site = same_site::strict, .persistent = true, .idle_time = hours{1}});
    } else {
        given.under_test.sessions(
            memory_sessions(),
            {.same_site = same_site::strict, .persistent = true, .idle_time = hours{1}});
    }
    client browser(given.under_test, deployment::production);
    const reply answer = browser.get("/page");
    EXPECT_EQ(answer.header("Set-Cookie"),
              "__Host-session=" + browser.cookies()["__Host-session"] +
                  "; Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Strict");
    const reply ended = browser.get("/end");
    EXPECT_EQ(ended.header("Set-Cookie"),
              "__Host-session=; Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Strict; "
              "Max-Age=0");
}

TEST_P(Sessions, MayNameTheCookie) {
    session_app given(GetParam(), {.cookie_name = "ticket"});
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    EXPECT_EQ(browser.cookies().count("ticket"), 1U);
    EXPECT_EQ(browser.get("/visits").body, "2");
}

TEST_P(Sessions, KeepACacheControlOfTheHandler) {
    session_app given(GetParam());
    given.under_test.get("/page", [](session& visitor) {
        visitor.set("a", 1);
        return text("x").set("Cache-Control", "private").set("Vary", "Accept");
    });
    const reply answer = client(given.under_test).get("/page");
    EXPECT_EQ(answer.header("Cache-Control"), "private");
    EXPECT_EQ(answer.header("Vary"), "Accept, Cookie");
}

TEST_P(Sessions, NeverAdoptAForgedOrForeignToken) {
    session_app given(GetParam());
    client browser(given.under_test);
    for (const std::string& forged : {std::string{"x"}, std::string(43, 'A'), std::string(200, 'A'),
                                      std::string{"a.b.c"}, std::string(5000, 'A')}) {
        browser.cookies()["session"] = forged;
        EXPECT_EQ(browser.get("/visits").body, "1");
        EXPECT_NE(browser.cookies()["session"], forged);
        EXPECT_EQ(browser.get("/visits").body, "2");
    }
    session_app foreign(GetParam(), {.cookie_name = "other"});
    client abroad(foreign.under_test);
    abroad.cookies()["other"] = browser.cookies()["session"];
    EXPECT_EQ(abroad.get("/visits").body, "1");
}

TEST_P(Sessions, LeaveAForgedCookieAloneWhenNothingIsSet) {
    session_app given(GetParam());
    client browser(given.under_test);
    browser.cookies()["session"] = "forged";
    EXPECT_EQ(browser.get("/count").header("Set-Cookie"), "");
    EXPECT_EQ(given.new_commits(), operations{});
}

TEST_P(Sessions, AreEndedInTheStoreAndAtTheClient) {
    session_app given(GetParam());
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    const std::string token = browser.cookies()["session"];
    const reply ended = browser.get("/end");
    EXPECT_EQ(ended.body, "bye");
    EXPECT_EQ(ended.header("Set-Cookie"), "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    EXPECT_EQ(ended.header("Cache-Control"), "no-store");
    EXPECT_TRUE(browser.cookies().empty());
    EXPECT_EQ(given.new_commits(), (operations{insert, erase}));
    browser.cookies()["session"] = token;
    EXPECT_EQ(browser.get("/count").body, GetParam() == store_kind::signed_cookie ? "1" : "0");
}

TEST_P(Sessions, ThatDoNotExistEndWithoutACommit) {
    session_app given(GetParam());
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/end").header("Set-Cookie"), "");
    browser.cookies()["session"] = "forged";
    EXPECT_NE(browser.get("/end").header("Set-Cookie"), "");
    EXPECT_TRUE(browser.cookies().empty());
    EXPECT_EQ(given.new_commits(), operations{});
}

TEST_P(Sessions, RollBackWhenTheHandlerFails) {
    session_app given(GetParam());
    given.under_test.get("/fail/{how}", [](session& visitor, std::string how) -> response {
        visitor.set("count", 100);
        if (how == "throw") {
            throw std::runtime_error("x");
        }
        if (how == "refuse") {
            throw http_error(status::forbidden);
        }
        return text("x").status(how == "500" ? status::internal_server_error
                                             : status::service_unavailable);
    });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    for (const std::string_view how : {"throw", "refuse", "500", "503"}) {
        const reply answer = browser.get("/fail/" + std::string{how});
        EXPECT_GE(answer.status, 403U);
        EXPECT_EQ(answer.header("Set-Cookie"), "");
        EXPECT_NE(answer.header("Vary").find("Cookie"), std::string::npos);
    }
    EXPECT_EQ(browser.get("/count").body, "1");
    EXPECT_EQ(given.new_commits(), operations{insert});
}

TEST_P(Sessions, EndAlsoWhenTheHandlerFails) {
    session_app given(GetParam());
    given.under_test.get("/fail", [](session& visitor) -> std::string {
        visitor.set("count", 100);
        visitor.end();
        throw std::runtime_error("x");
    });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    const reply failed = browser.get("/fail");
    EXPECT_EQ(failed.status, 500U);
    EXPECT_TRUE(browser.cookies().empty());
    EXPECT_EQ(given.new_commits(), (operations{insert, erase}));
}

TEST_P(Sessions, KeepWhatAHandlerWithAClientErrorSet) {
    session_app given(GetParam());
    given.under_test.get("/login", [](session& visitor) {
        const int tries = visitor.value("tries", 0) + 1;
        visitor.set("tries", tries);
        return text(std::to_string(tries)).status(status::unauthorized);
    });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/login").body, "1");
    EXPECT_EQ(browser.get("/login").body, "2");
}

TEST_P(Sessions, AreNotWrittenWhenTheyAreOnlyRead) {
    session_app given(GetParam());
    given.under_test.get("/same", [](session& visitor) {
        visitor.set("count", visitor.value("count", 0));
        visitor.set("other", 1);
        visitor.erase("other");
        visitor.erase("absent");
        return std::to_string(visitor.keys().size());
    });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    EXPECT_EQ(browser.get("/count").body, "1");
    const reply same = browser.get("/same");
    EXPECT_EQ(same.body, "1");
    EXPECT_EQ(same.header("Set-Cookie"), "");
    EXPECT_EQ(given.new_commits(), operations{insert});
}

TEST_P(Sessions, AreTouchedOnlyNowAndThen) {
    session_app given(GetParam());
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.now += minutes{5} - seconds{1};
    EXPECT_EQ(browser.get("/count").header("Set-Cookie"), "");
    EXPECT_EQ(given.new_commits(), operations{insert});
    given.now += seconds{1};
    EXPECT_EQ(browser.get("/count").body, "1");
    EXPECT_EQ(browser.get("/count").body, "1");
    EXPECT_EQ(given.new_commits(), operations{touch});
}

TEST_P(Sessions, EndWhenIdle) {
    session_app given(GetParam(), {.idle_time = hours{1}});
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    for (int use = 2; use < 6; ++use) {
        given.now += hours{1} - seconds{1};
        EXPECT_EQ(browser.get("/visits").body, std::to_string(use));
    }
    given.now += hours{1} - seconds{1};
    EXPECT_EQ(browser.get("/count").body, "5");  // moves the deadline as well
    given.now += hours{1} - seconds{1};
    EXPECT_EQ(browser.get("/count").body, "5");
    given.now += hours{1};
    EXPECT_EQ(browser.get("/count").body, "0");
    EXPECT_EQ(browser.get("/visits").body, "1");
}

TEST_P(Sessions, EndInAnyCaseAfterTheAbsoluteTime) {
    session_app given(GetParam(), {.idle_time = hours{1}, .absolute_time = hours{2}});
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.now += minutes{50};
    EXPECT_EQ(browser.get("/visits").body, "2");
    given.now += minutes{50};
    EXPECT_EQ(browser.get("/visits").body, "3");
    given.now += minutes{20} - seconds{1};
    EXPECT_EQ(browser.get("/visits").body, "4");
    given.now += seconds{1};
    EXPECT_EQ(browser.get("/visits").body, "1");
}

TEST_P(Sessions, AreNotTouchedAgainAndAgainNearTheAbsoluteDeadline) {
    session_app given(GetParam(), {.idle_time = hours{1}, .absolute_time = hours{1}});
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    for (int minute = 0; minute < 59; ++minute) {
        given.now += minutes{1};
        EXPECT_EQ(browser.get("/count").body, "1");
    }
    EXPECT_EQ(given.new_commits(), operations{insert});
}

TEST_P(Sessions, ThatPersistRenewTheCookieWithEachTouch) {
    session_app given(GetParam(), {.persistent = true, .idle_time = hours{1}});
    client browser(given.under_test);
    EXPECT_NE(browser.get("/visits").header("Set-Cookie").find("; Max-Age=3600;"),
              std::string::npos);
    EXPECT_EQ(browser.get("/count").header("Set-Cookie"), "");
    given.now += minutes{5};
    EXPECT_NE(browser.get("/count").header("Set-Cookie").find("; Max-Age=3600;"),
              std::string::npos);
    EXPECT_EQ(browser.get("/count").body, "1");
}

TEST_P(Sessions, TellOfAKeyWithAnotherType) {
    session_app given(GetParam());
    given.under_test.get("/name",
                         [](const session& visitor) { return visitor.value("count", ""); });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    const reply answer = browser.get("/name");
    EXPECT_EQ(answer.status, 500U);
    EXPECT_EQ(answer.body.find("count"), std::string::npos);
    EXPECT_EQ(given.logged,
              std::vector<std::string>{"GET /name: the session key \"count\" holds a number, and "
                                       "the handler asked for the type std::string"});
}

struct basket_line {
    std::string sku;
    int quantity = 0;
    static constexpr auto fields = cloakroom::fields(field("sku", &basket_line::sku),
                                                     field("quantity", &basket_line::quantity));
};

TEST_P(Sessions, HoldNestedValues) {
    session_app given(GetParam());
    given.under_test.get("/add/{sku}", [](session& visitor, std::string sku) {
        auto lines = visitor.value("lines", std::vector<basket_line>{});
        lines.push_back({sku, 1});
        visitor.set("lines", lines);
        visitor.set("by_name", std::map<std::string, double>{{sku, 0.5}});
        return json(lines);
    });
    given.under_test.get("/more", [](session& visitor) {
        auto lines = visitor.get<std::vector<basket_line>>("lines").value();
        ++lines.front().quantity;  // a change deep within counts
        visitor.set("lines", lines);
        return visitor.get<json>("by_name").value();
    });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/add/hat").body, R"([{"quantity":1,"sku":"hat"}])");
    EXPECT_EQ(browser.get("/more").body, R"({"hat":0.5})");
    EXPECT_EQ(browser.get("/add/coat").body,
              R"([{"quantity":2,"sku":"hat"},{"quantity":1,"sku":"coat"}])");
    EXPECT_EQ(given.new_commits(), (operations{insert, replace, replace}));
}

TEST_P(Sessions, RunEffectsOnceAfterTheCommit) {
    session_app given(GetParam());
    std::vector<std::string> effects;
    given.under_test.provide(effects);
    given.under_test.get(
        "/{how}",
        [](session& visitor, service<std::vector<std::string>> done, std::string how) -> response {
            visitor.set("how", how);
            visitor.after_commit([done, how] { done->push_back(how); });
            visitor.after_commit([] { throw std::runtime_error("mail server away"); });
            visitor.after_commit([done] { done->push_back("second"); });
            if (how == "throw") {
                throw std::runtime_error("x");
            }
            return text("x").status(how == "unavailable" ? status::service_unavailable
                                                         : status::ok);
        });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/good").status, 200U);
    EXPECT_EQ(effects, (std::vector<std::string>{"good", "second"}));
    EXPECT_EQ(given.logged, std::vector<std::string>{"after_commit: mail server away"});
    EXPECT_EQ(browser.get("/throw").status, 500U);
    EXPECT_EQ(browser.get("/unavailable").status, 503U);
    EXPECT_EQ(browser.get("/nothing/here").status, 404U);
    EXPECT_EQ(effects.size(), 2U);
}

TEST_P(Sessions, StartAnewForEachRequestOfAConnection) {
    session_app given(GetParam());
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    browser.cookies().clear();
    EXPECT_EQ(browser.get("/count").body, "0");
    EXPECT_EQ(browser.get("/visits").body, "1");
}

TEST_P(Sessions, TellWhetherTheyAreStored) {
    session_app given(GetParam());
    given.under_test.get("/new",
                         [](const session& visitor) { return visitor.is_new() ? "new" : "known"; });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/new").body, "new");
    EXPECT_EQ(browser.get("/visits").body, "1");
    EXPECT_EQ(browser.get("/new").body, "known");
}

TEST(SignedSessions, TooLargeForTheCookieAreAnError) {
    session_app given(store_kind::signed_cookie);
    given.under_test.get("/fill/{bytes}", [](session& visitor, std::size_t bytes) {
        visitor.set("fill", std::string(bytes, 'x'));
        return "stored";
    });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    EXPECT_EQ(browser.get("/fill/2900").body, "stored");
    const reply refused = browser.get("/fill/3100");
    EXPECT_EQ(refused.status, 500U);
    EXPECT_EQ(refused.header("Set-Cookie"), "");
    ASSERT_EQ(given.logged.size(), 1U);
    EXPECT_NE(given.logged[0].find("too large"), std::string::npos);
    EXPECT_EQ(browser.get("/count").body, "1");
}

TEST(SignedSessions, AreSignedAnewAfterAnOldKey) {
    const auto make = [](app& into, const std::string& secret, std::vector<std::string> old) {
        into.sessions(signed_cookie_sessions({.secret = secret, .old_secrets = std::move(old)}));
        into.get("/visits", [](session& visitor) {
            const int count = visitor.value("count", 0) + 1;
            visitor.set("count", count);
            return std::to_string(count);
        });
        into.get("/count",
                 [](const session& visitor) { return std::to_string(visitor.value("count", 0)); });
    };
    app before;
    make(before, "secret one", {});
    client browser(before);
    EXPECT_EQ(browser.get("/visits").body, "1");
    app after;
    make(after, "secret two", {"secret one"});
    client later(after);
    later.cookies() = browser.cookies();
    const reply renewed = later.get("/count");
    EXPECT_EQ(renewed.body, "1");
    EXPECT_NE(renewed.header("Set-Cookie"), "");
    EXPECT_EQ(later.get("/count").header("Set-Cookie"), "");
    app last;
    make(last, "secret two", {});
    client browser_at_last(last);
    browser_at_last.cookies() = later.cookies();
    EXPECT_EQ(browser_at_last.get("/count").body, "1");
}

}  // namespace
}  // namespace cloakroom
