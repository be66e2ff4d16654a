// SPDX-License-Identifier: MIT
// router::files(): what clients that have a file already, or a part of it, are answered.
#include "scratch_directory.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/testing/client.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <cstddef>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

using testing::client;
using testing::reply;
using fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view content = "0123456789";

class StaticFileVersions : public ::testing::Test {
protected:
    StaticFileVersions() {
        scratch.write("file.txt", content);
        under_test.log([](std::string_view) {});
        // Far enough ahead of the files that their tags are strong.
        under_test.sessions(
            memory_sessions(), {.clock = [this] {
                return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) +
                       ahead;
            }});
        under_test.files("/", scratch.path());
        browser.emplace(under_test);
    }

    reply get(fields with, std::string_view target = "/file.txt", method verb = method::get) {
        return browser->send(verb, target, {}, std::move(with));
    }

    void touch(std::time_t seconds, long nanoseconds) const {
        const timespec times[]{{0, UTIME_OMIT}, {seconds, nanoseconds}};
        ASSERT_EQ(::utimensat(AT_FDCWD, scratch.of("file.txt").c_str(), times, 0), 0);
    }

    std::chrono::seconds ahead{3'600};
    scratch_directory scratch;
    app under_test;
    std::optional<client> browser;
};

TEST_F(StaticFileVersions, AreNotSentAgain) {
    const reply first = get({});
    const std::string tag = first.header("ETag");
    EXPECT_EQ(tag.size(), 18U);
    for (const fields& with :
         {fields{{"If-None-Match", tag}}, fields{{"If-None-Match", "\"x\", W/" + tag}},
          fields{{"If-None-Match", "*"}},
          fields{{"If-Modified-Since", first.header("Last-Modified")}},
          fields{{"If-None-Match", tag}, {"Range", "bytes=0-1"}}}) {
        const reply again = get(with);
        EXPECT_EQ(again.status, 304U);
        EXPECT_EQ(again.body, "");
        EXPECT_EQ(again.header("ETag"), tag);
        EXPECT_EQ(again.header("Cache-Control"), "no-cache");
        EXPECT_EQ(again.header("Content-Type"), "");
        EXPECT_EQ(again.header("Content-Length"), "");
    }
    EXPECT_EQ(get({{"If-None-Match", tag}}, "/file.txt", method::head).status, 304U);
    EXPECT_EQ(get({{"If-None-Match", "\"x\""}}).body, content);
}

