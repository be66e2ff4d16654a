// SPDX-License-Identifier: MIT
// Typed queries and forms.
#include <cloakroom/app.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shop {

enum class order_by { name, price };

bool from_text(std::string_view text, order_by& value) {
    value = text == "price" ? order_by::price : order_by::name;
    return text == "price" || text == "name";
}

}  // namespace shop

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

struct search {
    std::string text;
    int page = 1;
    bool stock = false;
    std::optional<double> most;
    shop::order_by by = shop::order_by::name;
    std::vector<std::string> tags;
    static constexpr auto fields =
        cloakroom::fields(field("text", &search::text), field("page", &search::page).optional(),
                          field("stock", &search::stock).optional(), field("most", &search::most),
                          field("by", &search::by).optional(), field("tag", &search::tags));
};

struct consent {
    bool given = true;
    static constexpr auto fields = cloakroom::fields(field("given", &consent::given));
};

std::string shown(const search& asked) {
    std::string all = asked.text + "|" + std::to_string(asked.page) + "|" +
                      (asked.stock ? "stock" : "any") + "|" + (asked.most ? "most" : "no most") +
                      "|" + (asked.by == shop::order_by::price ? "price" : "name");
    for (const std::string& tag : asked.tags) {
        all += "|" + tag;
    }
    return all;
}

void add_form_routes(app& to) {
    to.get("/search", [](const query<search>& asked) { return shown(*asked); });
    to.post("/search", [](const form_body<search>& asked) { return shown(*asked); });
    to.post("/consent", [](form_body<consent> form) { return form->given ? "yes" : "no"; });
}

TEST(Query, BindsFieldsWithDefaults) {
    app under_test;
    add_form_routes(under_test);
    client browser(under_test);
    EXPECT_EQ(browser.get("/search?text=hat").body, "hat|1|any|no most|name");
    EXPECT_EQ(
        browser.get("/search?text=a+b%2Bc&page=2&stock=on&most=1.5&by=price&tag=x&tag=y").body,
        "a b+c|2|stock|most|price|x|y");
    EXPECT_EQ(browser.get("/search?text=").body, "|1|any|no most|name");
    EXPECT_EQ(browser.get("/search?text=first&text=second").body, "first|1|any|no most|name");
}

TEST(Query, NamesTheFieldsAtFault) {
    app under_test;
    add_form_routes(under_test);
    const reply answer =
        client(under_test).get("/search?page=2147483648&stock=maybe&most=x&by=colour");
    EXPECT_EQ(answer.status, 400U);
    for (const std::string_view part :
         {R"({"field":"text","message":"is missing"})",
          R"({"field":"page","message":"expected an integer in range"})",
          R"({"field":"stock","message":"expected true or false"})",
          R"({"field":"most","message":"has a value that is not understood"})",
          R"({"field":"by","message":"has a value that is not understood"})"}) {
        EXPECT_NE(answer.body.find(part), std::string::npos) << answer.body;
    }
}

TEST(Query, RefusesMalformedEscapes) {
    app under_test;
    add_form_routes(under_test);
    client browser(under_test);
    for (const std::string_view target :
         {"/search?text=%", "/search?text=%4", "/search?text=%zz", "/search?text=%00"}) {
        EXPECT_EQ(browser.get(target).status, 400U) << target;
    }
}

TEST(Query, TakesAtMostAThousandPairs) {
    app under_test;
    add_form_routes(under_test);
    std::string pairs = "text=hat";
    for (std::size_t count = 1; count < form_values::max_values; ++count) {
        pairs += "&a=";
    }
    client browser(under_test);
    EXPECT_EQ(browser.get("/search?" + pairs).status, 200U);
    EXPECT_EQ(browser.get("/search?" + pairs + "&a=").status, 400U);
}

TEST(Form, BindsFieldsOfTheBody) {
    app under_test;
    add_form_routes(under_test);
    client browser(under_test);
    EXPECT_EQ(browser.post("/search", "text=caf%C3%A9&stock=true", form_values::media_type).body,
              "caf\xC3\xA9|1|stock|no most|name");
    EXPECT_EQ(browser.post("/search", "page=x", form_values::media_type).status, 422U);
    EXPECT_EQ(browser.post("/search", "text=%", form_values::media_type).status, 400U);
}

TEST(Form, TakesWhatABrowserSendsForAnEmptyForm) {
    app under_test;
    add_form_routes(under_test);
    client browser(under_test);
    EXPECT_EQ(browser.post("/search", "text=&page=&most=&by=", form_values::media_type).body,
              "|1|any|no most|name");
    EXPECT_EQ(browser.get("/search?text=&page=&most=&by=").body, "|1|any|no most|name");
    EXPECT_EQ(browser.post("/consent", "", form_values::media_type).body, "no");
    EXPECT_EQ(browser.post("/consent", "given=on", form_values::media_type).body, "yes");
}

TEST(Form, CanBeMovedOut) {
    app under_test;
    under_test.get("/", [](query<search> asked) {
        const search taken = *std::move(asked);
        return taken.text;
    });
    EXPECT_EQ(client(under_test).get("/?text=hat").body, "hat");
}

TEST(Form, RefusesOtherContentTypes) {
    app under_test;
    add_form_routes(under_test);
    const reply answer = client(under_test).post("/search", "text=hat", "text/plain");
    EXPECT_EQ(answer.status, 415U);
    EXPECT_EQ(answer.header("Accept"), form_values::media_type);
}

}  // namespace
}  // namespace cloakroom
