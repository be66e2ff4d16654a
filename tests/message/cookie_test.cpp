// SPDX-License-Identifier: MIT
#include <cloakroom/cookie.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {
namespace {

/// The sentence of the refusal; empty if there was none.
std::string refusal(const cookie& value) {
    try {
        static_cast<void>(to_string(value));
        return {};
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

cookie named(std::string name) {
    return {.name = std::move(name), .value = "v"};
}

TEST(Cookie, IsSafeByDefault) {
    EXPECT_EQ(to_string({.name = "id", .value = "a1"}),
              "id=a1; Path=/; Secure; HttpOnly; SameSite=Lax");
}

TEST(Cookie, WritesEveryAttribute) {
    EXPECT_EQ(to_string({.name = "id",
                         .value = "",
                         .path = "/a b",
                         .domain = "example.com",
                         .max_age = std::chrono::hours{1},
                         .secure = true,
                         .http_only = false,
                         .same_site = same_site::none}),
              "id=; Max-Age=3600; Path=/a b; Domain=example.com; Secure; SameSite=None");
    EXPECT_EQ(to_string({.name = "id",
                         .value = "v",
                         .path = "",
                         .max_age = std::chrono::seconds{0},
                         .secure = false,
                         .http_only = false,
                         .same_site = same_site::strict}),
              "id=v; Max-Age=0; SameSite=Strict");
}

TEST(Cookie, WritesAnyMaxAge) {
    cookie value = named("id");
    value.max_age = std::chrono::seconds::min();
    EXPECT_NE(to_string(value).find("Max-Age=-9223372036854775808;"), std::string::npos);
}

TEST(Cookie, RefusesNamesThatAreNoTokens) {
    for (const std::string_view name : {"", "a b", "a=b", "a;b", "a\r\n", "\xC3\xA4"}) {
        EXPECT_TRUE(refusal(named(std::string{name})).ends_with(": the name has to be a token"))
            << name;
    }
    EXPECT_EQ(refusal(named("a b")), "cloakroom: cookie \"a b\": the name has to be a token");
}

TEST(Cookie, TakesCookieOctetsAlone) {
    const std::string_view others = "\",;\\";
    for (int byte = 0; byte < 256; ++byte) {
        const char character = static_cast<char>(byte);
        const bool is_legal =
            byte > 0x20 && byte < 0x7F && others.find(character) == std::string_view::npos;
        cookie value = named("id");
        value.value = std::string(1, character);
        EXPECT_EQ(refusal(value).empty(), is_legal) << byte;
    }
    cookie value = named("id");
    value.value = "a b";
    EXPECT_EQ(refusal(value),
              "cloakroom: cookie \"id\": the value has a character beyond printable ASCII, or one "
              "of \" , ; \\ and space; encode it, for example with percent_encoded()");
}

TEST(Cookie, RefusesPathsThatABrowserWouldIgnore) {
    cookie value = named("id");
    for (const std::string_view path : {"a", "a/b", "/;", "/\r\n", "/\x7F", "/\xC3\xA4"}) {
        value.path = path;
        EXPECT_EQ(refusal(value),
                  "cloakroom: cookie \"id\": the path has to begin with /, to be ASCII without ; "
                  "and control characters, and to be no longer than 1024 bytes");
    }
    value.path = "/" + std::string(1023, 'a');
    EXPECT_EQ(refusal(value), "");
    value.path += 'a';
    EXPECT_NE(refusal(value), "");
}

TEST(Cookie, RefusesDomainsThatAreNoHosts) {
    cookie value = named("id");
    for (const std::string_view domain :
         {"example.com:8080", "a;b", "a b", ".", "example.com.", "a\r\n", "[::1]", "\xC3\xA4.de"}) {
        value.domain = domain;
        EXPECT_EQ(refusal(value),
                  "cloakroom: cookie \"id\": the domain has to be a host name without a port");
    }
    value.domain = std::string(1024, 'a');
    EXPECT_EQ(refusal(value), "");
    value.domain += 'a';
    EXPECT_NE(refusal(value), "");
}

TEST(Cookie, SameSiteNoneNeedsSecure) {
    cookie value = named("id");
    value.same_site = same_site::none;
    EXPECT_EQ(refusal(value), "");
    value.secure = false;
    EXPECT_EQ(refusal(value), "cloakroom: cookie \"id\": SameSite=None needs Secure");
}

TEST(Cookie, SecurePrefixNeedsSecure) {
    for (const std::string name : {"__Secure-id", "__secure-id"}) {
        cookie value = named(name);
        EXPECT_EQ(refusal(value), "");
        value.secure = false;
        EXPECT_EQ(refusal(value),
                  "cloakroom: cookie \"" + name + "\": the prefix __Secure- needs Secure");
    }
}

TEST(Cookie, HostPrefixNeedsSecureTheRootAndNoDomain) {
    for (const std::string name : {"__Host-id", "__HOST-id"}) {
        const std::string sentence =
            "cloakroom: cookie \"" + name +
            "\": the prefix __Host- needs Secure, the path / and no domain";
        cookie value = named(name);
        EXPECT_EQ(refusal(value), "");
        value.path = "/a";
        EXPECT_EQ(refusal(value), sentence);
        value.path = "";
        EXPECT_EQ(refusal(value), sentence);
        value = named(name);
        value.domain = "example.com";
        EXPECT_EQ(refusal(value), sentence);
        value = named(name);
        value.secure = false;
        EXPECT_EQ(refusal(value), sentence);
    }
}

TEST(Cookie, NameAndValueHaveALimit) {
    cookie value = named("id");
    value.value = std::string(4094, 'a');
    EXPECT_EQ(refusal(value), "");
    value.value += 'a';
    EXPECT_EQ(refusal(value),
              "cloakroom: cookie \"id\": name and value are longer than 4096 bytes, and browsers "
              "would drop it");
}

}  // namespace
}  // namespace cloakroom
