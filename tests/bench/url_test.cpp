// SPDX-License-Identifier: MIT
#include "load/url.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace cloakroom::load {
namespace {

TEST(Url, IsCutIntoItsParts) {
    struct parts {
        const char* text;
        const char* host;
        unsigned port;
        const char* authority;
        const char* target;
    };
    for (const parts& each : {
             parts{"http://127.0.0.1:8080/", "127.0.0.1", 8080, "127.0.0.1:8080", "/"},
             parts{"http://localhost", "localhost", 80, "localhost", "/"},
             parts{"HTTP://[::1]:1/a/b?c=d#e", "::1", 1, "[::1]:1", "/a/b?c=d"},
             parts{"http://[fe80::1]", "fe80::1", 80, "[fe80::1]", "/"},
             parts{"http://name?query", "name", 80, "name", "/?query"},
             parts{"http://name:65535#fragment", "name", 65535, "name:65535", "/"},
         }) {
        const url read = parse_url(each.text);
        EXPECT_EQ(read.text, each.text);
        EXPECT_EQ(read.host, each.host) << each.text;
        EXPECT_EQ(read.port, each.port) << each.text;
        EXPECT_EQ(read.authority, each.authority) << each.text;
        EXPECT_EQ(read.target, each.target) << each.text;
    }
}

TEST(Url, SaysWhatIsWrong) {
    struct mistake {
        std::string text;
        const char* says;
    };
    for (const mistake& each : {
             mistake{"", "http://"},
             mistake{"127.0.0.1:8080", "http://"},
             mistake{"https://name/", "no https"},
             mistake{"http://", "no host"},
             mistake{"http:///path", "no host"},
             mistake{"http://:80/", "no host"},
             mistake{"http://[]/", "no host"},
             mistake{"http://[::1/", "lacks a ]"},
             mistake{"http://[::1]x/", "something else than a port"},
             mistake{"http://name:/", "no port"},
             mistake{"http://name:0/", "no port"},
             mistake{"http://name:65536/", "no port"},
             mistake{"http://name:8x/", "no port"},
             mistake{"http://name/a b", "percent-encoded"},
             mistake{"http://name/\r\nX: 1", "percent-encoded"},
             mistake{"http://me:pw@name/", "names a user"},
             mistake{"http://name/" + std::string(8192, 'x'), "8 KiB"},
         }) {
        try {
            parse_url(each.text);
            ADD_FAILURE() << each.text << " is taken";
        } catch (const std::invalid_argument& error) {
            EXPECT_NE(std::string(error.what()).find(each.says), std::string::npos) << error.what();
        }
    }
}

}  // namespace
}  // namespace cloakroom::load
