// SPDX-License-Identifier: MIT
#include "routing/path.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::routing {
namespace {

using namespace std::string_literals;

std::optional<std::string> decoded(std::string_view raw) {
    std::string storage = "left from before";
    const std::optional<std::string_view> path = decode_path(raw, storage);
    return path ? std::optional{std::string{*path}} : std::nullopt;
}

TEST(Path, IsTheRawOneWhereNothingIsEncoded) {
    std::string storage;
    for (const std::string_view raw : {"", "/", "/a/b", "/a+b", "/\xC3\xA4", "//", "/../a"}) {
        const std::optional<std::string_view> path = decode_path(raw, storage);
        ASSERT_TRUE(path);
        EXPECT_EQ(*path, raw);
        EXPECT_EQ(path->data(), raw.data());  // a view of the same bytes
    }
}

TEST(Path, IsDecodedButForSlashAndPercent) {
    const struct {
        std::string raw;
        std::string path;
    } table[] = {
        {"/%41", "/A"},
        {"/%61b%63", "/abc"},
        {"/%e2%82%AC", "/\xE2\x82\xAC"},
        {"/%20%2B+", "/ ++"},
        {"/%01%7f%ff", "/\x01\x7F\xFF"},
        {"/%2e%2E/", "/../"},
        {"/%3f%23", "/?#"},
        {"%41", "A"},
        {"/%2f", "/%2F"},
        {"/a%2Fb", "/a%2Fb"},
        {"/%25", "/%25"},
        {"/%252F", "/%252F"},
        {"/%25%32%46", "/%252F"},
        {"/%2541", "/%2541"},
        {"/%7Bid%7D", "/{id}"},
    };
    for (const auto& [raw, path] : table) {
        EXPECT_EQ(decoded(raw), path) << raw;
    }
}

TEST(Path, EveryEncodedByteButNulIsKept) {
    for (int byte = 1; byte < 256; ++byte) {
        const char digits[] = "0123456789abcdef";
        const std::string escape = {'%', digits[byte / 16], digits[byte % 16]};
        std::string expected(1, static_cast<char>(byte));
        expected = byte == '/' ? "%2F" : byte == '%' ? "%25" : expected;
        EXPECT_EQ(decoded("/" + escape + "x"), "/" + expected + "x") << escape;
    }
}

TEST(Path, WithAMalformedEscapeIsNone) {
    for (const std::string& raw : {"%"s,
                                   "/%"s,
                                   "/%4"s,
                                   "/%4/"s,
                                   "/%g1"s,
                                   "/%1g"s,
                                   "/%%41"s,
                                   "/% 1"s,
                                   "/%+1"s,
                                   "/%-1"s,
                                   "/%0x"s,
                                   "/ok%41%"s,
                                   "/%41%4"s,
                                   "/%\0001"s,
                                   "/%4\0"s,
                                   "/%:0"s,
                                   "/%@0"s,
                                   "/%`0"s,
                                   "/%/0"s,
                                   "/%G0"s,
                                   "/%\xB1"
                                   "1"s,
                                   "/%\x11"
                                   "1"s}) {
        EXPECT_EQ(decoded(raw), std::nullopt) << ::testing::PrintToString(raw);
    }
}

TEST(Path, WithAnEncodedNulIsNone) {
    EXPECT_EQ(decoded("/%00"), std::nullopt);
    EXPECT_EQ(decoded("/a%00b"), std::nullopt);
}

TEST(PathSegment, LosesTheLastTwoEscapes) {
    const struct {
        std::string_view decoded;
        std::string_view value;
    } table[] = {
        {"", ""},         {"a", "a"},           {"a%2Fb", "a/b"},       {"%25", "%"},
        {"%252F", "%2F"}, {"%2F%25%2F", "/%/"}, {"100%25 /", "100% /"},
    };
    for (const auto& [decoded, value] : table) {
        std::string storage;
        storage.reserve(decoded.size());
        EXPECT_EQ(decode_segment(decoded, storage), value) << decoded;
    }
}

TEST(PathSegment, LeavesTheSegmentsBeforeItValid) {
    const std::vector<std::string_view> segments{"a%2Fb", "", "%25", "plain"};
    std::string storage;
    storage.reserve(20);
    std::vector<std::string_view> values;
    for (const std::string_view each : segments) {
        values.push_back(decode_segment(each, storage));
    }
    EXPECT_EQ(values, (std::vector<std::string_view>{"a/b", "", "%", "plain"}));
}

TEST(PathSegment, UndoesWhatThePathLeft) {
    for (int byte = 1; byte < 256; ++byte) {
        const char digits[] = "0123456789ABCDEF";
        const std::string escape = {'%', digits[byte / 16], digits[byte % 16]};
        std::string storage;
        storage.reserve(10);
        EXPECT_EQ(decode_segment(decoded(escape).value_or("none"), storage),
                  std::string(1, static_cast<char>(byte)))
            << escape;
    }
}

}  // namespace
}  // namespace cloakroom::routing
