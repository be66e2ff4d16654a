// SPDX-License-Identifier: MIT
#include "redis/server_address.hpp"

#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::redis {
namespace {

using addresses = std::vector<server_address>;

// What is wrong with a URL; empty when nothing is.
std::string address_refusal(std::string_view url) {
    try {
        static_cast<void>(server_url::parse(url));
        return {};
    } catch (const setup_error& error) {
        return error.what();
    }
}

TEST(ServerUrl, NamesHostAndPort) {
    const server_url url = server_url::parse("redis://10.0.0.5:6380");
    EXPECT_EQ(url.servers, (addresses{{.host = "10.0.0.5", .port = 6380}}));
    EXPECT_FALSE(url.uses_tls);
    EXPECT_EQ(url.master, "");
    EXPECT_EQ(url.user, "");
    EXPECT_EQ(url.password, "");
    EXPECT_EQ(url.prefix, "");
    EXPECT_EQ(url.ca_file, "");
    EXPECT_EQ(url.database, 0U);
}

TEST(ServerUrl, TakesTheUsualPortWhereNoneIsNamed) {
    for (const char* const text : {"redis://cache", "redis://cache/", "redis://cache?prefix=a:"}) {
        EXPECT_EQ(server_url::parse(text).servers, (addresses{{.host = "cache", .port = 6379}}))
            << text;
    }
    EXPECT_EQ(server_url::parse("redis+sentinel://watch/main").servers,
              (addresses{{.host = "watch", .port = 26379}}));
}

TEST(ServerUrl, NamesSeveralServers) {
    EXPECT_EQ(
        server_url::parse("redis://a:1,b,[::1]:3").servers,
        (addresses{
            {.host = "a", .port = 1}, {.host = "b", .port = 6379}, {.host = "::1", .port = 3}}));
}

TEST(ServerUrl, TakesIpv6InBrackets) {
    EXPECT_EQ(server_url::parse("redis://[fe80::1]").servers,
              (addresses{{.host = "fe80::1", .port = 6379}}));
    EXPECT_EQ(server_url::parse("redis://u:p@[::1]:7000/2").servers,
              (addresses{{.host = "::1", .port = 7000}}));
}

TEST(ServerUrl, NamesUserAndPassword) {
    const server_url url = server_url::parse("redis://app:secret@host");
    EXPECT_EQ(url.user, "app");
    EXPECT_EQ(url.password, "secret");
    const server_url anonymous = server_url::parse("redis://:secret@host");
    EXPECT_EQ(anonymous.user, "");
    EXPECT_EQ(anonymous.password, "secret");
}

TEST(ServerUrl, DecodesUserPasswordAndValues) {
    const server_url url = server_url::parse(
        "redis://a%3Ab:%40%2F%3f%25%00@host?prefix=shop%26co:&ca_file=/etc/my%20ca.pem");
    EXPECT_EQ(url.user, "a:b");
    EXPECT_EQ(url.password, (std::string{"@/?%\0", 5}));
    EXPECT_EQ(url.prefix, "shop&co:");
    EXPECT_EQ(url.ca_file, "/etc/my ca.pem");
}

TEST(ServerUrl, TakesAnAtAndAColonInAPasswordAsTheyAre) {
    const server_url url = server_url::parse("redis://app:p@ss:word@host");
    EXPECT_EQ(url.password, "p@ss:word");
    EXPECT_EQ(url.servers.front().host, "host");
}

TEST(ServerUrl, NamesTheDatabaseInThePathOrTheParameters) {
    EXPECT_EQ(server_url::parse("redis://host/15").database, 15U);
    EXPECT_EQ(server_url::parse("redis://host?database=3").database, 3U);
    EXPECT_EQ(server_url::parse("redis://host/15?database=3").database, 3U);
    EXPECT_EQ(server_url::parse("unix:///run/redis.sock?database=3").database, 3U);
}

TEST(ServerUrl, EncryptsUnderASchemeWithTwoS) {
    EXPECT_TRUE(server_url::parse("rediss://host").uses_tls);
    EXPECT_TRUE(server_url::parse("rediss+sentinel://host/main").uses_tls);
    EXPECT_FALSE(server_url::parse("redis+sentinel://host/main").uses_tls);
}

TEST(ServerUrl, NamesASocketFile) {
    const server_url url = server_url::parse("unix://app:secret@/run/my%20redis.sock?prefix=a:");
    EXPECT_EQ(url.servers, (addresses{{.path = "/run/my redis.sock"}}));
    EXPECT_EQ(url.user, "app");
    EXPECT_EQ(url.password, "secret");
    EXPECT_EQ(url.prefix, "a:");
    EXPECT_FALSE(url.uses_tls);
}

TEST(ServerUrl, NamesTheMasterThatSentinelKnows) {
    const server_url url = server_url::parse("redis+sentinel://:pw@s1,s2:5000/my%2Fmaster/4");
    EXPECT_EQ(url.servers,
              (addresses{{.host = "s1", .port = 26379}, {.host = "s2", .port = 5000}}));
    EXPECT_EQ(url.master, "my/master");
    EXPECT_EQ(url.database, 4U);
    EXPECT_EQ(url.password, "pw");
}

TEST(ServerUrl, RefusesWhatItIsNot) {
    constexpr std::string_view scheme =
        "the URL of Redis begins with redis://, rediss://, unix://, redis+sentinel:// or "
        "rediss+sentinel://";
    constexpr std::string_view no_server =
        "the URL of Redis names no server: write redis://127.0.0.1:6379";
    constexpr std::string_view bad_server =
        "the URL of Redis names a server that is none: write host:port, or [address]:port for IPv6";
    constexpr std::string_view no_password =
        "the URL of Redis names a user without a password: write user:password@, or :password@";
    constexpr std::string_view no_path =
        "the URL of Redis has no path of a socket: write unix:///run/redis/redis.sock";
    constexpr std::string_view no_master =
        "the URL of Redis names no master: write redis+sentinel://host:26379/mymaster";
    constexpr std::string_view no_number = "the URL of Redis names a database that is no number";
    constexpr std::string_view no_digits =
        "the URL of Redis has a \"%\" without two hexadecimal digits behind it";
    constexpr std::string_view parameter =
        "the URL of Redis has an unknown parameter; known are database, prefix and ca_file (a "
        "\"?\" in a password is written %3F)";
    struct refused {
        std::string_view url;
        std::string_view why;
    };
    const refused table[] = {
        {"", scheme},
        {"host:6379", scheme},
        {"http://host", scheme},
        {"Redis://host", scheme},
        {"redisss://host", scheme},
        {"unix+sentinel:///a", scheme},
        {"+sentinel://host/main", scheme},
        {"redis://", no_server},
        {"redis:///2", no_server},
        {"redis://:pw@", no_server},
        {"redis+sentinel:///main", no_server},
        {"redis://host:", bad_server},
        {"redis://host:x", bad_server},
        {"redis://host:-1", bad_server},
        {"redis://host:0", bad_server},
        {"redis://host:65536", bad_server},
        {"redis://host:6379x", bad_server},
        {"redis://:6379", bad_server},
        {"redis://a,,b", bad_server},
        {"redis://,a", bad_server},
        {"redis://::1", bad_server},
        {"redis://fe80::1:6379", bad_server},
        {"redis://a:b:6379", bad_server},
        {"redis://[::1", bad_server},
        {"redis://[::1:6379", bad_server},
        {"redis://::1]:6379", bad_server},
        {"redis://[]", bad_server},
        {"redis://[]:6379", bad_server},
        {"redis://[::1]6379", bad_server},
        {"redis://user@host", no_password},
        {"redis://user:@host", no_password},
        {"redis://:@host", no_password},
        {"redis://@host", no_password},
        {"unix://", no_path},
        {"unix:///", no_path},
        {"unix://run/redis.sock", no_path},
        {"redis+sentinel://host", no_master},
        {"redis+sentinel://host/", no_master},
        {"redis+sentinel://host//2", no_master},
        {"redis://host/x", no_number},
        {"redis://host/-1", no_number},
        {"redis://host/1x", no_number},
        {"redis://host/1/2", no_number},
        {"redis://host/4294967296", no_number},
        {"redis://host?database=one", no_number},
        {"redis+sentinel://host/main/x", no_number},
        {"redis://:%@host", no_digits},
        {"redis://:%4@host", no_digits},
        {"redis://:%4g@host", no_digits},
        {"redis://:%-1@host", no_digits},
        {"redis://host?prefix=%", no_digits},
        {"redis://host?timeout=3", parameter},
        {"redis://host?prefix", ""},
        {"redis://host?=a", parameter},
    };
    for (const refused& each : table) {
        EXPECT_EQ(address_refusal(each.url), each.why) << each.url;
    }
}

TEST(ServerUrl, NeverShowsAPassword) {
    for (const char* const url :
         {"http://:hunter2@host", "hunter2", "redis://:hunter2@", "redis://:hunter2@host:x",
          "redis://:hunter2@host/x", "redis://:hunter2@host?x=1", "redis://:%hunter2@host",
          "redis://app:hunter2", "redis://:a/hunter2@host", "redis://:a?hunter2@host",
          "redis://:a?hunter2=1@host", "unix://:hunter2@", "redis+sentinel://:hunter2@host"}) {
        const std::string why = address_refusal(url);
        EXPECT_NE(why, "") << url;
        EXPECT_EQ(why.find("hunter2"), std::string::npos) << why;
    }
}

TEST(ServerAddress, IsShownAsItIsWritten) {
    EXPECT_EQ((server_address{.host = "host", .port = 1}.text()), "host:1");
    EXPECT_EQ((server_address{.host = "::1", .port = 1}.text()), "[::1]:1");
    EXPECT_EQ(server_address{.path = "/run/a.sock"}.text(), "/run/a.sock");
}

TEST(ServerAddress, IsReadFromARedirection) {
    struct redirection {
        std::string_view text;
        server_address to;
    };
    const redirection table[] = {{"127.0.0.1:6381", {.host = "127.0.0.1", .port = 6381}},
                                 {"::1:6381", {.host = "::1", .port = 6381}},
                                 {"[::1]:6381", {.host = "::1", .port = 6381}},
                                 {"node.example:1", {.host = "node.example", .port = 1}}};
    for (const redirection& each : table) {
        server_address into;
        ASSERT_TRUE(parse_address(each.text, into)) << each.text;
        EXPECT_EQ(into, each.to) << each.text;
    }
    for (const char* const text : {"", ":", "host", "host:", ":1", "host:0", "host:65536",
                                   "host:1x", "host:-1", "[]:1", "host: 1"}) {
        server_address into;
        EXPECT_FALSE(parse_address(text, into)) << text;
    }
}

}  // namespace
}  // namespace cloakroom::redis
