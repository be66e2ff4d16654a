// SPDX-License-Identifier: MIT
// What handlers may ask for, by the type of their parameters.
#include <cloakroom/app.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace shop {

enum class colour { red, green };

bool from_text(std::string_view text, colour& value) {
    value = text == "green" ? colour::green : colour::red;
    return text == "red" || text == "green";
}

struct api_key {
    std::string text;
};

struct moment {
    cloakroom::session_time value;
};

struct clock_service {
    int hour = 7;
};

struct catalogue {
    virtual ~catalogue() = default;
    [[nodiscard]] virtual std::string name() const { return "base"; }
};

struct printed_catalogue : catalogue {
    [[nodiscard]] std::string name() const override { return "printed"; }
};

}  // namespace shop

template <>
struct cloakroom::parameter<shop::api_key> {
    static shop::api_key from(exchange& on) {
        const auto sent = on.request().header("X-Api-Key");
        if (!sent) {
            throw http_error(status::unauthorized, "Send an API key.");
        }
        return {std::string{*sent}};
    }
    static void declare(needs& /*needed*/) {}
};

template <>
struct cloakroom::parameter<shop::moment> {
    static shop::moment from(exchange& on) { return {on.now()}; }
    static void declare(needs& /*needed*/) {}
};

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

std::string greet(const std::string& name) {
    return "Hello, " + name;
}

std::string greet_quietly(std::string_view name) noexcept {
    return "hello, " + std::string{name};
}

TEST(HandlerParameters, TakePlaceholdersInOrder) {
    app under_test;
    under_test.get("/{shelf}/{name}/{place}",
                   [](int shelf, const std::string& name, unsigned place) {
                       return std::to_string(shelf) + " " + name + " " + std::to_string(place);
                   });
    EXPECT_EQ(client(under_test).get("/-3/coat/7").body, "-3 coat 7");
}

TEST(HandlerParameters, MixPlaceholdersWithOthers) {
    shop::clock_service clock;
    app under_test;
    under_test.provide(clock);
    under_test.get("/{a}/{b}", [](const request& req, int first, service<shop::clock_service> hour,
                                  const std::string& second) {
        return std::string{req.target()} + " " + std::to_string(first) + " " +
               std::to_string(hour->hour) + " " + second;
    });
    EXPECT_EQ(client(under_test).get("/1/x").body, "/1/x 1 7 x");
}

TEST(HandlerParameters, ReadEveryIntegerWholeAndInRange) {
    app under_test;
    under_test.get("/i8/{n}", [](std::int8_t n) { return std::to_string(n); });
    under_test.get("/u8/{n}", [](std::uint8_t n) { return std::to_string(n); });
    under_test.get("/i32/{n}", [](std::int32_t n) { return std::to_string(n); });
    under_test.get("/u32/{n}", [](std::uint32_t n) { return std::to_string(n); });
    under_test.get("/i64/{n}", [](std::int64_t n) { return std::to_string(n); });
    under_test.get("/u64/{n}", [](std::uint64_t n) { return std::to_string(n); });
    client browser(under_test);
    for (const std::string_view path :
         {"/i8/-128", "/i8/127", "/u8/0", "/u8/255", "/i32/-2147483648", "/i32/2147483647",
          "/u32/4294967295", "/i64/-9223372036854775808", "/i64/9223372036854775807",
          "/u64/18446744073709551615"}) {
        EXPECT_EQ(browser.get(path).body, path.substr(path.rfind('/') + 1));
    }
    for (const std::string_view path :
         {"/i8/-129", "/i8/128", "/u8/256", "/u8/-1", "/i32/2147483648", "/u32/4294967296",
          "/u32/-1", "/i64/9223372036854775808", "/u64/18446744073709551616", "/i32/1.5", "/i32/x",
          "/i32/7x", "/i32/%207", "/i32/7%20", "/i32/+7", "/i32/0x7", "/i32/1e3", "/i32/-"}) {
        EXPECT_EQ(browser.get(path).status, 404U) << path;
    }
}

