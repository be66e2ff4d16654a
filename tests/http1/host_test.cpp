// SPDX-License-Identifier: MIT
#include "http1/host.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cloakroom::http1 {
namespace {

using namespace std::string_view_literals;

// RFC 3986 section 3.2.2 and 3.2.3.
TEST(Host, TakesNamesAndAddresses) {
    for (const std::string_view text : {"a",
                                        "localhost",
                                        "example.com",
                                        "EXAMPLE.com.",
                                        "xn--nxasmq6b.example",
                                        "a_b",
                                        "a-b.c~d",
                                        "1.2.3.4",
                                        "127.0.0.1:8080",
                                        "a:0",
                                        "a:65535",
                                        "a:0080",
                                        "a:",
                                        "%41b%C3%A9",
                                        "a!$&'()*+,;=",
                                        "[::]",
                                        "[::1]:8080",
                                        "[2001:db8::1]",
                                        "[::ffff:1.2.3.4]:1",
                                        "[::1]:",
                                        "[0000:1111:2222:3333:4444:5555:6666:7777]"}) {
        EXPECT_TRUE(is_host_and_port(text)) << text;
    }
}

TEST(Host, RefusesEverythingElse) {
    for (const std::string_view text :
         {""sv,
          ":"sv,
          ":80"sv,
          "a:65536"sv,
          "a:99999999999999999999"sv,
          "a:-1"sv,
          "a:+1"sv,
          "a:8a"sv,
          "a:80:80"sv,
          "a: 80"sv,
          "a b"sv,
          "a\tb"sv,
          "a/b"sv,
          "/"sv,
          "a?b"sv,
          "a#b"sv,
          "u@a"sv,
          "a\\b"sv,
          "a<b"sv,
          "\"a\""sv,
          "%"sv,
          "%4"sv,
          "%4g"sv,
          "a%"sv,
          "a\0b"sv,
          "\xC3\xA9"sv,
          "a\x7F"sv,
          "::1"sv,
          "["sv,
          "[]"sv,
          "[::1"sv,
          "::1]"sv,
          "[::1]a"sv,
          "[::1]:65536"sv,
          "[1.2.3.4]"sv,
          "[::g]"sv,
          "[::1%25eth0]"sv,
          "[::1%eth0]"sv,
          "[v1.a]"sv,
          "[::1\0]"sv,
          "[1:2:3:4:5:6:7:8:9]"sv,
          "[::1]]"sv,
          "a[::1]"sv,
          "a]"sv,
          "[0000:1111:2222:3333:4444:5555:6666:7777:0000:1111:2222:3333]"sv}) {
        EXPECT_FALSE(is_host_and_port(text)) << text;
    }
}

// RFC 3986 sections 2.2 and 2.3, without the escapes.
bool is_name_character(char character) {
    constexpr std::string_view others = "-._~!$&'()*+,;=";
    return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
           (character >= 'a' && character <= 'z') ||
           (character != '\0' && others.find(character) != std::string_view::npos);
}

// Lengths on both sides of what is read in one step.
TEST(Host, TakesNoOtherByteAnywhereInAName) {
    for (std::size_t size = 2; size < 20; ++size) {
        for (std::size_t place = 0; place + 1 < size; ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(size, 'g');
                text[place] = static_cast<char>(byte);
                // What follows a colon is no port, and what follows a percent sign no escape.
                ASSERT_EQ(is_host_and_port(text), is_name_character(text[place])) << text;
            }
        }
    }
}

TEST(Host, TakesEscapesAnywhereInAName) {
    for (std::size_t before = 0; before < 10; ++before) {
        for (std::size_t behind = 0; behind < 10; ++behind) {
            const std::string name = std::string(before, 'a') + "%C3%a9" + std::string(behind, 'b');
            EXPECT_TRUE(is_host_and_port(name)) << name;
            EXPECT_TRUE(is_host_and_port(name + ":80")) << name;
            EXPECT_FALSE(is_host_and_port(name + "%")) << name;
            EXPECT_FALSE(is_host_and_port(name + "%C")) << name;
        }
    }
}

TEST(Host, TakesDigitsOnlyInAPort) {
    for (std::size_t size = 1; size < 12; ++size) {
        for (std::size_t place = 0; place < size; ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string port(size, '0');
                port[place] = static_cast<char>(byte);
                const bool is_digit = byte >= '0' && byte <= '9';
                const bool is_small = !is_digit || std::stoul(port) <= 65'535;
                ASSERT_EQ(is_host_and_port("a:" + port), is_digit && is_small) << port;
            }
        }
    }
}

TEST(Host, TakesPortsUpToTheHighest) {
    for (unsigned port = 0; port < 140'000; ++port) {
        ASSERT_EQ(is_host_and_port("a:" + std::to_string(port)), port <= 65'535) << port;
    }
}

TEST(HostCheck, SaysOfEveryTextWhatIsHostAndPortSaysWhateverItSaidBefore) {
    const std::string sixty_four(64, 'a');
    const std::string longer(65, 'a');
    const std::string_view texts[] = {"",     "a",     "b",        "a:80",     "a:8",   "a:80x",
                                      "a:80", "a:800", "a:999999", sixty_four, longer,  "[::1]",
                                      "[::1", "a/b",   "a",        longer,     "a:80",  "\0"sv,
                                      "a",    "a\0"sv, sixty_four, "a b",      "a:80 ", "a:80"};
    for (const std::string_view before : texts) {
        for (const std::string_view text : texts) {
            host_check is_host;
            EXPECT_EQ(is_host(before), is_host_and_port(before)) << before;
            EXPECT_EQ(is_host(text), is_host_and_port(text)) << before << ", then " << text;
            EXPECT_EQ(is_host(before), is_host_and_port(before)) << text << ", then " << before;
        }
    }
}

}  // namespace
}  // namespace cloakroom::http1
