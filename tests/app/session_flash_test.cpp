// SPDX-License-Identifier: MIT
#include "session_app.hpp"
#include <cloakroom/json.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;

struct flash_app : session_app {
    explicit flash_app(store_kind kind) : session_app(kind) {
        under_test.get("/flash/{text}", [](session& visitor, std::string_view text) {
            visitor.flash(text);
            return "kept";
        });
        under_test.get("/warn/{text}", [](session& visitor, std::string_view text) {
            visitor.flash(text, "warning");
            return "kept";
        });
        under_test.get("/page", [](session& visitor) {
            std::string page;
            for (const flash_message& each : visitor.take_flashes()) {
                page += each.category + "=" + each.text + ";";
            }
            return page;
        });
        under_test.post("/raw", [](session& visitor, const request& req) {
            visitor.set("_flashes", nlohmann::json::parse(req.body()));
            return "set";
        });
    }
};

class SessionFlash : public ::testing::TestWithParam<store_kind> {
protected:
    flash_app given{GetParam()};
    client browser{given.under_test};
};

INSTANTIATE_TEST_SUITE_P(All, SessionFlash, every_store, name_of);

TEST_P(SessionFlash, IsShownOnce) {
    browser.get("/flash/one");
    browser.get("/warn/two%20%22%3C%C3%A9");
    EXPECT_EQ(browser.get("/page").body, "message=one;warning=two \"<\xC3\xA9;");
    EXPECT_EQ(browser.get("/page").body, "");
}

TEST_P(SessionFlash, TouchesNothingWhereThereIsNone) {
    EXPECT_EQ(browser.get("/page").body, "");
    EXPECT_TRUE(given.new_commits().empty());
}

TEST_P(SessionFlash, SurvivesTextThatIsNoUtf8) {
    browser.get("/flash/%FF");
    EXPECT_EQ(browser.get("/page").body, "message=\xEF\xBF\xBD;");
}

TEST_P(SessionFlash, ReadsThoseOfFlask) {
    browser.post("/raw", R"([{" t":["message","Hi"]},["error","No"]])");
    EXPECT_EQ(browser.get("/page").body, "message=Hi;error=No;");
}

TEST_P(SessionFlash, TellsOfWhatIsNone) {
    for (const std::string_view other :
         {"1", "null", "{}", R"({"a":["message","x"]})", "[1]", R"([["a"]])", R"([["a",1]])",
          R"([["a","b","c"]])", R"([{" t":1}])"}) {
        browser.post("/raw", other);
        const bool is_empty = other == "{}" || other == "null";
        EXPECT_EQ(browser.get("/page").status, is_empty ? 200U : 500U) << other;
    }
}

}  // namespace
}  // namespace cloakroom
