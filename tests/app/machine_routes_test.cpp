// SPDX-License-Identifier: MIT
// State machines over HTTP: mounted whole, by instance, and by hand.
#include "../machine/checkout.hpp"
#include "session_app.hpp"
#include <cloakroom/async.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/machine_routes.hpp>
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

using namespace checkout_test;
using namespace std::chrono_literals;
using testing::client;
using testing::reply;

constexpr std::string_view json_type = "application/json";

struct mounted_app : session_app {
    explicit mounted_app(store_kind kind = store_kind::memory) : session_app(kind) {
        under_test.machine<checkout>("/checkout");
        under_test.machine<checkout>("/orders/{order}");
        // What a payment service would say.
        under_test.post("/confirm", [](machine<checkout>& flow) {
            flow.apply(confirm{"R1"});
            return "paid";
        });
    }
};

class MachineRoutes : public ::testing::TestWithParam<store_kind> {
protected:
    mounted_app given{GetParam()};
    client browser{given.under_test};

    reply send(std::string_view event, std::string_view json = {}) {
        return browser.post("/checkout/events/" + std::string{event}, json, json_type);
    }
};

INSTANTIATE_TEST_SUITE_P(All, MachineRoutes, every_store, name_of);

TEST_P(MachineRoutes, ShowWhereAMachineBegins) {
    const reply shown = browser.get("/checkout");

    EXPECT_EQ(shown.status, 200U);
    EXPECT_EQ(shown.header("Content-Type"), json_type);
    EXPECT_EQ(shown.header("Cache-Control"), "no-store");
    EXPECT_EQ(shown.body, R"({"state":"browsing","since":0,"data":{"lines":[]},)"
                          R"("allowed":["add_line","check_out","cancel"]})");
    EXPECT_TRUE(given.new_commits().empty());
}

TEST_P(MachineRoutes, GiveAnEventAndAnswerTheNewState) {
    const std::string added = R"({"state":"browsing","since":1800000000,"data":{"lines":)"
                              R"([{"quantity":2,"sku":"apple"}]},)"
                              R"("allowed":["add_line","check_out","cancel"]})";

    EXPECT_EQ(send("add_line", R"({"sku":"apple","quantity":2})").body, added);
    EXPECT_EQ(browser.get("/checkout").body, added);
}

TEST_P(MachineRoutes, AnswerAnIllegalEventWithTheAllowedOnes) {
    send("add_line", R"({"sku":"apple"})");
    send("cancel");
    const std::string before = browser.get("/checkout").body;

    const reply refused = send("check_out");

    EXPECT_EQ(refused.status, 409U);
    EXPECT_EQ(refused.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(refused.body,
              R"({"title":"Conflict","status":409,"detail":"The event \"check_out\" is not )"
              R"(possible in the state \"cancelled\".","state":"cancelled","allowed":[]})");
    EXPECT_EQ(browser.get("/checkout").body, before);
}

TEST_P(MachineRoutes, NameTheFieldAtFault) {
    const reply refused = send("add_line", R"({"sku":"apple","quantity":"two"})");

    EXPECT_EQ(refused.status, 422U);
    EXPECT_EQ(refused.body,
              R"({"title":"Unprocessable Content","status":422,"detail":"Some fields are not )"
              R"(acceptable.","errors":[{"field":"quantity","message":"expected an integer in )"
              R"(range"}]})");
}

TEST_P(MachineRoutes, RefuseContentThatIsNoJson) {
    EXPECT_EQ(send("add_line", R"({"sku":)").status, 400U);
    EXPECT_EQ(send("add_line", std::string(65, '[') + std::string(65, ']')).status, 400U);
    EXPECT_EQ(send("add_line", "[]").status, 422U);
    EXPECT_EQ(browser.post("/checkout/events/add_line", "sku=apple", "text/plain").status, 415U);
    EXPECT_EQ(browser.post("/checkout/events/add_line", "").status, 422U);  // sku is missing
    EXPECT_TRUE(given.new_commits().empty());
}

