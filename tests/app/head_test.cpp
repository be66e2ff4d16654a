// SPDX-License-Identifier: MIT
// Whatever the answer to HEAD is, it has no content. RFC 9110 section 9.3.2.
#include <cloakroom/app.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;

// The answer to each request comes with the same fields, but without content.
void expect_no_content(const std::vector<std::string>& requests) {
    app under_test;
    under_test.log([](std::string_view) {});
    under_test.get("/", [] { return "Hello, World!"; });
    under_test.post("/post", [] { return "posted"; });
    under_test.get("/error", []() -> std::string { throw std::runtime_error("x"); });
    client browser(under_test);
    for (const std::string& each : requests) {
        const std::string answer = browser.send_raw({each});
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 ")) << each.substr(0, 60);
        EXPECT_NE(answer.find("\r\nContent-Length: "), std::string::npos) << answer;
        EXPECT_EQ(answer.find("\r\n\r\n"), answer.size() - 4) << each.substr(0, 60) << answer;
    }
}

TEST(Head, GetsNoContentFromHandlersAndTheirErrors) {
    expect_no_content({
        "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n",
        "HEAD /missing HTTP/1.1\r\nHost: h\r\n\r\n",
        "HEAD /post HTTP/1.1\r\nHost: h\r\n\r\n",
        "HEAD /error HTTP/1.1\r\nHost: h\r\n\r\n",
        "HEAD /% HTTP/1.1\r\nHost: h\r\n\r\n",
    });
}

TEST(Head, GetsNoContentWhereTheRequestIsRefused) {
    expect_no_content({
        "HEAD / HTTP/1.1\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: h\r\nX : y\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: h\r\nExpect: much\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n",
    });
}

TEST(Head, GetsNoContentWhereTheRequestIsRefusedBeforeItIsWhole) {
    expect_no_content({
        "HEAD / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n",
        "HEAD /" + std::string(9'000, 'x'),
        "HEAD /" + std::string(9'000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: h\r\nX: " + std::string(17'000, 'x'),
    });
}

}  // namespace
}  // namespace cloakroom
