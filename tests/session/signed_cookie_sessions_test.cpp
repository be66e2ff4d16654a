// SPDX-License-Identifier: MIT
// What is peculiar to the signed ones; the rest is in cookie_sessions_test and cookie_forgery_test.
#include "cookie_fixture.hpp"
#include "session/base64url.hpp"

namespace cloakroom {
namespace {

std::unique_ptr<session_store> signed_store() {
    return prepared(signed_cookie_sessions({.secret = secret}));
}

// 1 + 4 + 13 + 32 bytes and the 8 of the values, in base64url.
TEST(SignedCookieSessions, MakeShortCookies) {
    EXPECT_EQ(insert(*signed_store(), record_with("count", "7")).size(), 78U);
}

// The format is a promise to cookies that are out: a change needs another format number. Computed
// from the description of the format with Python's hmac and base64.
TEST(SignedCookieSessions, KeepTheirFormat) {
    const std::string cookie = insert(*signed_store(), record_with("count", "7"));
    std::string bytes(base64url_decoded_size(cookie.size()), '\0');
    ASSERT_TRUE(base64url_decode(cookie, bytes.data()));
    EXPECT_EQ(bytes[0], 1);
    using namespace std::string_literals;
    EXPECT_EQ(bytes.substr(5, 21),
              "\0\x6B\x49\xD2\0"s  // issued
              "\0"s                // used in the same second
              "\xA0\x38"           // idle 3,600 seconds after that
              "\x80\xC6\x0A"       // over 86,400 seconds after the issue
              "\0\0"s              // neither owner nor label
              "\x05"
              "count\x01"
              "7"s);
    EXPECT_EQ(cookie,
              "ATEZSzEAa0nSAACgOIDGCgAABWNvdW50ATfNkcG9TJNrMb_NN4HlXEtkaDGp2WGs0b-mSrFi5bmmdw");
}

TEST(SignedCookieSessions, PromiseNothingTheyCannotDo) {
    EXPECT_EQ(signed_store()->capabilities(), session_capabilities{});
}

}  // namespace
}  // namespace cloakroom
