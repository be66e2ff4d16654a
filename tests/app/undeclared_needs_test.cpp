// SPDX-License-Identifier: MIT
// Parameters of the program's own that take what they did not declare: refused, with a line for the
// operator, and never given what belongs to another request.
#include <cloakroom/app.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/owned_sessions.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

struct forgetful_user {
    std::string name;
};
struct declared_user {
    std::string name;
};
struct forgetful_devices {
    std::size_t count = 0;
};
struct forgetful_shop {
    int number = 0;
};
struct numbered_shop {
    int number = 7;
};

}  // namespace

namespace cloakroom {

template <>
struct parameter<forgetful_user> {
    static forgetful_user from(exchange& on) { return {on.session().value("name", "nobody")}; }
    static void declare(needs& /*needed*/) {}
};

template <>
struct parameter<declared_user> {
    static declared_user from(exchange& on) { return {on.session().value("name", "nobody")}; }
    static void declare(needs& needed) { parameter<session>::declare(needed); }
};

template <>
struct parameter<forgetful_devices> {
    static forgetful_devices from(exchange& on) { return {on.owned_sessions().size()}; }
    static void declare(needs& needed) { parameter<session>::declare(needed); }
};

template <>
struct parameter<forgetful_shop> {
    static forgetful_shop from(exchange& on) {
        return {static_cast<numbered_shop*>(on.find_service(typeid(numbered_shop)))->number};
    }
    static void declare(needs& /*needed*/) {}
};

namespace {

using testing::client;
using testing::reply;

class UndeclaredNeeds : public ::testing::Test {
protected:
    void SetUp() override {
        under_test.log([this](std::string_view line) { logged.emplace_back(line); });
        under_test.sessions(memory_sessions());
        under_test.get("/name/{name}", [](session& visitor, std::string name) {
            visitor.set("name", name);
            return name;
        });
        under_test.get("/forgetful", [](forgetful_user user) { return user.name; });
        under_test.get("/blocking", blocking([](forgetful_user user) { return user.name; }));
        under_test.get("/declared", [](declared_user user) { return user.name; });
        under_test.get("/devices", [](forgetful_devices all) { return std::to_string(all.count); });
        under_test.get("/shop", [](forgetful_shop at) { return std::to_string(at.number); });
    }

    void expect_one_line(std::string_view target, std::string_view part) {
        ASSERT_EQ(logged.size(), 1U);
        EXPECT_TRUE(logged.front().starts_with("GET " + std::string{target} + ": ")) << logged[0];
        EXPECT_NE(logged.front().find(part), std::string::npos) << logged[0];
        logged.clear();
    }

    app under_test;
    std::vector<std::string> logged;
};

TEST_F(UndeclaredNeeds, OfASessionAreAnErrorAndNotTheLastVisitorsSession) {
    client browser(under_test);  // one connection, as that of a proxy: one desk for all visitors
    EXPECT_EQ(browser.get("/name/ada").body, "ada");
    const auto cookies = browser.cookies();
    browser.cookies().clear();
    for (const std::string_view target : {"/forgetful", "/blocking"}) {
        const reply answer = browser.get(target);
        EXPECT_EQ(answer.status, 500U);
        EXPECT_EQ(answer.body.find("ada"), std::string::npos);
        EXPECT_EQ(answer.header("Set-Cookie"), "");
        expect_one_line(target, "parameter<session>::declare(into)");
    }
    browser.cookies() = cookies;
    EXPECT_EQ(browser.get("/forgetful").status,
              500U);  // for the visitor as well: nothing loaded it
    EXPECT_EQ(browser.get("/name/grace").body, "grace");
}

TEST_F(UndeclaredNeeds, OfASessionAreAnErrorInTheFirstRequestToo) {
    EXPECT_EQ(client(under_test).get("/forgetful").status, 500U);
    expect_one_line("/forgetful", "takes the session");
}

TEST_F(UndeclaredNeeds, AreNoneWhereTheyAreDeclared) {
    client browser(under_test);
    EXPECT_EQ(browser.get("/declared").body, "nobody");
    EXPECT_EQ(browser.get("/name/ada").body, "ada");
    EXPECT_EQ(browser.get("/declared").body, "ada");
    EXPECT_EQ(logged, std::vector<std::string>{});
}

TEST_F(UndeclaredNeeds, OfAServiceThatNobodyProvidedAreAnError) {
    client browser(under_test);
    EXPECT_EQ(browser.get("/shop").status, 500U);
    expect_one_line("/shop", "a service that was not provided");
}

TEST_F(UndeclaredNeeds, OfAnOwnersSessionsAreAnError) {
    client browser(under_test);
    EXPECT_EQ(browser.get("/devices").status, 500U);
    expect_one_line("/devices", "parameter<owned_sessions>::declare(into)");
}

TEST_F(UndeclaredNeeds, OfAServiceThatIsThereAreMet) {
    numbered_shop provided;
    under_test.provide(provided);
    EXPECT_EQ(client(under_test).get("/shop").body, "7");
}

TEST_F(UndeclaredNeeds, OfASessionAreRefusedAtTheStartOnceTheyAreDeclared) {
    app without_store;
    without_store.get("/declared", [](declared_user user) { return user.name; });
    EXPECT_THROW(client{without_store}, setup_error);
}

}  // namespace
}  // namespace cloakroom
