// SPDX-License-Identifier: MIT
// Mistakes of the set-up: refused before the first request, with a sentence that says what to do.
#include "app/app_implementation.hpp"
#include "expect_parts.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async_session_store.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace shop {
struct directory {};
}  // namespace shop

namespace cloakroom {
namespace {

using testing::client;

std::string complaint(const std::function<void()>& of) {
    try {
        of();
    } catch (const setup_error& error) {
        return error.what();
    }
    return "no complaint";
}

std::string complaint_of_start(app& under_test) {
    return complaint([&] { const client first(under_test); });
}

TEST(Setup, NeedsTheServicesThatHandlersTake) {
    app under_test;
    under_test.get("/users/{id}", [](int, service<shop::directory>) { return "x"; });
    expect_parts(complaint_of_start(under_test),
                 {"GET /users/{id}", "service<shop::directory>", "app.provide("});
    shop::directory users;
    under_test.provide(users);
    EXPECT_EQ(complaint_of_start(under_test), "no complaint");
}

TEST(Setup, NeedsTheServicesThatMiddlewareTakes) {
    app under_test;
    under_test.before(
        [](service<shop::directory>) -> std::optional<response> { return std::nullopt; });
    expect_parts(complaint_of_start(under_test), {"service<shop::directory>", "app.provide("});
}

TEST(Setup, NeedsAStoreForSessions) {
    app reading;
    reading.get("/", [](const session&) { return "x"; });
    expect_parts(complaint_of_start(reading), {"GET /", "takes a session", "app.sessions("});
    app writing;
    writing.any("/any", [](session&) { return "x"; });
    expect_parts(complaint_of_start(writing), {"any /any", "app.sessions("});
    app in_middleware;
    in_middleware.before([](session&) -> std::optional<response> { return std::nullopt; });
    expect_parts(complaint_of_start(in_middleware), {"takes a session", "app.sessions("});
}

TEST(Setup, RefusesCookieNamesThatAreNone) {
    for (const std::string_view name : {"", "a b", "a;b", "a=b", "__Host-session", "__x"}) {
        app under_test;
        session_options options;
        options.cookie_name = name;
        expect_parts(complaint([&] { under_test.sessions(memory_sessions(), options); }),
                     {"cookie's name", "token"});
    }
}

TEST(Setup, RefusesSessionCookiesForOtherSites) {
    app under_test;
    expect_parts(
        complaint([&] { under_test.sessions(memory_sessions(), {.same_site = same_site::none}); }),
        {"SameSite=None", "lax or strict"});
}

TEST(Setup, RefusesSessionTimesThatContradictEachOther) {
    using std::chrono::seconds;
    const auto complaint_of = [](seconds idle, seconds absolute, seconds touch) {
        app under_test;
        return complaint([&] {
            under_test.sessions(
                memory_sessions(),
                {.idle_time = idle, .absolute_time = absolute, .touch_interval = touch});
        });
    };
    EXPECT_EQ(complaint_of(seconds{10}, seconds{10}, seconds{9}), "no complaint");
    EXPECT_EQ(complaint_of(seconds{10}, seconds{10}, seconds{0}), "no complaint");
    expect_parts(complaint_of(seconds{10}, seconds{10}, seconds{10}), {"touch_interval"});
    EXPECT_EQ(complaint_of(seconds{10}, seconds{9}, seconds{1}), "no complaint");
    expect_parts(complaint_of(seconds{0}, seconds{9}, seconds{0}), {"idle_time", "above 0 s"});
    expect_parts(complaint_of(seconds{10}, seconds{0}, seconds{1}), {"absolute_time"});
    expect_parts(complaint_of(seconds{10}, seconds{10}, seconds{-1}),
                 {"touch_interval of -1 s", "idle_time of 10 s"});
}

TEST(Setup, RefusesShortSecretsInProductionAlone) {
    app production;
    production.sessions(signed_cookie_sessions({.secret = "your secret key"}));
    expect_parts(complaint([&] { app_access::inside(production).freeze(false); }),
                 {"secret of 15 characters", "openssl rand"});
    app development;
    development.sessions(signed_cookie_sessions({.secret = "your secret key"}));
    EXPECT_EQ(complaint_of_start(development), "no complaint");
}

TEST(Setup, RefusesOneSignedStoreForTwoApps) {
    const std::shared_ptr<session_store> store =
        signed_cookie_sessions({.secret = "your secret key"});
    app first;
    first.sessions(store);
    EXPECT_EQ(complaint_of_start(first), "no complaint");
    app second;
    second.sessions(store, {.cookie_name = "other"});
    expect_parts(complaint_of_start(second), {"one store serves one app", "make another"});
}

TEST(Setup, RefusesToBeGivenNothing) {
    app under_test;
    expect_parts(complaint([&] { under_test.sessions(std::shared_ptr<session_store>{}); }),
                 {"app.sessions(", "no store"});
    expect_parts(complaint([&] { under_test.sessions(std::shared_ptr<async_session_store>{}); }),
                 {"app.sessions(", "no store"});
    expect_parts(complaint([&] { under_test.provide(std::shared_ptr<shop::directory>{}); }),
                 {"app.provide(", "null pointer"});
}

TEST(Setup, RefusesASecondServiceOfAType) {
    app under_test;
    shop::directory users;
    under_test.provide(users);
    expect_parts(complaint([&] { under_test.provide(users); }),
                 {"app.provide(", "shop::directory already"});
    expect_parts(complaint([&] { under_test.provide(std::make_shared<shop::directory>()); }),
                 {"shop::directory already"});
    under_test.get("/", [](service<shop::directory>) { return "kept"; });
    EXPECT_EQ(client(under_test).get("/").body, "kept");
}

TEST(Setup, RefusesLimitsOfNothing) {
    const struct {
        std::string_view name;
        void (*clear)(limits&);
    } cases[] = {
        {"header_bytes", [](limits& each) { each.header_bytes = 0; }},
        {"header_count", [](limits& each) { each.header_count = 0; }},
        {"target_bytes", [](limits& each) { each.target_bytes = 0; }},
        {"connections", [](limits& each) { each.connections = 0; }},
        {"bytes_a_second", [](limits& each) { each.bytes_a_second = 0; }},
        {"log_lines", [](limits& each) { each.log_lines = 0; }},
        {"held_bytes", [](limits& each) { each.held_bytes = 0; }},
        {"header_time", [](limits& each) { each.header_time = {}; }},
        {"body_time", [](limits& each) { each.body_time = std::chrono::milliseconds{-1}; }},
        {"idle_time", [](limits& each) { each.idle_time = {}; }},
        {"write_time", [](limits& each) { each.write_time = {}; }},
    };
    for (const auto& [name, clear] : cases) {
        app under_test;
        limits values;
        clear(values);
        expect_parts(complaint([&, &values = values] { under_test.limit(values); }),
                     {"app.limit(", name, "must be above 0"});
    }
    app under_test;
    limits values;
    values.body_bytes = values.trailer_bytes = 0;
    EXPECT_EQ(complaint([&] { under_test.limit(values); }), "no complaint");
}

TEST(Setup, IsForOneKindOfDeployment) {
    app production;
    production.get("/", [] { return "x"; });
    client first(production, deployment::production);
    client same(production, deployment::production);
    expect_parts(complaint_of_start(production), {"set up for production already", "another app"});
    run_options on_loopback;  // which is development
    on_loopback.port = 0;
    production.stop();  // else run() would not return where it does not complain
    expect_parts(complaint([&] { production.run(on_loopback); }),
                 {"set up for production already"});
    EXPECT_EQ(same.get("/").body, "x");

    app development;
    development.get("/", [] { return "x"; });
    client second(development);
    expect_parts(complaint([&] { const client third(development, deployment::production); }),
                 {"set up for development already"});
    on_loopback.deployment = deployment::production;
    development.stop();
    expect_parts(complaint([&] { development.run(on_loopback); }),
                 {"set up for development already"});
    EXPECT_EQ(second.get("/").body, "x");
}

TEST(Setup, RefusesDuplicateRoutes) {
    app under_test;
    under_test.get("/users/{id}", [](int) { return "x"; });
    EXPECT_NE(complaint([&] { under_test.get("/users/{name}", [](int) { return "y"; }); }),
              "no complaint");
    EXPECT_EQ(complaint([&] { under_test.post("/users/{id}", [](int) { return "y"; }); }),
              "no complaint");
    EXPECT_NE(complaint([&] { under_test.any("/users/{id}", [](int) { return "y"; }); }),
              "no complaint");
}

TEST(Setup, ChecksRuntimePatternsAgainstTheHandler) {
    app under_test;
    expect_parts(complaint([&] { under_test.get(runtime_pattern{"/a/{b}"}, [] { return "x"; }); }),
                 {"\"/a/{b}\"", "1 placeholders", "0 path parameters"});
    EXPECT_NE(complaint([&] { under_test.get(runtime_pattern{"a"}, [] { return "x"; }); }),
              "no complaint");
    EXPECT_NE(complaint([&] { under_test.get(runtime_pattern{"/{a"}, [](int) { return "x"; }); }),
              "no complaint");
}

TEST(Setup, WantsRuntimePatternsBelowAPrefixWithPlaceholders) {
    app under_test;
    under_test.group("/shops/{shop}", [](router& shop) {
        expect_parts(complaint([&] { shop.get("/coats", [] { return "x"; }); }),
                     {"\"/shops/{shop}/coats\"", "runtime_pattern"});
        expect_parts(
            complaint([&] { shop.get(runtime_pattern{"/coats/{coat}"}, [](int) { return "x"; }); }),
            {"2 placeholders", "1 path parameters"});
    });
}

TEST(Setup, RefusesMoreMiddlewareThanARequestGoesThrough) {
    constexpr auto go_on = [](const request&) -> std::optional<response> { return std::nullopt; };
    app most;
    app one_more;
    route& within = most.get("/", [] { return "x"; });
    route& beyond = one_more.get("/much", [] { return "x"; });
    for (int count = 0; count < 255; ++count) {
        within.use(go_on);
        beyond.use(go_on);
    }
    beyond.use(go_on);
    EXPECT_EQ(complaint([&] { client{most}; }), "no complaint");
    expect_parts(complaint([&] { client{one_more}; }), {"255 middleware", "/much"});
}

TEST(Setup, IsOverOnceTheAppServes) {
    app under_test;
    under_test.get("/", [] { return "x"; });
    const client first(under_test);
    shop::directory users;
    const std::function<void()> attempts[] = {
        [&] { under_test.get("/late", [] { return "x"; }); },
        [&] { under_test.group("/late", [](router&) {}); },
        [&] { under_test.after([](const request&, response&) {}); },
        [&] { under_test.sessions(memory_sessions()); },
        [&] { under_test.provide(users); },
        [&] { under_test.limit({}); },
        [&] { under_test.log({}); },
        [&] { under_test.error_pages({}); },
    };
    for (const auto& attempt : attempts) {
        expect_parts(complaint(attempt), {"serving already", "before run()"});
    }
    client second(under_test);
    EXPECT_EQ(second.get("/").body, "x");
}

}  // namespace
}  // namespace cloakroom
