// SPDX-License-Identifier: MIT
#include "load/request_text.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace cloakroom::load {
namespace {

const url where = parse_url("http://example.test:81/path?a=b");

TEST(RequestText, IsAGetWithTheHost) {
    EXPECT_EQ(request_text(where, {}).with({}),
              "GET /path?a=b HTTP/1.1\r\nHost: example.test:81\r\n\r\n");
}

TEST(RequestText, HasTheCookiesOfTheMoment) {
    EXPECT_EQ(request_text(where, {}).with("a=1; b=2"),
              "GET /path?a=b HTTP/1.1\r\nHost: example.test:81\r\nCookie: a=1; b=2\r\n\r\n");
}

TEST(RequestText, PostsContent) {
    message posted;
    posted.is_post = true;
    posted.content = "{\"a\":1}";
    EXPECT_EQ(request_text(where, posted).with({}),
              "POST /path?a=b HTTP/1.1\r\nHost: example.test:81\r\n"
              "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}");

    posted.content.clear();
    EXPECT_NE(request_text(where, posted).with({}).find("Content-Length: 0\r\n\r\n"),
              std::string::npos);
}

TEST(RequestText, LetsAFieldTakeThePlaceOfItsOwn) {
    message other;
    other.is_post = true;
    other.fields = {"host: elsewhere", "CONTENT-TYPE: text/plain", "X-Other:1"};
    EXPECT_EQ(request_text(where, other).with({}),
              "POST /path?a=b HTTP/1.1\r\nhost: elsewhere\r\nCONTENT-TYPE: text/plain\r\n"
              "X-Other:1\r\nContent-Length: 0\r\n\r\n");
}

TEST(RequestText, RefusesFieldsThatAreNone) {
    for (const char* field : {"", "no colon", ": no name", "a b: space", "A: line\r\nB: break",
                              "A: \x01", "Content-Length: 1", "transfer-encoding: chunked"}) {
        message wrong;
        wrong.fields = {field};
        EXPECT_THROW(request_text(where, wrong), std::invalid_argument) << field;
    }
}

}  // namespace
}  // namespace cloakroom::load