TEST(HandlerParameters, ReadFloatingPointNumbers) {
    app under_test;
    under_test.get("/{n}", [](double n) { return n == 2.5 ? "two and a half" : "another"; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/2.5").body, "two and a half");
    EXPECT_EQ(browser.get("/25e-1").body, "two and a half");
    EXPECT_EQ(browser.get("/-2.5").body, "another");
    EXPECT_EQ(browser.get("/2.5.1").status, 404U);
    EXPECT_EQ(browser.get("/two").status, 404U);
}

TEST(HandlerParameters, ReadEnumsByFromText) {
    app under_test;
    under_test.get("/{c}",
                   [](shop::colour c) { return c == shop::colour::green ? "green" : "red"; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/green").body, "green");
    EXPECT_EQ(browser.get("/red").body, "red");
    EXPECT_EQ(browser.get("/blue").status, 404U);
}

TEST(HandlerParameters, GiveTextAsStringOrView) {
    app under_test;
    under_test.get("/owned/{t}", [](std::string t) { return t; });
    under_test.get("/view/{t}", [](std::string_view t) { return t; });
    under_test.get("/const/{t}", [](const std::string& t) { return t; });
    client browser(under_test);
    EXPECT_EQ(browser.get("/owned/x%20y").body, "x y");
    EXPECT_EQ(browser.get("/view/x%20y").body, "x y");
    EXPECT_EQ(browser.get("/const/x%20y").body, "x y");
}

TEST(HandlerParameters, GiveTheWholeRequest) {
    app under_test;
    under_test.post("/where", [](const request& req) {
        return std::string{to_string(req.method())} + "|" + std::string{req.path()} + "|" +
               std::string{req.query()} + "|" + std::string{req.host()} + "|" +
               std::string{req.header("x-note").value_or("")} + "|" + std::string{req.body()} +
               "|" + req.remote_address();
    });
    const reply answer =
        client(under_test).send(method::post, "/where?a=b", "content", {{"X-Note", "hi"}});
    EXPECT_EQ(answer.body, "POST|/where|a=b|test|hi|content|");
}

TEST(HandlerParameters, GiveServicesByTypeFromOwnersAndReferences) {
    shop::clock_service clock;
    app under_test;
    under_test.provide(clock);
    under_test.provide<shop::catalogue>(std::make_shared<shop::printed_catalogue>());
    under_test.get("/", [](service<shop::clock_service> now, service<shop::catalogue> books) {
        return std::to_string(++now->hour) + " " + (*books).name();
    });
    client browser(under_test);
    EXPECT_EQ(browser.get("/").body, "8 printed");
    EXPECT_EQ(browser.get("/").body, "9 printed");
    EXPECT_EQ(clock.hour, 9);
}

TEST(HandlerParameters, TakeTypesOfYourOwn) {
    app under_test;
    under_test.get("/value", [](shop::api_key key) { return std::move(key.text); });
    under_test.get("/reference", [](const shop::api_key& key) { return key.text; });
    client browser(under_test);
    EXPECT_EQ(browser.send(method::get, "/value", {}, {{"X-Api-Key", "k1"}}).body, "k1");
    EXPECT_EQ(browser.send(method::get, "/reference", {}, {{"X-Api-Key", "k2"}}).body, "k2");
    const reply refused = browser.get("/value");
    EXPECT_EQ(refused.status, 401U);
    EXPECT_NE(refused.body.find("Send an API key."), std::string::npos);
}

TEST(HandlerParameters, ComeToFunctionPointersAndNoexceptHandlers) {
    app under_test;
    under_test.get("/a/{name}", &greet);
    under_test.get("/b/{name}", &greet_quietly);
    under_test.get("/c/{name}", [](std::string_view name) noexcept { return name; });
    under_test.get("/d/{name}", greet);
    client browser(under_test);
    EXPECT_EQ(browser.get("/a/Ada").body, "Hello, Ada");
    EXPECT_EQ(browser.get("/b/Ada").body, "hello, Ada");
    EXPECT_EQ(browser.get("/c/Ada").body, "Ada");
    EXPECT_EQ(browser.get("/d/Ada").body, "Hello, Ada");
}

TEST(HandlerParameters, ComeToFunctionObjects) {
    struct doubling {
        std::string operator()(int n) const { return std::to_string(2 * n); }
    };
    app under_test;
    under_test.get("/{n}", doubling{});
    EXPECT_EQ(client(under_test).get("/21").body, "42");
}

TEST(HandlerParameters, ComeToCapturingHandlersToo) {
    const std::string greeting = "Good evening, ";
    app under_test;
    under_test.get("/{name}",
                   capturing([greeting](const std::string& name) { return greeting + name; }));
    EXPECT_EQ(client(under_test).get("/Ada").body, "Good evening, Ada");
}

TEST(HandlerParameters, ComeToCapturingAndBlockingHandlersInEitherOrder) {
    const std::string greeting = "Good evening, ";
    const auto greet_by_name = [greeting](const std::string& name) { return greeting + name; };
    app under_test;
    under_test.get("/a/{name}", capturing(blocking(greet_by_name)));
    under_test.get("/b/{name}", blocking(capturing(greet_by_name)));
    client browser(under_test);
    EXPECT_EQ(browser.get("/a/Ada").body, "Good evening, Ada");
    EXPECT_EQ(browser.get("/b/Ada").body, "Good evening, Ada");
}

std::string seconds_of(const shop::moment& asked) {
    return std::to_string(asked.value.time_since_epoch().count());
}

TEST(HandlerParameters, OfAProgramsOwnTakeTheTimeFromTheClockOfSessions) {
    app under_test;
    under_test.sessions(memory_sessions(), {.clock = [] {
                            return session_time{std::chrono::seconds{1'800'000'000}};
                        }});
    under_test.get("/", &seconds_of);
    EXPECT_EQ(client(under_test).get("/").body, "1800000000");
}

TEST(HandlerParameters, OfAProgramsOwnTakeTheTimeFromTheSystemWithoutOne) {
    app under_test;
    under_test.get("/", &seconds_of);
    const auto now = [] { return std::chrono::system_clock::now().time_since_epoch(); };
    const auto before = std::chrono::floor<std::chrono::seconds>(now()).count();
    const long long told = std::stoll(client(under_test).get("/").body);
    EXPECT_LE(before - 1, told);  // the coarse clock may lag
    EXPECT_LE(told, std::chrono::floor<std::chrono::seconds>(now()).count());
}

}  // namespace
}  // namespace cloakroom
