// SPDX-License-Identifier: MIT
#include "files/preconditions.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::files {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds now{seconds{1'800'000'000}};
constexpr std::string_view before = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr std::string_view same = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view after = "Sun, 06 Nov 1994 08:49:38 GMT";

const validators strong{"\"a,b\"", true, sys_seconds{seconds{784'111'777}}};
const validators weak{"\"a,b\"", false, sys_seconds{seconds{784'111'777}}};

verdict judge_fields(std::vector<field_view> fields, const validators& current = strong) {
    request asked;
    asked.edit().fields = std::move(fields);
    return judge(asked, current, now);
}

TEST(Preconditions, AreNoneWithoutFields) {
    EXPECT_EQ(judge_fields({}), verdict::send);
    EXPECT_EQ(judge_fields({{"Range", "bytes=0-1"}, {"If-Anything", "x"}, {"I", "x"}}),
              verdict::send);
}

TEST(Preconditions, OfTagsTakeListsAndStars) {
    for (const std::string_view list : {R"("a,b")", R"("x", "a,b")", R"("x","a,b",W/"y")",
                                        R"(  "a,b"  )", R"(,,"a,b")", "*", " * "}) {
        EXPECT_TRUE(has_tag(list, strong, true)) << list;
        EXPECT_TRUE(has_tag(list, strong, false)) << list;
    }
    for (const std::string_view list : {"", "a,b", R"("a")", R"("a,b)", R"("x", a,b)", R"("x" "y")",
                                        R"(w/"a,b")", R"(W/ "a,b")", R"("x,"a,b"")", "**", "\""}) {
        EXPECT_FALSE(has_tag(list, strong, true)) << list;
        EXPECT_FALSE(has_tag(list, strong, false)) << list;
    }
}

// RFC 9110 section 8.8.3.2.
TEST(Preconditions, CompareTagsWeaklyOrStrongly) {
    EXPECT_TRUE(has_tag(R"(W/"a,b")", strong, true));
    EXPECT_TRUE(has_tag(R"("a,b")", weak, true));
    EXPECT_TRUE(has_tag(R"(W/"a,b")", weak, true));
    EXPECT_FALSE(has_tag(R"(W/"a,b")", strong, false));
    EXPECT_FALSE(has_tag(R"("a,b")", weak, false));
    EXPECT_FALSE(has_tag(R"(W/"a,b")", weak, false));
}

TEST(Preconditions, NotModifiedByTag) {
    EXPECT_EQ(judge_fields({{"If-None-Match", R"("a,b")"}}), verdict::not_modified);
    EXPECT_EQ(judge_fields({{"if-none-match", R"(W/"a,b")"}}), verdict::not_modified);
    EXPECT_EQ(judge_fields({{"If-None-Match", R"("x")"}}), verdict::send);
    EXPECT_EQ(judge_fields({{"If-None-Match", R"("x")"}, {"If-None-Match", R"("a,b")"}}),
              verdict::not_modified);
}

TEST(Preconditions, NotModifiedByDate) {
    EXPECT_EQ(judge_fields({{"If-Modified-Since", before}}), verdict::send);
    EXPECT_EQ(judge_fields({{"If-Modified-Since", same}}), verdict::not_modified);
    EXPECT_EQ(judge_fields({{"If-Modified-Since", after}}), verdict::not_modified);
    EXPECT_EQ(judge_fields({{"If-Modified-Since", "yesterday"}}), verdict::send);
}

TEST(Preconditions, FailedByTagOrDate) {
    EXPECT_EQ(judge_fields({{"If-Match", R"("a,b")"}}), verdict::send);
    EXPECT_EQ(judge_fields({{"If-Match", "*"}}), verdict::send);
    EXPECT_EQ(judge_fields({{"If-Match", R"("x")"}}), verdict::failed);
    EXPECT_EQ(judge_fields({{"If-Match", R"(W/"a,b")"}}), verdict::failed);
    EXPECT_EQ(judge_fields({{"If-Unmodified-Since", before}}), verdict::failed);
    EXPECT_EQ(judge_fields({{"If-Unmodified-Since", same}}), verdict::send);
    EXPECT_EQ(judge_fields({{"If-Unmodified-Since", "yesterday"}}), verdict::send);
}

// RFC 9110 section 13.2.2: tags before dates, what fails before what is not modified.
TEST(Preconditions, HaveAnOrder) {
    EXPECT_EQ(judge_fields({{"If-Match", R"("a,b")"}, {"If-Unmodified-Since", before}}),
              verdict::send);
    EXPECT_EQ(judge_fields({{"If-None-Match", R"("x")"}, {"If-Modified-Since", after}}),
              verdict::send);
    EXPECT_EQ(judge_fields({{"If-None-Match", R"("a,b")"}, {"If-Modified-Since", before}}),
              verdict::not_modified);
    EXPECT_EQ(judge_fields({{"If-None-Match", R"("a,b")"}, {"If-Match", R"("x")"}}),
              verdict::failed);
    EXPECT_EQ(judge_fields({{"If-Match", R"("a,b")"}, {"If-None-Match", R"("a,b")"}}),
              verdict::not_modified);
    EXPECT_EQ(judge_fields({{"If-Range", R"("x")"}, {"If-None-Match", R"("a,b")"}}),
              verdict::not_modified);
}

TEST(Preconditions, OfRangesCompareStrongly) {
    EXPECT_EQ(judge_fields({{"If-Range", R"("a,b")"}}), verdict::send);
    EXPECT_EQ(judge_fields({{"If-Range", R"("x")"}}), verdict::send_whole);
    EXPECT_EQ(judge_fields({{"If-Range", R"(W/"a,b")"}}), verdict::send_whole);
    EXPECT_EQ(judge_fields({{"If-Range", R"("a,b")"}}, weak), verdict::send_whole);
    EXPECT_EQ(judge_fields({{"If-Range", same}}), verdict::send);
    EXPECT_EQ(judge_fields({{"If-Range", same}}, weak), verdict::send_whole);
    EXPECT_EQ(judge_fields({{"If-Range", before}}), verdict::send_whole);
    EXPECT_EQ(judge_fields({{"If-Range", after}}), verdict::send_whole);
    EXPECT_EQ(judge_fields({{"If-Range", "yesterday"}}), verdict::send_whole);
}

}  // namespace
}  // namespace cloakroom::files
