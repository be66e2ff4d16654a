// SPDX-License-Identifier: MIT
// What idempotent() can be told: its limits, what it needs of the store, and broken contents.
#include "idempotent_app.hpp"
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace cloakroom {
namespace {

using std::chrono::seconds;
using testing::client;
using testing::reply;

TEST(IdempotentOptions, MayRequireAKey) {
    idempotent_app given(store_kind::memory, {.is_required = true});
    client browser(given.under_test);
    for (const method each : {method::post, method::patch}) {
        const reply refused = browser.send(each, "/pay", "10 EUR");
        EXPECT_EQ(refused.status, 400U);
        EXPECT_NE(refused.body.find("The request needs an Idempotency-Key. Send one that is new"),
                  std::string::npos);
    }
    EXPECT_EQ(given.store->loads, 0);
    EXPECT_EQ(browser.send(method::put, "/plain").status, 200U);
    EXPECT_EQ(browser.get("/plain").status, 200U);
    EXPECT_EQ(send_keyed(browser, "k1").status, 201U);
}

TEST(IdempotentOptions, KeepSoManyAnswers) {
    idempotent_app given(store_kind::memory, {.keys = 2});
    client browser(given.under_test);
    for (const std::string key : {"a", "b", "c"}) {
        EXPECT_FALSE(is_replayed(send_keyed(browser, key)));
    }
    EXPECT_TRUE(is_replayed(send_keyed(browser, "b")));
    EXPECT_TRUE(is_replayed(send_keyed(browser, "c")));
    EXPECT_FALSE(is_replayed(send_keyed(browser, "a")));  // which puts out the oldest, "b"
    EXPECT_TRUE(is_replayed(send_keyed(browser, "c")));
    EXPECT_FALSE(is_replayed(send_keyed(browser, "b")));
}

TEST(IdempotentOptions, KeepEightAnswersUnlessToldOtherwise) {
    idempotent_app given;
    client browser(given.under_test);
    for (const char key : std::string_view{"abcdefghi"}) {
        EXPECT_FALSE(is_replayed(send_keyed(browser, {key})));
    }
    for (const char key : std::string_view{"bcdefghi"}) {
        EXPECT_TRUE(is_replayed(send_keyed(browser, {key}))) << key;
    }
    EXPECT_FALSE(is_replayed(send_keyed(browser, "a")));
}

TEST(IdempotentOptions, KeepAnswersForSoLong) {
    idempotent_app given(store_kind::memory, {.keep = seconds{60}});
    client browser(given.under_test);
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 1");
    given.now += seconds{60};
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 1");
    given.now += seconds{1};
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
    given.now += seconds{60};
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
}

TEST(IdempotentOptions, LetAKeyBeUsedForAnotherRequestAfterThat) {
    idempotent_app given(store_kind::memory, {.keep = seconds{60}});
    client browser(given.under_test);
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 1");
    given.now += seconds{61};
    EXPECT_EQ(send_keyed(browser, "k1", "/pay", "11 EUR").body, "paid 2");
}

TEST(IdempotentOptions, KeepAnswersForADayUnlessToldOtherwise) {
    idempotent_app given(store_kind::memory, {}, {.idle_time = std::chrono::hours{100}});
    client browser(given.under_test);
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 1");
    given.now += std::chrono::hours{24};
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 1");
    given.now += seconds{1};
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
}

TEST(IdempotentOptions, StoreNoAnswerForLonger) {
    idempotent_app given(store_kind::memory, {.keep = seconds{60}});
    client browser(given.under_test);
    std::string stored;
    EXPECT_FALSE(is_replayed(send_keyed(browser, "k1")));
    given.now += seconds{61};
    EXPECT_FALSE(is_replayed(send_keyed(browser, "k2")));
    given.store->interference = [&](session_values& values) {
        stored = *values.find("_idempotency");
        values.set("count", "9");
    };
    given.store->interferences = 1;
    EXPECT_FALSE(is_replayed(send_keyed(browser, "k3")));
    EXPECT_EQ(stored.find("\"k1\""), std::string::npos) << stored;
    EXPECT_NE(stored.find("\"k2\""), std::string::npos) << stored;
}

struct sized_app : idempotent_app {
    explicit sized_app(idempotent_options options) : idempotent_app(store_kind::memory, options) {
        under_test.post("/sized/{bytes}", [](unsigned bytes, session& visitor) {
            visitor.set("count", visitor.value("count", 0) + 1);
            return std::string(bytes, 'x');
        });
    }
};

TEST(IdempotentOptions, RecordSoMuchContent) {
    sized_app given({.answer_bytes = 100});
    client browser(given.under_test);
    EXPECT_EQ(send_keyed(browser, "k1", "/sized/100").status, 200U);
    EXPECT_TRUE(is_replayed(send_keyed(browser, "k1", "/sized/100")));
    static_cast<void>(given.new_commits());
    EXPECT_EQ(send_keyed(browser, "k2", "/sized/101").status, 500U);
    EXPECT_EQ(given.new_commits(), session_app::operations{});
    ASSERT_EQ(given.logged.size(), 1U);
    EXPECT_EQ(given.logged[0],
              "POST /sized/101: the answer to a request with an Idempotency-Key has 101 bytes of "
              "content, and at most 100 are recorded: raise idempotent_options::answer_bytes, or "
              "answer with less. Nothing was committed");
    EXPECT_EQ(browser.get("/count").body, "1");
    EXPECT_EQ(browser.post("/sized/101", "").status, 200U);  // without a key
}

TEST(IdempotentOptions, Record16KibibytesUnlessToldOtherwise) {
    sized_app given({});
    client browser(given.under_test);
    EXPECT_EQ(send_keyed(browser, "k1", "/sized/16384").status, 200U);
    EXPECT_EQ(send_keyed(browser, "k1", "/sized/16384").body, std::string(16'384, 'x'));
    EXPECT_EQ(send_keyed(browser, "k2", "/sized/16385").status, 500U);
}

TEST(IdempotentOptions, AreRefusedWhereTheyCannotBeMeant) {
    EXPECT_THROW(idempotent({.keys = 0}), setup_error);
    EXPECT_THROW(idempotent({.keep = seconds{0}}), setup_error);
    EXPECT_THROW(idempotent({.keep = seconds{-1}}), setup_error);
    EXPECT_NO_THROW(idempotent({.keys = 1, .keep = seconds{1}, .answer_bytes = 0}));
}

TEST(IdempotentStores, MustBeThere) {
    app without_sessions;
    without_sessions.use(idempotent());
    without_sessions.post("/", [] { return "x"; });
    EXPECT_THROW(client{without_sessions}, setup_error);
}

TEST(IdempotentStores, MustCompareAndSwap) {
    idempotent_app given(store_kind::signed_cookie);
    try {
        client{given.under_test};
        FAIL();
    } catch (const setup_error& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find("compare_and_swap"), std::string::npos) << text;
    }
}

TEST(IdempotentStores, MayBeCookiesWithBestEffort) {
    idempotent_app given(store_kind::signed_cookie, {.best_effort = true});
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    const std::map<std::string, std::string> before = browser.cookies();
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
    EXPECT_EQ(given.seen.calls, 1);
    browser.cookies() = before;  // the answer, and its cookie, were lost
    EXPECT_EQ(send_keyed(browser, "k1").body, "paid 2");
    EXPECT_EQ(given.seen.calls, 2);
}

TEST(IdempotentStores, ThatGiveWhatWasNeverRecordedAreAway) {
    idempotent_app given;
    given.under_test.post("/free", [](session& visitor) {
        visitor.set("free", true);
        return "free";
    });
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.store->interference = [](session_values& values) {
        values.set("_idempotency", R"([["k1",1]])");
    };
    given.store->interferences = 1;
    EXPECT_EQ(browser.post("/free", "").status, 200U);
    static_cast<void>(given.new_commits());
    const reply answer = send_keyed(browser, "k1");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_EQ(given.logged,
              (std::vector<std::string>{"POST /pay: 503 session store: what it gave for the key "
                                        "\"_idempotency\" is no list of answers"}));
    EXPECT_EQ(given.new_commits(), session_app::operations{});
    EXPECT_EQ(browser.post("/free", "").status, 200U);  // without a key
}

}  // namespace
}  // namespace cloakroom