TEST_P(MachineRoutes, HaveNoneForEventsThatAreInternalOrUnknown) {
    for (const std::string_view each : {"confirm", "give_up", "nothing", "a%22b"}) {
        const reply refused = send(each, R"({"receipt":"mine"})");
        EXPECT_EQ(refused.status, 404U) << each;
        EXPECT_NE(refused.body.find(R"("events":["add_line","check_out","cancel"])"),
                  std::string::npos)
            << refused.body;
    }
    EXPECT_EQ(browser.get("/checkout/events/add_line").status, 405U);
}

TEST_P(MachineRoutes, CountAnEventWithAnIdempotencyKeyOnce) {
    const auto send_keyed = [this](std::string_view json) {
        return browser.send(method::post, "/checkout/events/add_line", json,
                            {{"Content-Type", std::string{json_type}}, {"Idempotency-Key", "k1"}});
    };
    const reply first = send_keyed(R"({"sku":"apple"})");
    send("add_line", R"({"sku":"pear"})");

    const reply repeated = send_keyed(R"({"sku":"apple"})");

    EXPECT_EQ(first.status, 200U);
    EXPECT_EQ(repeated.body, first.body);
    EXPECT_EQ(repeated.header("Idempotency-Replayed"), "true");
    EXPECT_EQ(send_keyed(R"({"sku":"plum"})").status, 422U);
    const std::string now = browser.get("/checkout").body;
    EXPECT_EQ(now.find("apple"), now.rfind("apple"));
    EXPECT_EQ(now.find("plum"), std::string::npos);
}

TEST_P(MachineRoutes, AndHandlersByHandAreOfTheSameMachine) {
    send("add_line", R"({"sku":"apple"})");
    EXPECT_EQ(browser.post("/confirm", "").status, 409U);
    send("check_out");

    EXPECT_EQ(browser.post("/confirm", "").body, "paid");

    EXPECT_NE(browser.get("/checkout").body.find(R"("state":"paid")"), std::string::npos);
    EXPECT_NE(send("cancel").body.find("Ask for your money back."), std::string::npos);
}

TEST_P(MachineRoutes, KeepInstancesApart) {
    browser.post("/orders/1/events/add_line", R"({"sku":"apple"})", json_type);
    browser.post("/orders/2/events/cancel", "");

    EXPECT_NE(browser.get("/orders/1").body.find("apple"), std::string::npos);
    EXPECT_NE(browser.get("/orders/2").body.find("cancelled"), std::string::npos);
    EXPECT_NE(browser.get("/orders/3").body.find(R"("since":0)"), std::string::npos);
    EXPECT_NE(browser.get("/checkout").body.find(R"("since":0)"), std::string::npos);
    EXPECT_EQ(browser.get("/orders/a%20b").status, 404U);
}

TEST_P(MachineRoutes, LimitTheInstances) {
    for (std::size_t each = 0; each < machine_record::max_instances; ++each) {
        const std::string path = "/orders/" + std::to_string(each) + "/events/add_line";
        // Cookies would be full before.
        const bool is_last = GetParam() == store_kind::signed_cookie && each == 20;
        if (is_last) {
            return;
        }
        ASSERT_EQ(browser.post(path, R"({"sku":"a"})", json_type).status, 200U) << each;
    }
    const reply refused = browser.post("/orders/more/events/cancel", "");
    EXPECT_EQ(refused.status, 409U);
    EXPECT_NE(refused.body.find("There are 64 of these already."), std::string::npos);
    EXPECT_EQ(browser.post("/orders/7/events/cancel", "").status, 200U);
}

TEST_P(MachineRoutes, DrawTheMachineWithItsStateLit) {
    send("cancel");

    const reply page = browser.get("/checkout/diagram");
    const reply svg = browser.get("/checkout/diagram.svg");

    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(page.body.find("<strong>cancelled</strong>"), std::string::npos);
    EXPECT_NE(page.body.find("<svg"), std::string::npos);
    EXPECT_EQ(svg.header("Content-Type"), "image/svg+xml");
    EXPECT_TRUE(browser.get("/checkout/diagram.mmd").body.starts_with("stateDiagram-v2"));
    EXPECT_NE(browser.get("/checkout/diagram.dot").body.find("digraph"), std::string::npos);
}

