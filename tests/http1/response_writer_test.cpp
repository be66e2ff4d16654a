// SPDX-License-Identifier: MIT
#include "http1/response_writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace cloakroom::http1 {
namespace {

constexpr std::string_view date = "Sun, 06 Nov 1994 08:49:37 GMT";

std::string head_of(const response& made, const response_context& context) {
    std::string out = "before";
    static_cast<void>(write_head(out, made, context));
    return out;
}

// Usual heads are put together in a place of bounded size, others piece by piece.
TEST(ResponseWriter, WritesFieldsOfAnyLength) {
    for (std::size_t bytes = 0; bytes < 600; ++bytes) {
        const std::string value(bytes, 'v');
        response made;
        made.set("A", value).body(std::string(bytes, 'b'));
        EXPECT_EQ(head_of(made, {.date = date}),
                  "beforeHTTP/1.1 200 OK\r\nDate: " + std::string(date) + "\r\nA: " + value +
                      "\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n");
    }
}

TEST(ResponseWriter, WritesEveryStatus) {
    for (std::uint16_t code = 200; code < 600; ++code) {
        const auto value = static_cast<status>(code);
        if (value == status::no_content || value == status::not_modified) {
            continue;
        }
        response made;
        made.status(value);
        const std::string line =
            "HTTP/1.1 " + std::to_string(code) + " " + std::string(reason_phrase(value)) + "\r\n";
        EXPECT_EQ(head_of(made, {.date = date}),
                  "before" + line + "Date: " + std::string(date) + "\r\nContent-Length: 0\r\n\r\n");
    }
}

TEST(ResponseWriter, WritesWhatIsNotUsual) {
    response made;
    EXPECT_EQ(head_of(made, {.keeps_alive = false, .date = date}),
              "beforeHTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Connection: close\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(head_of(made, {.minor_version = 0, .date = date}),
              "beforeHTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Connection: keep-alive\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(head_of(made, {.date = "today"}),
              "beforeHTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 0\r\n\r\n");
    made.status(status::created);
    EXPECT_EQ(head_of(made, {.date = date}),
              "beforeHTTP/1.1 201 Created\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Content-Length: 0\r\n\r\n");
    made.status(status::no_content);
    EXPECT_EQ(head_of(made, {.date = date}),
              "beforeHTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
}

TEST(ResponseWriter, GivesTheContentButAfterHead) {
    response made;
    made.body("content");
    std::string out;
    EXPECT_EQ(write_head(out, made, {.date = date}), "content");
    EXPECT_EQ(write_head(out, made, {.request_method = method::head, .date = date}), "");
    EXPECT_TRUE(out.ends_with("Content-Length: 7\r\n\r\n"));
}

}  // namespace
}  // namespace cloakroom::http1
