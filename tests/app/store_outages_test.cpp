// SPDX-License-Identifier: MIT
// Session stores that throw, or do what no store may: the client gets 503, the operator a line.
#include "session_app.hpp"
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;
using operations = session_app::operations;
using lines = std::vector<std::string>;

class StoreOutages : public ::testing::TestWithParam<store_kind> {
protected:
    session_app given{GetParam()};
    client browser{given.under_test};
};

INSTANTIATE_TEST_SUITE_P(All, StoreOutages, swapping_stores, name_of);

TEST_P(StoreOutages, AtALoadAre503WithALine) {
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.store->load_fails = true;
    const reply answer = browser.get("/count");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_EQ(given.logged, lines{"GET /count: 503 The session store does not answer."});
}

TEST_P(StoreOutages, AtACommitAre503WithALine) {
    given.store->commit_fails = true;
    const reply answer = browser.get("/visits");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_EQ(given.logged, lines{"GET /visits: 503 The session store does not answer."});
}

TEST_P(StoreOutages, ByAnExceptionAtACommitAre503WithTheText) {
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.store->commit_throws = true;
    const reply answer = browser.get("/visits");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_EQ(answer.header("Set-Cookie"), "");
    EXPECT_EQ(answer.body.find("broken"), std::string::npos);
    EXPECT_EQ(given.logged, (lines{"GET /visits: session store: the store is broken",
                                   "GET /visits: 503 The session store does not answer."}));
    given.store->commit_throws = false;
    EXPECT_EQ(browser.get("/visits").body, "2");
}

TEST_P(StoreOutages, ByAnExceptionAtATouchDoNotMatterButAreLogged) {
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.now += std::chrono::minutes{10};
    given.store->commit_throws = true;
    const reply answer = browser.get("/count");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.body, "1");
    EXPECT_EQ(answer.header("Set-Cookie"), "");
    EXPECT_EQ(given.new_commits(),
              (operations{session_change::operation::insert, session_change::operation::touch}));
    EXPECT_EQ(given.logged, lines{"GET /count: session store: the store is broken"});
}

TEST_P(StoreOutages, ByAnExceptionAtAnEndLeaveTheCookieForAnotherTry) {
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.store->commit_throws = true;
    EXPECT_EQ(browser.get("/end").status, 503U);
    EXPECT_FALSE(browser.cookies().empty());
    given.store->commit_throws = false;
    EXPECT_EQ(browser.get("/end").body, "bye");
    EXPECT_TRUE(browser.cookies().empty());
}

// Says that it has stored a session, under a token of the test's.
class store_of_tokens final : public session_store {
public:
    explicit store_of_tokens(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] session_capabilities capabilities() const noexcept override { return {}; }
    [[nodiscard]] session_load load(const session_token& /*token*/, session_time /*now*/,
                                    stored_session& /*into*/) override {
        return session_load::absent;
    }
    [[nodiscard]] session_commit commit(const session_change& /*change*/, session_time /*now*/,
                                        session_committed& into) override {
        into.token.assign(text_);
        return session_commit::committed;
    }

private:
    std::string text_;
};

reply visit(app& under_test, std::shared_ptr<session_store> store, bool later) {
    if (later) {
        under_test.sessions(std::make_shared<waiting_store>(std::move(store)));
    } else {
        under_test.sessions(std::move(store));
    }
    under_test.get("/", [](session& visitor) {
        visitor.set("a", 1);
        visitor.after_commit([] { throw std::runtime_error("an effect of what is not stored"); });
        return "stored";
    });
    return client(under_test).get("/");
}

TEST(StoreTokens, ThatNoCookieCanHoldAre503WithALine) {
    for (const std::string& text :
         {std::string{}, std::string{"a b"}, std::string{"a;Domain=evil.example"},
          std::string{"a,b"}, std::string{"a\"b"}, std::string{"a\\b"}, std::string{"a\r\nX: y"},
          std::string{"\0", 1}, std::string{"\x7f"}, std::string{"\xc3\xa9"}}) {
        for (const bool later : {false, true}) {
            app under_test;
            lines logged;
            under_test.log([&](std::string_view line) { logged.emplace_back(line); });
            const reply answer = visit(under_test, std::make_shared<store_of_tokens>(text), later);
            EXPECT_EQ(answer.status, 503U) << text;
            EXPECT_EQ(answer.header("Retry-After"), "1");
            EXPECT_EQ(answer.header("Set-Cookie"), "");
            EXPECT_EQ(logged,
                      (lines{"GET /: session store: it gave a token that no cookie can hold",
                             "GET /: 503 The session store does not answer."}))
                << text;
        }
    }
}

TEST(StoreTokens, OfAnyOtherCharactersAreTaken) {
    app under_test;
    lines logged;
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    const std::string text = "!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~";
    const reply answer = visit(under_test, std::make_shared<store_of_tokens>(text), false);
    EXPECT_EQ(answer.status, 200U);
    EXPECT_TRUE(answer.header("Set-Cookie").starts_with("session=" + text + ";"));
    EXPECT_EQ(logged, lines{"after_commit: an effect of what is not stored"});
}

// Throws before there is a coroutine.
class store_that_never_begins final : public async_session_store {
public:
    [[nodiscard]] session_capabilities capabilities() const noexcept override { return {}; }
    [[nodiscard]] task<session_load> load(const session_token& /*token*/, session_time /*now*/,
                                          stored_session& /*into*/) override {
        throw std::runtime_error("not connected");
    }
    [[nodiscard]] task<session_commit> commit(session_change /*change*/, session_time /*now*/,
                                              session_committed& /*into*/) override {
        throw std::runtime_error("not connected");
    }
};

TEST(StoreThatThrowsBeforeItsCoroutine, Is503Too) {
    session_app given;
    given.under_test.sessions(std::make_shared<store_that_never_begins>());
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").status, 503U);
    browser.cookies()["session"] = "some";
    const reply answer = browser.get("/visits");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    const lines expected{"GET /visits: session store: not connected",
                         "GET /visits: 503 The session store does not answer."};
    EXPECT_EQ(given.logged, (lines{expected[0], expected[1], expected[0], expected[1]}));
}

}  // namespace
}  // namespace cloakroom
