// SPDX-License-Identifier: MIT
// Requests with an Idempotency-Key, one after the other: which count once, and what is answered.
#include "idempotent_app.hpp"
#include <cloakroom/csrf.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;
using operations = session_app::operations;

using enum session_change::operation;

class Idempotent : public ::testing::TestWithParam<store_kind> {
protected:
    void begin_session() {
        EXPECT_EQ(browser.get("/visits").body, "1");
        static_cast<void>(given.new_commits());
    }

    idempotent_app given{GetParam()};
    client browser{given.under_test};
};

INSTANTIATE_TEST_SUITE_P(All, Idempotent, swapping_stores, name_of);

TEST_P(Idempotent, GivesTheFirstAnswerAgain) {
    begin_session();
    const reply first = send_keyed(browser, "k1");
    EXPECT_EQ(first.status, 201U);
    EXPECT_EQ(first.body, "paid 2");
    EXPECT_EQ(first.header("Set-Cookie").substr(0, 9), "payment=2");
    EXPECT_FALSE(is_replayed(first));
    EXPECT_EQ(given.new_commits(), operations{replace});

    const reply again = send_keyed(browser, "k1");
    EXPECT_EQ(again.status, 201U);
    EXPECT_EQ(again.body, "paid 2");
    EXPECT_EQ(again.header("Content-Type"), "text/plain");
    EXPECT_EQ(again.header("Location"), "/payments/2");
    EXPECT_EQ(again.header("Set-Cookie"), "");
    EXPECT_EQ(again.header("Vary"), "Cookie");
    EXPECT_TRUE(is_replayed(again));
    EXPECT_EQ(given.new_commits(), operations{});
    EXPECT_EQ(given.seen.calls, 1);
    EXPECT_EQ(given.seen.effects, 1);
    EXPECT_EQ(browser.get("/count").body, "2");
}

TEST_P(Idempotent, TakesAnotherKeyForAnotherRequest) {
    begin_session();
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
    EXPECT_EQ(send_keyed(browser, "k2").body, "paid 3");
    EXPECT_EQ(browser.post("/pay", "10 EUR").body, "paid 4");
    EXPECT_EQ(send_keyed(browser, "K1").body, "paid 5");
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
    EXPECT_EQ(send_keyed(browser, "k2").body, "paid 3");
}

TEST_P(Idempotent, TakesAKeyWithQuotesForTheSame) {
    begin_session();
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
    EXPECT_EQ(send_keyed(browser, "\"k1\"").body, "paid 2");
    EXPECT_EQ(given.seen.calls, 1);
}

TEST_P(Idempotent, RefusesAKeyOfAnotherRequest) {
    begin_session();
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
    for (const reply& other :
         {send_keyed(browser, "k1", "/pay", "11 EUR"), send_keyed(browser, "k1", "/pay", ""),
          send_keyed(browser, "k1", "/pay?a"), send_keyed(browser, "k1", "/pay/other"),
          send_keyed(browser, "k1", "/pay", "10 EUR", method::patch)}) {
        EXPECT_EQ(other.status, 422U);
        EXPECT_NE(other.body.find("The Idempotency-Key was used for another request. Send a new"),
                  std::string::npos);
    }
    EXPECT_EQ(given.seen.calls, 1);
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
}

TEST_P(Idempotent, RefusesAMalformedKey) {
    begin_session();
    for (const std::string key : {"", "\"\"", "\"k", "a b"}) {
        const reply refused = send_keyed(browser, key);
        EXPECT_EQ(refused.status, 400U) << key;
        EXPECT_NE(refused.body.find("Send 1 to 128 visible ASCII"), std::string::npos);
    }
    const reply several = browser.send(method::post, "/pay", "10 EUR",
                                       {{"Idempotency-Key", "a"}, {"Idempotency-Key", "a"}});
    EXPECT_EQ(several.status, 400U);
    EXPECT_EQ(given.seen.calls, 0);
    EXPECT_EQ(given.new_commits(), operations{});
}

TEST_P(Idempotent, LeavesIdempotentMethodsAloneWithoutStoreAccess) {
    begin_session();
    given.store->loads = 0;
    for (const method each : {method::get, method::put, method::delete_, method::head}) {
        for (const std::string key : {"k1", "k1", "not a key"}) {
            const reply answer = send_keyed(browser, key, "/plain", "", each);
            EXPECT_EQ(answer.status, 200U) << to_string(each);
            EXPECT_FALSE(is_replayed(answer));
            EXPECT_EQ(answer.header("Vary"), "");
        }
    }
    EXPECT_EQ(send_keyed(browser, "k1", "/plain", "", method::options).status, 204U);
    EXPECT_EQ(given.seen.calls, 12);
    EXPECT_EQ(given.store->loads, 0);
}

