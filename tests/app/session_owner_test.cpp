// SPDX-License-Identifier: MIT
// Sessions that belong to somebody: new ids, log-in, log-out everywhere, the page of devices.
#include "session_app.hpp"
#include <cloakroom/http_error.hpp>
#include <cloakroom/owned_sessions.hpp>
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::client;
using testing::reply;
using operations = session_app::operations;

using enum session_change::operation;

struct owner_app : session_app {
    explicit owner_app(store_kind kind) : session_app(kind) {
        under_test.get("/renew", [](session& visitor) {
            visitor.renew();
            return "renewed";
        });
        under_test.any("/login/{name}", [](session& visitor, const std::string& name) {
            visitor.elevate(name);
            visitor.set_label("of " + name);
            return "hello";
        });
        under_test.get("/login-and-throw", [](session& visitor) -> std::string {
            visitor.elevate("alice");
            throw std::runtime_error("after the log-in");
        });
        under_test.post("/login-with-cart", [](session& visitor) {
            visitor.elevate("alice");
            return std::to_string(visitor.value("count", 0));
        });
        under_test.get("/owner", [](const session& visitor) {
            return std::string{visitor.owner()} + ":" + std::string{visitor.label()};
        });
        under_test.get("/age", capturing([this](const session& visitor) {
                           return visitor.is_new()
                                      ? std::string{"new"}
                                      : std::to_string((now - visitor.issued()).count());
                       }));
        under_test.get("/label/{text}", [](session& visitor, std::string_view text) {
            visitor.set_label(text);
            return "labelled";
        });
        under_test.get("/end-all/{name}", [](session& visitor, std::string_view name) {
            visitor.end_all(name);
            return "ended";
        });
        under_test.get("/end-all-and-throw/{name}",
                       [](session& visitor, std::string_view name) -> std::string {
                           visitor.end_all(name);
                           throw std::runtime_error("after the end");
                       });
        under_test.get("/end-others", [](session& visitor) {
            visitor.end_others();
            return "ended";
        });
        under_test.get("/end-other/{handle}", [](session& visitor, std::string_view handle) {
            visitor.end_other(handle);
            return "ended";
        });
        under_test.get("/set-after-end-all/{name}", [](session& visitor, std::string_view name) {
            visitor.end_all(name);
            visitor.set("count", 1);
            return "x";
        });
    }
};

class SessionOwners : public ::testing::TestWithParam<store_kind> {
protected:
    owner_app given{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(All, SessionOwners, every_store, name_of);

TEST_P(SessionOwners, RenewTheIdAndKeepTheContents) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    const std::string before = browser.cookies()["session"];
    static_cast<void>(given.new_commits());

    const reply answer = browser.get("/renew");

    EXPECT_EQ(given.new_commits(), operations{rename});
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Vary"), "Cookie");
    if (GetParam() != store_kind::signed_cookie) {  // there nothing has changed in this second
        EXPECT_NE(browser.cookies()["session"], before);
    }
    EXPECT_EQ(browser.get("/visits").body, "2");
}

TEST_P(SessionOwners, RenewNothingWhereNothingIsStored) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/renew").header("Set-Cookie"), "");
    EXPECT_EQ(given.new_commits(), operations{});
}

TEST_P(SessionOwners, KeepTheAbsoluteDeadlineWhenRenewed) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    for (int day = 0; day < 31; ++day) {
        given.now += hours{23};
        EXPECT_EQ(browser.get("/renew").status, 200U);
    }
    given.now += hours{7} - minutes{1};
    EXPECT_EQ(browser.get("/visits").body, "2");
    given.now += minutes{1};
    EXPECT_EQ(browser.get("/visits").body, "1");
}

TEST_P(SessionOwners, BeginAnewAtALogIn) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.now += hours{20};
    const std::string before = browser.cookies()["session"];
    static_cast<void>(given.new_commits());

    EXPECT_EQ(browser.get("/login/alice").status, 200U);

    EXPECT_EQ(given.new_commits(), operations{rename});
    EXPECT_NE(browser.cookies()["session"], before);
    EXPECT_EQ(browser.get("/owner").body, "alice:of alice");
    EXPECT_EQ(browser.get("/visits").body, "2");
    // A day on, and 29 days after the log-in, with both deadlines of the log-in's time.
    for (int day = 0; day < 31; ++day) {
        given.now += hours{23};
        EXPECT_EQ(browser.get("/owner").body, "alice:of alice");
    }
    given.now += hours{7} - minutes{1};
    EXPECT_EQ(browser.get("/owner").body, "alice:of alice");
    given.now += minutes{1};
    EXPECT_EQ(browser.get("/owner").body, ":");
}

