// SPDX-License-Identifier: MIT
// Each limit, met exactly and crossed by one.
#include <cloakroom/app.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;

app& with_routes(app& to) {
    to.get("/{a...}", [](std::string_view) { return "got"; });
    to.post("/echo", [](const request& req) { return std::to_string(req.body().size()); });
    to.post("/small", [](const request& req) {
          return std::to_string(req.body().size());
      }).body_limit(10);
    to.post("/large", [](const request& req) {
          return std::to_string(req.body().size());
      }).body_limit(200);
    return to;
}

std::string status_line(const std::string& answer) {
    return answer.substr(0, answer.find("\r\n"));
}

TEST(Limits, BoundTheBodyByApp) {
    app under_test;
    limits values;
    values.body_bytes = 100;
    with_routes(under_test).limit(values);
    client browser(under_test);
    EXPECT_EQ(browser.post("/echo", std::string(100, 'x')).body, "100");
    EXPECT_FALSE(browser.is_closed());
    const reply refused = browser.post("/echo", std::string(101, 'x'));
    EXPECT_EQ(refused.status, 413U);
    EXPECT_EQ(refused.header("Connection"), "close");
    EXPECT_TRUE(browser.is_closed());
}

TEST(Limits, BoundTheBodyByRoute) {
    app under_test;
    limits values;
    values.body_bytes = 100;
    with_routes(under_test).limit(values);
    client browser(under_test);
    EXPECT_EQ(browser.post("/small", std::string(10, 'x')).body, "10");
    EXPECT_EQ(browser.post("/small", std::string(11, 'x')).status, 413U);
    EXPECT_EQ(browser.post("/large", std::string(200, 'x')).body, "200");
    EXPECT_EQ(browser.post("/large", std::string(201, 'x')).status, 413U);
    EXPECT_EQ(browser.post("/nothing", std::string(101, 'x')).status, 413U);
}

TEST(Limits, BoundChunkedBodies) {
    app under_test;
    with_routes(under_test);
    client browser(under_test);
    const std::string head =
        "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_TRUE(browser.send_raw({head, "5\r\nabcde\r\n5\r\nfghij\r\n0\r\n\r\n"}).ends_with("10"));
    EXPECT_EQ(status_line(browser.send_raw({head, "5\r\nabcde\r\n6\r\nfghijk\r\n0\r\n\r\n"})),
              "HTTP/1.1 413 Content Too Large");
}

TEST(Limits, BoundTheTarget) {
    app under_test;
    limits values;
    values.target_bytes = 50;
    with_routes(under_test).limit(values);
    client browser(under_test);
    EXPECT_EQ(browser.get("/" + std::string(49, 'x')).status, 200U);
    EXPECT_EQ(browser.get("/" + std::string(50, 'x')).status, 414U);
}

TEST(Limits, BoundTheHead) {
    app under_test;
    limits values;
    values.header_bytes = 200;
    with_routes(under_test).limit(values);
    client browser(under_test);
    const auto head = [](std::size_t bytes) {
        std::string text = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        text += std::string(bytes - text.size() - 4, 'x');
        return text + "\r\n\r\n";
    };
    EXPECT_EQ(status_line(browser.send_raw({head(200)})), "HTTP/1.1 200 OK");
    EXPECT_EQ(status_line(browser.send_raw({head(201)})),
              "HTTP/1.1 431 Request Header Fields Too Large");
}

TEST(Limits, BoundTheNumberOfFields) {
    app under_test;
    limits values;
    values.header_count = 10;
    with_routes(under_test).limit(values);
    client browser(under_test);
    const auto head = [](int fields) {
        std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (int count = 1; count < fields; ++count) {
            text += "X: y\r\n";
        }
        return text + "\r\n";
    };
    EXPECT_EQ(status_line(browser.send_raw({head(10)})), "HTTP/1.1 200 OK");
    EXPECT_EQ(status_line(browser.send_raw({head(11)})),
              "HTTP/1.1 431 Request Header Fields Too Large");
}

}  // namespace
}  // namespace cloakroom
