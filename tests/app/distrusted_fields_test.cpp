// SPDX-License-Identifier: MIT
// What a client may claim and nobody asks it for: fields that other frameworks believe.
#include <cloakroom/app.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

// All that a handler may decide by.
std::string shown(const request& req) {
    return std::string{to_string(req.method())} + "|" + std::string{req.target()} + "|" +
           std::string{req.host()} + "|" + req.remote_address() + "|" + std::string{req.body()} +
           "|" + std::string{req.cookie("session").value_or("none")} + "|" +
           std::string{req.header("X-Forwarded-For").value_or("none")};
}

app& showing(app& to) {
    to.any("/{a...}", [](const request& req, std::string_view) { return shown(req); });
    return to;
}

TEST(DistrustedFields, OfProxiesChangeNothingOfARequest) {
    app under_test;
    client browser(showing(under_test));
    const std::string plain = browser.post("/a", "x").body;
    for (const auto& [name, value] : {
             std::pair{"Forwarded", "for=10.0.0.1;host=evil.example;proto=https"},
             std::pair{"X-Forwarded-Host", "evil.example"},
             std::pair{"X-Forwarded-Proto", "https"},
             std::pair{"X-Real-IP", "10.0.0.1"},
             std::pair{"X-Original-URL", "/admin"},
             std::pair{"X-Rewrite-URL", "/admin"},
             std::pair{"X-HTTP-Method-Override", "DELETE"},
             std::pair{"X-Http-Method", "DELETE"},
         }) {
        EXPECT_EQ(browser.send(method::post, "/a", "x", {{name, value}}).body, plain) << name;
    }
    const reply claimed = browser.send(method::post, "/a", "x", {{"X-Forwarded-For", "10.0.0.1"}});
    EXPECT_EQ(claimed.body, "POST|/a|test||x|none|10.0.0.1");  // a text like any other
}

TEST(DistrustedFields, OfATrailerAreNoFields) {
    app under_test;
    client browser(showing(under_test));
    const std::string answer = browser.send_raw(
        {"POST /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
         "1\r\nx\r\n0\r\nCookie: session=stolen\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n"});
    EXPECT_TRUE(answer.ends_with("\r\n\r\nPOST|/a|test||x|none|none")) << answer;
}

TEST(DistrustedFields, OfAnEncodingLeaveTheContentAsItCame) {
    app under_test;
    client browser(showing(under_test));
    for (const char* const coding : {"gzip", "deflate", "br", "zstd"}) {
        const reply answer =
            browser.send(method::post, "/a", "\x1F\x8B bomb", {{"Content-Encoding", coding}});
        EXPECT_EQ(answer.body, "POST|/a|test||\x1F\x8B bomb|none|none") << coding;
    }
}

TEST(DistrustedFields, OfAnUpgradeLeaveTheProtocolAsItIs) {
    app under_test;
    client browser(showing(under_test));
    for (const char* const protocol : {"websocket", "h2c", "TLS/1.0"}) {
        const reply answer =
            browser.send(method::get, "/a", {}, {{"Connection", "Upgrade"}, {"Upgrade", protocol}});
        EXPECT_EQ(answer.status, 200U) << protocol;
        EXPECT_EQ(answer.header("Upgrade"), "") << protocol;
        EXPECT_EQ(answer.body, "GET|/a|test|||none|none") << protocol;
    }
}

}  // namespace
}  // namespace cloakroom