TEST_P(SessionOwners, KnowTheTimeOfTheLogIn) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/age").body, "new");
    EXPECT_EQ(browser.get("/visits").body, "1");
    given.now += minutes{1};
    EXPECT_EQ(browser.get("/age").body, "60");
    EXPECT_EQ(browser.get("/renew").status, 200U);
    EXPECT_EQ(browser.get("/age").body, "60");
    EXPECT_EQ(browser.get("/login/alice").status, 200U);
    EXPECT_EQ(browser.get("/age").body, "0");
}

TEST_P(SessionOwners, BeginWithALogIn) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/login/alice").status, 200U);
    EXPECT_EQ(given.new_commits(), operations{insert});
    EXPECT_EQ(browser.get("/owner").body, "alice:of alice");
}

TEST_P(SessionOwners, StayAsTheyAreWhenTheLogInFails) {
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/visits").body, "1");
    static_cast<void>(given.new_commits());
    EXPECT_EQ(browser.get("/login-and-throw").status, 500U);
    EXPECT_EQ(given.new_commits(), operations{});
    EXPECT_EQ(browser.get("/owner").body, ":");
    EXPECT_EQ(browser.get("/visits").body, "2");
}

TEST_P(SessionOwners, AreNamedWithinLimits) {
    client browser(given.under_test);
    const std::string longest(session_record::max_name_bytes, 'a');
    EXPECT_EQ(browser.get("/login/" + longest).status, 500U);  // its label is longer
    EXPECT_EQ(browser.get("/label/" + longest).status, 200U);
    EXPECT_EQ(browser.get("/owner").body, ":" + longest);
    EXPECT_EQ(browser.get("/label/" + longest + "b").status, 500U);
    EXPECT_EQ(given.logged.back(), "GET /label/" + longest +
                                       "b: session.set_label() was given 257 bytes; at most 256 "
                                       "are kept");
    EXPECT_EQ(browser.get("/owner").body, ":" + longest);
}

TEST_P(SessionOwners, CanBeSaidToNeedAStoreThatRevokes) {
    given.under_test.get("/bank", [](session&) { return "money"; })
        .needs_sessions({.revocable = true});
    if (GetParam() != store_kind::signed_cookie) {
        EXPECT_EQ(client(given.under_test).get("/bank").body, "money");
        return;
    }
    try {
        client{given.under_test};
        FAIL() << "the app was not refused";
    } catch (const setup_error& error) {
        EXPECT_STREQ(error.what(),
                     "the route GET /bank needs a session store that is revocable "
                     "(session_capabilities), and the app's is not: give app.sessions(...) "
                     "another store, for example cloakroom::memory_sessions()");
    }
}

TEST(SessionCapabilities, AreCheckedForTheWholeApp) {
    app under_test;
    under_test.get("/", [](session&) { return "x"; });
    under_test.sessions(signed_cookie_sessions({.secret = "secret"}),
                        {.required = {.compare_and_swap = true}});
    EXPECT_THROW(client{under_test}, setup_error);
}

TEST(SessionCapabilities, AreCheckedForAPageOfDevices) {
    app under_test;
    under_test.get("/", [](const owned_sessions& all) { return std::to_string(all.size()); });
    under_test.sessions(signed_cookie_sessions({.secret = "secret"}));
    EXPECT_THROW(client{under_test}, setup_error);
}

TEST(SessionCapabilities, AreCheckedWhenSessionsOfAnOwnerAreToEnd) {
    owner_app given(store_kind::signed_cookie);
    client browser(given.under_test);
    EXPECT_EQ(browser.get("/login/alice").status, 200U);
    for (const std::string_view path :
         {"/end-all/alice", "/end-all/bob", "/end-others", "/end-other/x"}) {
        EXPECT_EQ(browser.get(path).status, 500U) << path;
    }
    EXPECT_EQ(browser.get("/owner").body, "alice:of alice");
    EXPECT_EQ(given.logged.size(), 4U);
}

// Loads sessions, and cannot list them now.
class unlisting_store final : public observed_store {
public:
    using observed_store::observed_store;

    [[nodiscard]] session_load list(std::string_view /*owner*/, const session_token& /*current*/,
                                    session_time /*now*/,
                                    std::vector<session_summary>& /*into*/) override {
        return session_load::failed;
    }
};