TEST_P(MachineRoutes, FireTimeoutsByTheClockOfTheApp) {
    send("add_line", R"({"sku":"apple"})");
    send("check_out");

    given.now += 15min - 1s;
    EXPECT_NE(browser.get("/checkout").body.find(R"("state":"paying")"), std::string::npos);
    given.now += 1s;
    EXPECT_NE(browser.get("/checkout").body.find(R"("state":"browsing")"), std::string::npos);
}

class MachineRaces : public ::testing::TestWithParam<store_kind> {
protected:
    mounted_app given{GetParam()};
    client browser{given.under_test};
    client other_tab{given.under_test};

    void SetUp() override {
        browser.post("/checkout/events/add_line", R"({"sku":"apple"})", json_type);
        other_tab.cookies() = browser.cookies();
    }

    // Has the other tab send an event while the browser's next one is on its way.
    void race(std::string path) {
        given.store->before_commit = [this, path = std::move(path)] {
            other_status = other_tab.post(path, "").status;
        };
    }
    unsigned other_status = 0;
};

INSTANTIATE_TEST_SUITE_P(All, MachineRaces, ::testing::Values(store_kind::memory), name_of);

TEST_P(MachineRaces, AreWonByOneAndTheOtherSeesTheNewState) {
    race("/checkout/events/cancel");

    const reply lost = browser.post("/checkout/events/check_out", "");

    EXPECT_EQ(other_status, 200U);
    EXPECT_EQ(lost.status, 409U);
    EXPECT_NE(lost.body.find(R"("state":"cancelled")"), std::string::npos);
}

TEST_P(MachineRaces, CountBothWhereBothAreLegal) {
    given.store->before_commit = [this] {
        other_tab.post("/checkout/events/add_line", R"({"sku":"pear"})", json_type);
    };

    const reply second = browser.post("/checkout/events/add_line", R"({"sku":"plum"})", json_type);

    EXPECT_NE(second.body.find("pear"), std::string::npos);
    EXPECT_NE(second.body.find("plum"), std::string::npos);
}

TEST_P(MachineRaces, OfTwinsWithOneKeyCountOnce) {
    const std::vector<std::pair<std::string, std::string>> fields = {
        {"Content-Type", std::string{json_type}}, {"Idempotency-Key", "k1"}};
    const auto send = [&](client& by) {
        return by.send(method::post, "/checkout/events/add_line", R"({"sku":"plum"})", fields);
    };
    std::string other;
    given.store->before_commit = [&] { other = send(other_tab).body; };

    const reply twin = send(browser);

    EXPECT_EQ(twin.body, other);
    EXPECT_EQ(twin.body.find("plum"), twin.body.rfind("plum"));
    EXPECT_EQ(twin.header("Idempotency-Replayed"), "true");
}

TEST_P(MachineRaces, OfTwoInstancesAreNone) {
    browser.post("/orders/1/events/add_line", R"({"sku":"apple"})", json_type);
    browser.post("/orders/2/events/add_line", R"({"sku":"apple"})", json_type);
    const int loads = given.store->loads;
    race("/orders/1/events/cancel");

    EXPECT_EQ(browser.post("/orders/2/events/cancel", "").status, 200U);
    EXPECT_EQ(other_status, 200U);
    EXPECT_EQ(given.store->loads, loads + 2);  // rebased: no handler ran again
}

// A machine whose transitions throw.

struct idle {};
struct running {};
struct go {};
struct stop {};
struct faulty : machine_of<idle, running> {
    using events = cloakroom::events<go, stop>;
    static running apply(const idle& /*from*/, const go& /*event*/) { return {}; }
    static idle apply(const running& /*from*/, const stop& /*event*/) {
        throw std::runtime_error("the brake is broken");
    }
    static void on_entry(running& /*state*/, session& visitor) { visitor.flash("It runs."); }
};

