// SPDX-License-Identifier: MIT
// Contents of sessions that outlive a deployment: versions and their migration.
#include "session_app.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

// Keeps the store from one deployment to the next.
struct deployed_app : session_app {
    deployed_app(std::shared_ptr<session_store> shared, session_schema schema)
        : session_app(store_kind::memory) {
        under_test.sessions(std::move(shared), {.schema = std::move(schema)});
        under_test.get("/name", [](const session& visitor) {
            return visitor.value("first", "") + "|" + visitor.value("last", "") + "|" +
                   visitor.value("name", "");
        });
        under_test.get("/set/{key}/{value}",
                       [](session& visitor, const std::string& key, const std::string& value) {
                           visitor.set(key, value);
                           return "set";
                       });
        under_test.get("/keys", [](const session& visitor) {
            std::string all;
            for (const std::string& key : visitor.keys()) {
                all += key + " ";
            }
            return all;
        });
    }
};

void split_name(session& contents, unsigned from) {
    if (from < 2) {
        const std::string name = contents.value("name", "");
        const std::size_t space = name.find(' ');
        if (space == std::string::npos) {
            throw std::runtime_error("a name without a space");
        }
        contents.set("first", name.substr(0, space));
        contents.set("last", name.substr(space + 1));
        contents.erase("name");
    }
}

class SessionSchema : public ::testing::Test {
protected:
    std::shared_ptr<observed_store> store = std::make_shared<observed_store>(memory_sessions());
    deployed_app unversioned{store, {}};
    deployed_app first{store, {.version = 1}};
    deployed_app second{store, {.version = 2, .migrate = &split_name}};

    // A browser with this cookie, at another deployment.
    static void take_over(client& browser, client& from) { browser.cookies() = from.cookies(); }
};

TEST_F(SessionSchema, BringsOldContentsUpToDate) {
    for (deployed_app* const before : {&unversioned, &first}) {
        client old(before->under_test);
        EXPECT_EQ(old.get("/set/name/Ada%20Lovelace").status, 200U);
        client browser(second.under_test);
        take_over(browser, old);
        EXPECT_EQ(browser.get("/name").body, "Ada|Lovelace|");
        EXPECT_EQ(browser.get("/keys").body, "first last ");
    }
}

TEST_F(SessionSchema, StoresTheNewVersionWhenSomethingChanges) {
    client old(first.under_test);
    EXPECT_EQ(old.get("/set/name/Ada%20Lovelace").status, 200U);
    client browser(second.under_test);
    take_over(browser, old);
    store->commits.clear();

    EXPECT_EQ(browser.get("/name").body, "Ada|Lovelace|");
    EXPECT_TRUE(store->commits.empty());
    EXPECT_EQ(old.get("/name").body, "||Ada Lovelace");  // for now both deployments serve it

    EXPECT_EQ(browser.get("/set/last/King").status, 200U);
    EXPECT_EQ(store->commits, std::vector{session_change::operation::replace});
    EXPECT_EQ(browser.get("/name").body, "Ada|King|");
}

TEST_F(SessionSchema, LeavesNewerContentsAlone) {
    client newer(second.under_test);
    EXPECT_EQ(newer.get("/set/first/Ada").status, 200U);
    client browser(first.under_test);
    take_over(browser, newer);

    const reply answer = browser.get("/set/name/Bob");

    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.header("Retry-After"), "1");
    EXPECT_EQ(answer.header("Set-Cookie"), "");
    EXPECT_FALSE(first.logged.empty());
    EXPECT_EQ(newer.get("/name").body, "Ada||");
}

TEST_F(SessionSchema, KeepsWhatCannotBeMigrated) {
    client old(first.under_test);
    EXPECT_EQ(old.get("/set/name/Ada").status, 200U);
    client browser(second.under_test);
    take_over(browser, old);
    EXPECT_EQ(browser.get("/name").status, 500U);
    EXPECT_EQ(second.logged, std::vector<std::string>{"GET /name: a name without a space"});
    EXPECT_EQ(old.get("/name").body, "||Ada");
}

TEST_F(SessionSchema, TakesAVersionThatIsNoneForANewerOne) {
    client strange(unversioned.under_test);
    EXPECT_EQ(strange.get("/set/_schema/x").status, 200U);
    client browser(first.under_test);
    take_over(browser, strange);
    EXPECT_EQ(browser.get("/name").status, 503U);
}

// Another instance, of a later deployment, changes the session while this one serves it.
TEST_F(SessionSchema, IsNotRebasedOnNewerContents) {
    client browser(first.under_test);
    EXPECT_EQ(browser.get("/set/name/Ada").status, 200U);
    store->interference = [](session_values& values) {
        values.set("_schema", "2");
        values.set("first", "\"Ada\"");
    };
    store->interferences = 1;

    EXPECT_EQ(browser.get("/set/theme/dark").status, 503U);

    EXPECT_EQ(browser.get("/keys").status, 503U);
    client newer(second.under_test);
    take_over(newer, browser);
    EXPECT_EQ(newer.get("/keys").body, "first name ");
}

// Another instance, of the earlier deployment, changes the session while this one serves it.
TEST_F(SessionSchema, MigratesWhatItIsRebasedOn) {
    client old(first.under_test);
    EXPECT_EQ(old.get("/set/name/Ada%20Lovelace").status, 200U);
    client browser(second.under_test);
    take_over(browser, old);
    store->interference = [](session_values& values) { values.set("name", "\"Ada King\""); };
    store->interferences = 1;

    EXPECT_EQ(browser.post("/name", "").status, 405U);
    EXPECT_EQ(browser.get("/set/theme/dark").status, 200U);

    EXPECT_EQ(browser.get("/name").body, "Ada|King|");
    EXPECT_EQ(browser.get("/keys").body, "first last theme ");
}

}  // namespace
}  // namespace cloakroom