TEST(OwnedSessionsThatCannotBeListed, Are503) {
    app under_test;
    under_test.log([](std::string_view) {});
    under_test.sessions(std::make_shared<unlisting_store>(memory_sessions()));
    under_test.get("/login", [](session& visitor) {
        visitor.elevate("alice");
        return "in";
    });
    under_test.get("/devices",
                   [](const owned_sessions& all) { return std::to_string(all.size()); });
    client browser(under_test);
    EXPECT_EQ(browser.get("/devices").body, "0");  // nobody's: the store is not asked
    EXPECT_EQ(browser.get("/login").status, 200U);

    const reply refused = browser.get("/devices");

    EXPECT_EQ(refused.status, 503U);
    EXPECT_EQ(refused.header("Retry-After"), "1");
}

// What follows takes a store with an index by owner.
struct devices_app : owner_app {
    explicit devices_app(store_kind kind) : owner_app(kind) {
        under_test.get("/devices", [](const owned_sessions& all) {
            std::vector<std::string> lines;
            for (const session_summary& each : all) {
                lines.push_back(each.label + (each.is_current ? " (this) " : " ") + each.handle);
            }
            std::sort(lines.begin(), lines.end());
            std::string page;
            for (const std::string& line : lines) {
                page += line + "\n";
            }
            return page;
        });
    }
};

class OwnedSessions : public ::testing::TestWithParam<store_kind> {
protected:
    void SetUp() override {
        phone.get("/login/alice");
        laptop.get("/login/alice");
        laptop.get("/label/laptop");
        phone.get("/label/phone");
        bob.get("/login/bob");
        static_cast<void>(given.new_commits());
    }

    devices_app given{GetParam()};
    client phone{given.under_test};
    client laptop{given.under_test};
    client bob{given.under_test};
};

INSTANTIATE_TEST_SUITE_P(All, OwnedSessions, swapping_stores, name_of);

TEST_P(OwnedSessions, AreListed) {
    const std::string page = phone.get("/devices").body;
    ASSERT_TRUE(page.starts_with("laptop ")) << page;
    EXPECT_NE(page.find("\nphone (this) "), std::string::npos) << page;
    EXPECT_EQ(std::count(page.begin(), page.end(), '\n'), 2);
    EXPECT_EQ(client(given.under_test).get("/devices").body, "");
}

TEST_P(OwnedSessions, EndOneByOne) {
    const std::string page = phone.get("/devices").body;
    const std::string handle = page.substr(7, page.find('\n') - 7);
    EXPECT_EQ(bob.get("/end-other/" + handle).status, 200U);  // not his: nothing happens
    EXPECT_EQ(laptop.get("/owner").body, "alice:laptop");

    EXPECT_EQ(phone.get("/end-other/" + handle).status, 200U);

    EXPECT_EQ(laptop.get("/owner").body, ":");
    EXPECT_EQ(phone.get("/owner").body, "alice:phone");
}

TEST_P(OwnedSessions, LeaveTheIdOfBeforeBehindAtALogIn) {
    client victim(given.under_test);
    EXPECT_EQ(victim.get("/visits").body, "1");
    client fixer(given.under_test);
    fixer.cookies() = victim.cookies();

    EXPECT_EQ(victim.get("/login/alice").status, 200U);

    EXPECT_EQ(fixer.get("/owner").body, ":");
    EXPECT_EQ(fixer.get("/visits").body, "1");
    EXPECT_EQ(victim.get("/visits").body, "2");
}

TEST_P(OwnedSessions, EndAllAtOnceWithTheirCookie) {
    const reply answer = phone.get("/end-all/alice");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_TRUE(phone.cookies().empty());
    EXPECT_EQ(laptop.get("/owner").body, ":");
    EXPECT_EQ(bob.get("/owner").body, "bob:of bob");
}

TEST_P(OwnedSessions, EndAtTheWordOfAnother) {
    EXPECT_EQ(bob.get("/end-all/alice").status, 200U);
    EXPECT_EQ(phone.get("/owner").body, ":");
    EXPECT_EQ(laptop.get("/owner").body, ":");
    EXPECT_EQ(bob.get("/owner").body, "bob:of bob");
}

TEST_P(OwnedSessions, EndAlsoWhenTheHandlerFails) {
    EXPECT_EQ(phone.get("/end-all-and-throw/alice").status, 500U);
    EXPECT_TRUE(phone.cookies().empty());
    EXPECT_EQ(laptop.get("/owner").body, ":");
}