TEST(MachineRoute, ThatThrowsChangesNothing) {
    session_app given;
    given.under_test.machine<faulty>("/motor");
    given.under_test.get("/flash", [](session& visitor) {
        const auto texts = visitor.take_flashes();
        return texts.empty() ? std::string{} : texts.front().text;
    });
    client browser(given.under_test);
    browser.post("/motor/events/go", "");

    EXPECT_EQ(browser.post("/motor/events/stop", "").status, 500U);

    EXPECT_NE(browser.get("/motor").body.find(R"("state":"running")"), std::string::npos);
    EXPECT_EQ(browser.get("/flash").body, "It runs.");
    EXPECT_NE(given.logged.back().find("the brake is broken"), std::string::npos);
}

TEST(MachineRoute, IsAdjustedForAllAndForOneEvent) {
    session_app given;
    given.under_test.machine<faulty>("/motor")
        .before([](const request& req) -> std::optional<response> {
            if (req.header("X-Key")) {
                return std::nullopt;
            }
            throw http_error(status::unauthorized);
        })
        .event<go>()
        .before([](const machine<faulty>& flow) -> std::optional<response> {
            if (flow.is<running>()) {
                return response{status::forbidden};
            }
            return std::nullopt;
        });
    client browser(given.under_test);

    EXPECT_EQ(browser.get("/motor").status, 401U);
    EXPECT_EQ(browser.get("/motor/diagram").status, 401U);
    EXPECT_EQ(browser.post("/motor/events/go", "").status, 401U);
    EXPECT_EQ(browser.send(method::post, "/motor/events/go", "", {{"X-Key", "1"}}).status, 200U);
    EXPECT_EQ(browser.send(method::post, "/motor/events/go", "", {{"X-Key", "1"}}).status, 403U);
}

TEST(MachineRoute, StandsInAGroupWithPlaceholders) {
    session_app given;
    given.under_test.group("/shops/{shop}", [](router& shop) {
        shop.machine<faulty>("/motor");
        shop.machine<faulty>("/motors/{motor}");
    });
    client browser(given.under_test);

    EXPECT_EQ(browser.post("/shops/7/motors/a/events/go", "").status, 200U);

    EXPECT_NE(browser.get("/shops/7/motors/a").body.find("running"), std::string::npos);
    EXPECT_NE(browser.get("/shops/7/motor").body.find("idle"), std::string::npos);
    EXPECT_EQ(browser.post("/shops/7/motors/a/events/nothing", "").status, 404U);
}

TEST(MachineRoute, NeedsSessions) {
    app given;
    given.machine<faulty>("/motor");
    EXPECT_THROW(client{given}, setup_error);
}

TEST(MachineParameter, IsOneObjectForMiddlewareAndHandler) {
    session_app given;
    given.under_test
        .post("/go",
              [](machine<faulty>& flow) {
                  flow.apply(go{});
                  return flow.is<running>() ? "runs" : "stands";
              })
        .before([](machine<faulty>& flow) -> std::optional<response> {
            flow.restart();
            return std::nullopt;
        });
    client browser(given.under_test);

    EXPECT_EQ(browser.post("/go", "").body, "runs");
    EXPECT_EQ(browser.post("/go", "").body, "runs");
}

TEST(MachineParameter, IsTakenByCoroutinesAndBlockingHandlers) {
    session_app given;
    given.under_test.post("/later", [](machine<faulty>& flow) -> task<std::string> {
        flow.apply(go{});
        co_return std::string{flow.state_name()};
    });
    given.under_test.post("/elsewhere", blocking([](machine_instances<faulty>& all) {
                              all.at("a").apply(go{});
                              return all.names().front();
                          }));
    client browser(given.under_test);

    EXPECT_EQ(browser.post("/later", "").body, "running");
    EXPECT_EQ(browser.post("/elsewhere", "").body, "a");
}

}  // namespace
}  // namespace cloakroom
