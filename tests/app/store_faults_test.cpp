// SPDX-License-Identifier: MIT
// Session stores that fail in every way a store can: the request gets 503 and the operator a line, a
// live session is never replaced by a fresh one, and other routes go on.
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/testing/client.hpp>
#include <cloakroom/testing/faulty_async_session_store.hpp>
#include <cloakroom/testing/faulty_session_store.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::faulty_async_session_store;
using testing::faulty_session_store;
using testing::reply;
using testing::store_fault;
using lines = std::vector<std::string>;

// What is waited for where a store hangs; the others have answered by then on the busiest machine.
constexpr std::chrono::milliseconds store_time{200};

void add_faulty_routes(app& to) {
    to.get("/visits", [](session& visitor) {
        const int count = visitor.value("count", 0) + 1;
        visitor.set("count", count);
        return std::to_string(count);
    });
    to.get("/count",
           [](const session& visitor) { return std::to_string(visitor.value("count", 0)); });
    to.get("/end", [](session& visitor) {
        visitor.end();
        return "bye";
    });
    to.get("/plain", [] { return "plain"; });
    to.get("/soon", []() -> task<std::string> {
        co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                                   boost::asio::use_awaitable);
        co_return "soon";
    });
}

// An app whose store can fail, in both kinds.
struct faulty_app {
    explicit faulty_app(bool is_async) {
        const std::shared_ptr<session_store> inner = memory_sessions();
        session_options options;
        options.store_time = store_time;
        options.clock = [this] { return now; };
        if (is_async) {
            later = std::make_shared<faulty_async_session_store>(inner);
            under_test.sessions(later, options);
        } else {
            at_once = std::make_shared<faulty_session_store>(inner);
            under_test.sessions(at_once, options);
        }
        under_test.log([this](std::string_view line) { logged.emplace_back(line); });
        add_faulty_routes(under_test);
    }

    [[nodiscard]] testing::store_faults& faults() {
        return later ? static_cast<testing::store_faults&>(*later) : *at_once;
    }