TEST_P(OwnedSessions, EndButForTheOneThatSaysSo) {
    const std::string before = phone.cookies()["session"];
    EXPECT_EQ(phone.get("/visits").body, "1");

    EXPECT_EQ(phone.get("/end-others").status, 200U);

    EXPECT_EQ(laptop.get("/owner").body, ":");
    EXPECT_EQ(phone.get("/owner").body, "alice:phone");
    EXPECT_EQ(phone.get("/visits").body, "2");
    EXPECT_NE(phone.cookies()["session"], before);
    client thief(given.under_test);
    thief.cookies()["session"] = before;
    EXPECT_EQ(thief.get("/owner").body, ":");
}

TEST_P(OwnedSessions, AreLeftAloneByAVisitorWithoutAnOwner) {
    client nobody(given.under_test);
    EXPECT_EQ(nobody.get("/end-others").status, 200U);
    EXPECT_EQ(nobody.get("/end-other/x").status, 200U);
    EXPECT_EQ(phone.get("/owner").body, "alice:phone");
}

TEST_P(OwnedSessions, EndOrTheClientIsTold) {
    given.store->end_fails = true;
    const reply answer = phone.get("/end-all/alice");
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    given.store->end_fails = false;
    given.store->throws = true;
    EXPECT_EQ(bob.get("/end-all/alice").status, 503U);
    given.store->throws = false;
    EXPECT_EQ(laptop.get("/owner").body, "alice:laptop");
    EXPECT_EQ(bob.get("/owner").body, "bob:of bob");
}

TEST_P(OwnedSessions, AreNotListedByAStoreThatIsAway) {
    given.store->load_fails = true;
    EXPECT_EQ(phone.get("/devices").status, 503U);
}

TEST_P(OwnedSessions, KeepNothingThatIsSetAfterTheirEnd) {
    EXPECT_EQ(phone.get("/set-after-end-all/alice").status, 500U);
    EXPECT_EQ(phone.get("/set-after-end-all/bob").status, 200U);
}

// Races with another request of the same session.
class OwnerRaces : public OwnedSessions {};

INSTANTIATE_TEST_SUITE_P(All, OwnerRaces, swapping_stores, name_of);

TEST_P(OwnerRaces, RebaseALogIn) {
    EXPECT_EQ(phone.get("/visits").body, "1");
    given.store->interference = [](session_values& values) { values.set("count", "100"); };
    given.store->interferences = 1;
    static_cast<void>(given.new_commits());
    EXPECT_EQ(phone.send(method::post, "/login/carol").status, 200U);
    EXPECT_EQ(given.new_commits(), (operations{rename, rename}));
    EXPECT_EQ(phone.get("/owner").body, "carol:of carol");
    EXPECT_EQ(phone.get("/visits").body, "101");
}

TEST_P(OwnerRaces, LogInTwiceAtOnce) {
    given.store->ends_first = true;  // as the other log-in's rename does
    EXPECT_EQ(phone.send(method::post, "/login/alice").status, 200U);
    EXPECT_EQ(given.new_commits(), (operations{rename, insert}));
    EXPECT_EQ(phone.get("/owner").body, "alice:of alice");
}

TEST_P(OwnerRaces, LeaveBehindWhatAnEndedSessionHeld) {
    EXPECT_EQ(phone.get("/visits").body, "1");
    given.store->ends_first = true;
    EXPECT_EQ(phone.send(method::post, "/login/alice").status, 200U);
    EXPECT_EQ(phone.get("/count").body, "0");
}

TEST_P(OwnerRaces, RefuseALogInThatReadWhatIsGone) {
    EXPECT_EQ(phone.get("/visits").body, "1");
    given.store->ends_first = true;
    EXPECT_EQ(phone.send(method::post, "/login-with-cart").status, 409U);
    EXPECT_EQ(phone.get("/owner").body, ":");
}

TEST_P(OwnerRaces, NeverLetASessionOutliveTheEndOfAll) {
    // The end comes between the load and the commit of this request.
    given.store->before_commit = [this] {
        EXPECT_EQ(given.store->end_all("alice", nullptr, given.now), session_commit::committed);
    };
    EXPECT_EQ(phone.send(method::put, "/login/bob").status, 200U);  // proved anew: may begin
    EXPECT_EQ(phone.get("/owner").body, "bob:of bob");
    given.store->before_commit = [this] {
        EXPECT_EQ(given.store->end_all("alice", nullptr, given.now), session_commit::committed);
    };
    EXPECT_EQ(laptop.get("/renew").status, 200U);
    EXPECT_EQ(laptop.get("/owner").body, ":");
}

}  // namespace
}  // namespace cloakroom
