// SPDX-License-Identifier: MIT
#include "http1/request_target.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::http1 {
namespace {

using namespace std::string_view_literals;

struct split_result {
    bool is_fine;
    request::parts parts;
};

split_result split(std::string_view target, method verb = method::get) {
    split_result result{};
    result.parts.method = verb;
    result.parts.target = target;
    const std::string_view complaint = split_target(result.parts);
    result.is_fine = complaint.empty();
    return result;
}

TEST(RequestTarget, SplitsWhatAnOriginServerTakes) {
    struct accepted {
        std::string_view target;
        std::string_view path;
        std::string_view query;
        std::string_view host;
    };
    const std::vector<accepted> table{
        // RFC 9112 section 3.2.1: origin-form
        {"/", "/", "", ""},
        {"/a/b", "/a/b", "", ""},
        {"/?", "/", "", ""},
        {"/a?b=c&d", "/a", "b=c&d", ""},
        {"/a?b?c", "/a", "b?c", ""},
        {"/%00%2F%zz", "/%00%2F%zz", "", ""},  // whoever decodes it judges it
        {"//a//b", "//a//b", "", ""},
        {"/../a", "/../a", "", ""},
        {"/http://a/", "/http://a/", "", ""},
        {"/a|b\"<>^`{}\\", "/a|b\"<>^`{}\\", "", ""},
        {"/*", "/*", "", ""},
        // RFC 9112 section 3.2.2: absolute-form
        {"http://a", "/", "", "a"},
        {"http://a/", "/", "", "a"},
        {"http://a?b", "/", "b", "a"},
        {"http://a?b/c", "/", "b/c", "a"},
        {"http://a:80/b?c", "/b", "c", "a:80"},
        {"HTTPS://[::1]:443/b", "/b", "", "[::1]:443"},
        {"hTTp://a/http://b", "/http://b", "", "a"},
        {"http://a/b@c", "/b@c", "", "a"},
    };
    for (const accepted& each : table) {
        const split_result result = split(each.target);
        EXPECT_TRUE(result.is_fine) << each.target;
        EXPECT_EQ(result.parts.path, each.path) << each.target;
        EXPECT_EQ(result.parts.query, each.query) << each.target;
        EXPECT_EQ(result.parts.host, each.host) << each.target;
    }
}

TEST(RequestTarget, RefusesEverythingElse) {
    const std::vector<std::string_view> table{
        // RFC 9112 section 3.2: none of the forms
        "",
        "a",
        "a/b",
        "?a",
        "example.com:443",
        "ftp://a/",
        "http:/a",
        "http:a",
        "http",
        "httpx://a/",
        "://a/",
        "*",
        "*/",
        "**",
        // RFC 9110 sections 4.2.1 and 4.2.4: a host, and no userinfo
        "http://",
        "http:///a",
        "http://?a",
        "http://u@a/",
        "http://u:p@a/",
        "http://@a/",
        "http://a:99999/",
        "http://a:b/",
        "http://[::1/",
        "http://a\\b/",
        // RFC 3986 section 2: no fragment, no blanks, no controls, nothing beyond ASCII
        "/#a",
        "/a?b#c",
        "http://a#b",
        "/a b",
        "/a\tb",
        "/a\0b"sv,
        "/a\x7F",
        "/\xC3\xA9",
        "/?\xFF",
    };
    for (const std::string_view target : table) {
        EXPECT_FALSE(split(target).is_fine) << target;
    }
}

// RFC 9112 section 3.2.4.
TEST(RequestTarget, TakesAnAsteriskForOptions) {
    const split_result result = split("*", method::options);
    EXPECT_TRUE(result.is_fine);
    EXPECT_EQ(result.parts.path, "*");
    EXPECT_FALSE(split("*?a", method::options).is_fine);
    EXPECT_FALSE(split("**", method::options).is_fine);
}

TEST(RequestTarget, FindsABadByteWhereverItIs) {
    for (std::size_t bytes = 1; bytes < 70; ++bytes) {
        for (std::size_t bad = 0; bad < bytes; ++bad) {
            std::string target(bytes + 1, '/');
            EXPECT_TRUE(split(target).is_fine);
            target[bad + 1] = '#';
            EXPECT_FALSE(split(target).is_fine) << bytes << ' ' << bad;
        }
    }
}

// Lengths on both sides of what is read in one step; a second query's mark is part of the query.
TEST(RequestTarget, JudgesEveryByteWhereverItIs) {
    struct beginning {
        std::string_view text;
        std::size_t path;
    };
    for (const beginning& before : {beginning{"/", 0}, {"/?", 0}, {"http://a/", 8}}) {
        for (std::size_t size = 1; size < 36; ++size) {
            for (std::size_t place = 0; place < size; ++place) {
                for (int byte = 0; byte < 256; ++byte) {
                    std::string rest(size, 'a');
                    rest[place] = static_cast<char>(byte);
                    const std::string target = std::string(before.text) + rest;
                    const split_result result = split(target);
                    ASSERT_EQ(result.is_fine, byte > 0x20 && byte < 0x7F && byte != '#') << target;
                    if (result.is_fine) {
                        const std::string text = target.substr(before.path);
                        const std::size_t mark = std::min(text.find('?'), text.size());
                        ASSERT_EQ(result.parts.path, text.substr(0, mark));
                        ASSERT_EQ(result.parts.query, text.substr(std::min(mark + 1, text.size())));
                    }
                }
            }
        }
    }
}

}  // namespace
}  // namespace cloakroom::http1