    session_time now{std::chrono::seconds{1'800'000'000}};
    lines logged;
    std::shared_ptr<faulty_async_session_store> later;
    std::shared_ptr<faulty_session_store> at_once;
    app under_test;
};

std::string name_of_kind(const ::testing::TestParamInfo<bool>& each) {
    return each.param ? "Async" : "AtOnce";
}

void expect_unavailable(const reply& answer) {
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_EQ(answer.header("Set-Cookie"), "");
    EXPECT_EQ(answer.header("X-Split"), "");
}

class StoreFaults : public ::testing::TestWithParam<bool> {
protected:
    faulty_app given{GetParam()};
    client browser{given.under_test};
};

INSTANTIATE_TEST_SUITE_P(All, StoreFaults, ::testing::Bool(), name_of_kind);

TEST_P(StoreFaults, OfALoadNeverGiveAFreshSession) {
    EXPECT_EQ(browser.get("/visits").body, "1");
    const auto cookies = browser.cookies();
    for (const auto& [what, reason] :
         {std::pair{store_fault::fails, ""}, std::pair{store_fault::loses_answers, ""},
          std::pair{store_fault::throws, "session store: the store is broken"},
          std::pair{store_fault::answers_no_outcome,
                    "session store: it answered what no store may answer"},
          std::pair{store_fault::gives_endless_owner,
                    "session store: it gave a session whose owner or label is too long"},
          std::pair{store_fault::gives_broken_values,
                    "503 session store: what it gave for the key \"count\" is no JSON"}}) {
        given.logged.clear();
        given.faults().fault_loads(what);
        for (const std::string target : {"/visits", "/count"}) {
            expect_unavailable(browser.get(target));
            EXPECT_EQ(given.logged.front(),
                      "GET " + target + ": " +
                          (*reason != '\0' ? reason : "503 The session store does not answer."));
            given.logged.clear();
        }
        EXPECT_EQ(browser.get("/plain").body, "plain");
        EXPECT_EQ(browser.cookies(), cookies);
        given.faults().mend();
        EXPECT_EQ(browser.get("/count").body, "1");
    }
}

TEST_P(StoreFaults, OfACommitStoreNothingOrAreSaidToBe503) {
    EXPECT_EQ(browser.get("/visits").body, "1");
    const auto cookies = browser.cookies();
    int count = 1;
    for (const auto& [what, reason, is_applied] :
         {std::tuple{store_fault::fails, "", false},
          std::tuple{store_fault::throws, "session store: the store is broken", false},
          std::tuple{store_fault::loses_answers, "", true},
          std::tuple{store_fault::answers_no_outcome,
                     "session store: it answered what no store may answer", true},
          std::tuple{store_fault::gives_impossible_token,
                     "session store: it gave a token that no cookie can hold", true}}) {
        given.logged.clear();
        given.faults().fault_commits(what);
        expect_unavailable(browser.get("/visits"));
        lines expected;
        if (*reason != '\0') {
            expected.push_back(std::string{"GET /visits: "} + reason);
        }
        expected.emplace_back("GET /visits: 503 The session store does not answer.");
        EXPECT_EQ(given.logged, expected);
        EXPECT_EQ(browser.get("/plain").body, "plain");
        EXPECT_EQ(browser.cookies(), cookies);
        given.faults().mend();
        count += is_applied ? 1 : 0;
        EXPECT_EQ(browser.get("/count").body, std::to_string(count));
    }
}

TEST_P(StoreFaults, OfAnInsertGiveTheClientNoCookie) {
    for (const store_fault what :
         {store_fault::fails, store_fault::throws, store_fault::loses_answers,
          store_fault::answers_no_outcome, store_fault::gives_impossible_token}) {
        given.faults().fault_commits(what);
        expect_unavailable(browser.get("/visits"));
        EXPECT_TRUE(browser.cookies().empty());
    }
    given.faults().mend();
    EXPECT_EQ(browser.get("/visits").body, "1");
}

TEST_P(StoreFaults, OfAnEndLeaveTheCookieForAnotherTry) {
    for (const store_fault what : {store_fault::fails, store_fault::throws,
                                   store_fault::loses_answers, store_fault::answers_no_outcome}) {
        EXPECT_EQ(browser.get("/visits").body, "1");
        given.faults().fault_commits(what);
        expect_unavailable(browser.get("/end"));
        EXPECT_FALSE(browser.cookies().empty());
        given.faults().mend();
        EXPECT_EQ(browser.get("/end").body, "bye");
        EXPECT_TRUE(browser.cookies().empty());
    }
}

// Answers a commit as it is told, whatever is asked.
class store_of_answers final : public session_store {
public:
    session_commit answer = session_commit::committed;
    session_time deadline{};

    [[nodiscard]] session_capabilities capabilities() const noexcept override { return {}; }
    [[nodiscard]] session_load load(const session_token& /*token*/, session_time now,
                                    stored_session& into) override {
        into.record.values.set("count", "41");
        into.record.idle_deadline = into.record.absolute_deadline =
            deadline != session_time{} ? deadline : now + std::chrono::hours{1};
        return session_load::found;
    }
    [[nodiscard]] session_commit commit(const session_change& /*change*/, session_time /*now*/,
                                        session_committed& into) override {
        into.token.assign("token");
        return answer;
    }
};

struct answering_app {
    answering_app() {
        under_test.sessions(store, {.clock = [this] { return now; }});
        under_test.log([this](std::string_view line) { logged.emplace_back(line); });
        add_faulty_routes(under_test);
    }

    session_time now{std::chrono::seconds{1'800'000'000}};
    std::shared_ptr<store_of_answers> store = std::make_shared<store_of_answers>();
    lines logged;
    app under_test;
};

TEST(StoreAnswers, ThatCannotComeOfAnInsertAre503) {
    answering_app given;
    client browser(given.under_test);
    for (const session_commit answer : {session_commit::conflict, session_commit::gone}) {
        given.store->answer = answer;
        expect_unavailable(browser.get("/visits"));
    }
}

TEST(StoreAnswers, ThatCannotComeOfAnEraseAre503) {
    answering_app given;
    client browser(given.under_test);
    browser.cookies()["session"] = "token";
    for (const session_commit answer : {session_commit::conflict, session_commit::too_large}) {
        given.store->answer = answer;
        expect_unavailable(browser.get("/end"));
        EXPECT_FALSE(browser.cookies().empty());
    }
    given.store->answer = session_commit::gone;  // another request has ended it
    EXPECT_EQ(browser.get("/end").status, 200U);
}

TEST(StoreAnswers, DoNotOpenASessionThatHasExpired) {
    answering_app given;
    client browser(given.under_test);
    browser.cookies()["session"] = "token";
    given.store->deadline = given.now + std::chrono::seconds{1};
    EXPECT_EQ(browser.get("/count").body, "41");
    given.store->deadline = given.now;
    EXPECT_EQ(browser.get("/count").body, "0");
}

TEST(StoreAnswers, ThatComeLateOfAStoreThatBlocksAreTaken) {
    faulty_app given(false);
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.faults().fault_loads(store_fault::hangs);
    given.faults().fault_commits(store_fault::answers_late);
    std::future<reply> answer =
        std::async(std::launch::async, [&] { return browser.get("/visits"); });
    given.at_once->await_waiting(1);
    given.faults().fault_loads(store_fault::none);
    given.at_once->release();
    given.at_once->await_waiting(1);
    given.at_once->release();
    EXPECT_EQ(answer.get().body, "2");
    EXPECT_EQ(given.at_once->waiting(), 0U);
}

class HangingStore : public ::testing::TestWithParam<bool> {
protected:
    HangingStore() { given.later->honour_cancellation(GetParam()); }

    static constexpr const char* late = "session store: no answer within 200 ms";

    faulty_app given{true};
    client browser{given.under_test};
};

INSTANTIATE_TEST_SUITE_P(All, HangingStore, ::testing::Bool(),
                         [](const auto& each) { return each.param ? "Cancellable" : "Deaf"; });

TEST_P(HangingStore, Is503AtALoad) {
    EXPECT_EQ(browser.get("/visits").body, "1");
    for (const store_fault what : {store_fault::hangs, store_fault::answers_late}) {
        given.logged.clear();
        given.faults().fault_loads(what);
        expect_unavailable(browser.get("/visits"));
        EXPECT_EQ(given.logged, (lines{std::string{"GET /visits: "} + late,
                                       "GET /visits: 503 The session store does not answer."}));
        EXPECT_EQ(browser.get("/plain").body, "plain");
        given.faults().mend();
    }
    given.later->release();
    EXPECT_EQ(browser.get("/visits").body, "2");
}

TEST_P(HangingStore, Is503AtACommitThatIsNotApplied) {
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.faults().fault_commits(store_fault::hangs);
    expect_unavailable(browser.get("/visits"));
    expect_unavailable(browser.get("/end"));
    EXPECT_FALSE(browser.cookies().empty());
    given.faults().mend();
    EXPECT_EQ(browser.get("/count").body, "1");
}

TEST_P(HangingStore, Is503AtACommitThatIsApplied) {
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.faults().fault_commits(store_fault::answers_late);
    expect_unavailable(browser.get("/visits"));
    given.faults().mend();
    EXPECT_EQ(browser.get("/count").body, "2");
}

TEST_P(HangingStore, LeavesTheResponseOfATouchAsItIs) {
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.faults().fault_commits(store_fault::hangs);
    given.now += std::chrono::minutes{10};
    EXPECT_EQ(browser.get("/count").body, "1");
    EXPECT_EQ(given.logged, lines{std::string{"GET /count: "} + late});
}

// What the late operations refer to is theirs: the requests that came after have other sessions.
TEST_P(HangingStore, ChangesNothingWhenItAnswersLate) {
    EXPECT_EQ(browser.get("/visits").body, "1");
    client other(given.under_test);
    EXPECT_EQ(other.get("/visits").body, "1");
    EXPECT_EQ(other.get("/visits").body, "2");
    given.faults().fault_loads(store_fault::answers_late);
    expect_unavailable(browser.get("/visits"));
    given.faults().mend();
    given.faults().fault_commits(store_fault::answers_late);
    expect_unavailable(browser.get("/visits"));
    given.faults().mend();
    EXPECT_EQ(browser.get("/plain").body, "plain");
    given.later->release();
    EXPECT_EQ(browser.get("/visits").body, "3");  // the lost answer was that of a commit
    EXPECT_EQ(other.get("/count").body, "2");
    EXPECT_EQ(given.later->waiting(), 0U);
}

TEST_P(HangingStore, MayOutliveItsApp) {
    {
        faulty_app brief(true);
        brief.later->honour_cancellation(GetParam());
        client short_lived(brief.under_test);
        brief.faults().fault_commits(store_fault::hangs);
        expect_unavailable(short_lived.get("/visits"));
    }
    EXPECT_EQ(browser.get("/visits").body, "1");
}

// Each operation that hangs for ever takes memory. At a bound the store is not asked any more.
TEST(DeafStore, IsNotAskedAnyMoreByAndBy) {
    app under_test;
    lines logged;
    auto store = std::make_shared<faulty_async_session_store>(
        std::shared_ptr<session_store>{memory_sessions()});
    session_options options;
    options.store_time = std::chrono::milliseconds{1};
    under_test.sessions(store, options);
    under_test.limit({.log_lines = 10'000});
    under_test.log([&](std::string_view line) { logged.emplace_back(line); });
    add_faulty_routes(under_test);
    client browser(under_test);
    browser.cookies()["session"] = std::string(43, 'A');
    store->honour_cancellation(false);
    store->fault_loads(store_fault::hangs);
    for (int count = 0; count < 1'000; ++count) {
        ASSERT_EQ(browser.get("/count").status, 503U);
    }
    EXPECT_EQ(store->waiting(), 1'000U);
    logged.clear();

    expect_unavailable(browser.get("/count"));
    EXPECT_EQ(logged, (lines{"GET /count: session store: too many of its operations have not ended "
                             "in time",
                             "GET /count: 503 The session store does not answer."}));
    EXPECT_EQ(store->waiting(), 1'000U);

    store->mend();
    store->release();
    for (int count = 0; count < 10'000 && store->waiting() != 0; ++count) {
        EXPECT_EQ(browser.get("/soon").body, "soon");  // lets the event loop of the client run
    }
    // It is asked again; what it answers need not come within a millisecond.
    std::string count;
    for (int tries = 0; tries < 1'000 && count != "0"; ++tries) {
        count = browser.get("/count").body;
    }
    EXPECT_EQ(count, "0");
}

TEST(StoreTime, MustBeAboveZero) {
    for (const int time : {0, -1}) {
        app under_test;
        session_options options;
        options.store_time = std::chrono::milliseconds{time};
        EXPECT_THROW(under_test.sessions(memory_sessions(), options), setup_error);
    }
}

}  // namespace
}  // namespace cloakroom