TEST_P(Idempotent, LeavesRequestsWithoutAKeyWithoutStoreAccess) {
    begin_session();
    given.store->loads = 0;
    EXPECT_EQ(browser.post("/plain", "").body, "plain 1");
    EXPECT_EQ(browser.send(method::patch, "/plain").body, "plain 2");
    EXPECT_EQ(given.store->loads, 0);
    EXPECT_EQ(send_keyed(browser, "k1", "/plain").body, "plain 3");
    EXPECT_EQ(given.store->loads, 1);
}

TEST_P(Idempotent, RecordsHandlersThatTakeNoSession) {
    begin_session();
    EXPECT_EQ(send_keyed(browser, "k1", "/plain").body, "plain 1");
    EXPECT_EQ(given.new_commits(), operations{replace});
    const reply again = send_keyed(browser, "k1", "/plain");
    EXPECT_EQ(again.body, "plain 1");
    EXPECT_TRUE(is_replayed(again));
}

TEST_P(Idempotent, BeginsASessionWithTheFirstRequest) {
    EXPECT_EQ(send_keyed(browser, "k1", "/plain").body, "plain 1");
    EXPECT_EQ(browser.cookies().count("session"), 1U);
    EXPECT_EQ(send_keyed(browser, "k1", "/plain").body, "plain 1");
    client other(given.under_test);  // as one that never got the cookie
    EXPECT_EQ(send_keyed(other, "k1", "/plain").body, "plain 2");
}

TEST_P(Idempotent, LeavesRequestsWithoutARouteAlone) {
    EXPECT_EQ(send_keyed(browser, "k1", "/nowhere").status, 404U);
    EXPECT_EQ(send_keyed(browser, "k1", "/count").status, 405U);
    EXPECT_EQ(given.store->loads, 0);
    EXPECT_TRUE(browser.cookies().empty());
}

TEST_P(Idempotent, FindsTheAnswerInWhateverPiecesTheRequestComes) {
    begin_session();
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
    const std::string request =
        "POST /pay HTTP/1.1\r\nHost: h\r\nidempotency-key: \"k1\"\r\nCookie: session=" +
        browser.cookies()["session"] + "\r\nContent-Length: 6\r\n\r\n10 EUR";
    for (std::size_t at = 1; at < request.size(); ++at) {
        const std::string_view all = request;
        const std::string answer = browser.send_raw({all.substr(0, at), all.substr(at)});
        EXPECT_NE(answer.find("\r\nIdempotency-Replayed: true\r\n"), std::string::npos) << answer;
    }
    EXPECT_EQ(given.seen.calls, 1);
}

TEST(IdempotentOrder, LetsAftersThatLieFurtherOutSeeWhatIsReplayed) {
    session_app given;
    payment_tally seen;
    given.under_test.provide(seen);
    given.under_test.after([](const request&, response& res) { res.add("X-After", "1"); });
    given.under_test.use(idempotent());
    given.under_test.after([](const request&, response& res) { res.add("X-Inner", "1"); });
    given.under_test.post("/pay", &pay);
    client browser(given.under_test);
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 1");
    const reply again = send_keyed(browser, "k1");
    EXPECT_TRUE(is_replayed(again));
    EXPECT_EQ(std::count_if(again.fields.begin(), again.fields.end(),
                            [](const auto& each) { return each.first == "X-After"; }),
              1);
    EXPECT_EQ(again.header("X-Inner"), "");
}

TEST(IdempotentOrder, GoesBehindCsrf) {
    session_app given;
    payment_tally seen;
    given.under_test.provide(seen);
    given.under_test.use(csrf());
    given.under_test.use(idempotent());
    given.under_test.get("/token", [](session& visitor) { return csrf_token(visitor); });
    given.under_test.post("/pay", &pay);
    client browser(given.under_test);
    const std::string token = browser.get("/token").body;
    const auto send = [&](const std::string& sent) {
        return browser.send(method::post, "/pay", "10 EUR",
                            {{"Idempotency-Key", "k1"}, {"X-CSRF-Token", sent}});
    };
    EXPECT_EQ(send("wrong").status, 403U);
    EXPECT_EQ(send(token).body, "paid 1");
    EXPECT_EQ(send("wrong").status, 403U);
    EXPECT_EQ(send(token).body, "paid 1");
    EXPECT_EQ(seen.calls, 1);
}

TEST(IdempotentScope, MayBeAGroupOrARoute) {
    session_app given;
    payment_tally seen;
    given.under_test.provide(seen);
    given.under_test.post("/pay", &pay);
    given.under_test.post("/guarded", &pay).use(idempotent());
    given.under_test.group("/group", [](router& group) {
        group.use(idempotent());
        group.post("/pay", &pay);
    });
    client browser(given.under_test);
    for (const std::string_view path : {"/pay", "/guarded", "/group/pay"}) {
        const std::string key{path.substr(1, 5)};
        const std::string first = send_keyed(browser, key, path).body;
        EXPECT_EQ(send_keyed(browser, key, path).body == first, path != "/pay") << path;
    }
}

}  // namespace
}  // namespace cloakroom