TEST_F(StaticFileVersions, DifferInTheirTags) {
    touch(1'000'000'000, 1);
    const std::string first = get({}).header("ETag");
    EXPECT_EQ(get({}).header("ETag"), first);
    EXPECT_EQ(get({}).header("Last-Modified"), "Sun, 09 Sep 2001 01:46:40 GMT");

    touch(1'000'000'000, 2);  // within the same second
    const std::string second = get({}).header("ETag");
    EXPECT_NE(second, first);

    scratch.write("other.txt", "abcdefghij");  // the same size, and the same time
    std::filesystem::rename(scratch.of("other.txt"), scratch.of("file.txt"));
    touch(1'000'000'000, 2);
    EXPECT_NE(get({}).header("ETag"), second);
    EXPECT_EQ(get({{"If-None-Match", second}}).body, "abcdefghij");
}

// Two changes within the resolution of the file system's clock have the same tag.
TEST_F(StaticFileVersions, AreTaggedWeaklySoonAfterAChange) {
    const std::string strong = get({}).header("ETag");
    ahead = std::chrono::seconds{-2};
    const std::string weak = get({}).header("ETag");
    ahead = std::chrono::seconds{3'600};
    EXPECT_EQ(weak, "W/" + strong);
    EXPECT_EQ(get({{"If-None-Match", weak}}).status, 304U);
    EXPECT_EQ(get({{"If-Range", weak}, {"Range", "bytes=0-1"}}).status, 200U);
}

TEST_F(StaticFileVersions, OfTheFutureAreOfNow) {
    touch(4'000'000'000, 0);
    const std::string modified = get({}).header("Last-Modified");
    EXPECT_EQ(modified.find("2096"), std::string::npos) << modified;
    touch(-1'000'000'000, 0);
    EXPECT_EQ(get({}).header("Last-Modified"), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST_F(StaticFileVersions, ThatAreNotAskedForFail) {
    const std::string tag = get({}).header("ETag");
    EXPECT_EQ(get({{"If-Match", tag}}).body, content);
    EXPECT_EQ(get({{"If-Match", "\"x\""}}).status, 412U);
    EXPECT_EQ(get({{"If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}}).status, 412U);
    EXPECT_EQ(get({{"If-Match", "\"x\""}}, "/absent").status, 404U);
}

TEST_F(StaticFileVersions, AreSentInParts) {
    const std::vector<std::pair<std::string, std::string>> ranges{
        {"0-0", "0-0"}, {"0-", "0-9"},
        {"0-9", "0-9"}, {"0-10", "0-9"},
        {"9-", "9-9"},  {"3-5", "3-5"},
        {"-1", "9-9"},  {"-10", "0-9"},
        {"-99", "0-9"}, {"5-99999999999999999999999", "5-9"}};
    for (const auto& [asked, got] : ranges) {
        const reply part = get({{"Range", "bytes=" + asked}});
        const std::size_t first = static_cast<std::size_t>(got[0] - '0');
        const std::size_t last = static_cast<std::size_t>(got[2] - '0');
        EXPECT_EQ(part.status, 206U) << asked;
        EXPECT_EQ(part.header("Content-Range"), "bytes " + got + "/10") << asked;
        EXPECT_EQ(part.body, content.substr(first, last - first + 1)) << asked;
        EXPECT_EQ(part.header("ETag"), get({}).header("ETag"));
        EXPECT_EQ(part.header("Content-Type"), "text/plain; charset=utf-8");
    }
}

TEST_F(StaticFileVersions, OfAnySizeAreSentInParts) {
    std::string large(100'000, ' ');
    for (std::size_t at = 0; at < large.size(); ++at) {
        large[at] = static_cast<char>('a' + (at * 7 + at / 26) % 26);
    }
    scratch.write("large.bin", large);
    const reply part = get({{"Range", "bytes=20001-89999"}}, "/large.bin");
    EXPECT_EQ(part.header("Content-Range"), "bytes 20001-89999/100000");
    EXPECT_TRUE(part.body == large.substr(20'001, 69'999));
}

TEST_F(StaticFileVersions, HaveNoPartBehindTheirEnd) {
    scratch.write("empty.txt", "");
    for (const auto& [range, target, size] :
         {std::tuple{"bytes=10-", "/file.txt", "10"}, std::tuple{"bytes=99-100", "/file.txt", "10"},
          std::tuple{"bytes=-0", "/file.txt", "10"}, std::tuple{"bytes=0-", "/empty.txt", "0"}}) {
        const reply refused = get({{"Range", range}}, target);
        EXPECT_EQ(refused.status, 416U) << range;
        EXPECT_EQ(refused.header("Content-Range"), "bytes */" + std::string{size});
    }
}

TEST_F(StaticFileVersions, AreSentWholeWhereARangeDoesNotCount) {
    for (const std::string_view range :
         {"bytes=0-1,4-5", "bytes=5-4", "lines=0-1", "bytes=", "0-1"}) {
        const reply whole = get({{"Range", std::string{range}}});
        EXPECT_EQ(whole.status, 200U) << range;
        EXPECT_EQ(whole.body, content) << range;
        EXPECT_EQ(whole.header("Content-Range"), "") << range;
    }
    const reply head = get({{"Range", "bytes=0-1"}}, "/file.txt", method::head);
    EXPECT_EQ(head.status, 200U);
    EXPECT_EQ(head.header("Content-Length"), "10");
}

TEST_F(StaticFileVersions, AreSentInPartsOnlyToThoseWhoHaveTheRest) {
    const reply now = get({});
    const auto part_if = [&](const std::string& condition) {
        return get({{"Range", "bytes=8-"}, {"If-Range", condition}}).body;
    };
    EXPECT_EQ(part_if(now.header("ETag")), "89");
    EXPECT_EQ(part_if(now.header("Last-Modified")), "89");
    EXPECT_EQ(part_if("\"x\""), content);
    EXPECT_EQ(part_if("W/" + now.header("ETag")), content);
    EXPECT_EQ(part_if("Sun, 06 Nov 1994 08:49:37 GMT"), content);
    EXPECT_EQ(get({{"Range", "bytes=99-"}, {"If-Range", "\"x\""}}).body, content);
}

}  // namespace
}  // namespace cloakroom
