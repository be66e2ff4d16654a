// SPDX-License-Identifier: MIT
#include "message/http_date.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {
namespace {

std::string http_date(std::chrono::sys_seconds time) {
    char text[29];
    write_http_date(time, text);
    return {text, sizeof text};
}

std::string http_date(long long seconds) {
    return http_date(std::chrono::sys_seconds{std::chrono::seconds{seconds}});
}

TEST(HttpDate, IsAnImfFixdate) {
    const std::array<std::pair<long long, std::string_view>, 8> cases{{
        {784'111'777, "Sun, 06 Nov 1994 08:49:37 GMT"},  // RFC 9110's own example
        {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
        {-1, "Wed, 31 Dec 1969 23:59:59 GMT"},
        {951'782'400, "Tue, 29 Feb 2000 00:00:00 GMT"},
        {4'107'542'399, "Sun, 28 Feb 2100 23:59:59 GMT"},
        {4'107'542'400, "Mon, 01 Mar 2100 00:00:00 GMT"},  // no leap year
        {2'147'483'648, "Tue, 19 Jan 2038 03:14:08 GMT"},
        {253'402'300'799, "Fri, 31 Dec 9999 23:59:59 GMT"},
    }};
    for (const auto& [seconds, expected] : cases) {
        EXPECT_EQ(http_date(seconds), expected);
    }
}

TEST(HttpDate, AgreesWithTheCLibraryOnEveryDayOfSixtyYears) {
    for (std::time_t time = 12'345; time < 60LL * 366 * 86'400; time += 86'400 + 61) {
        std::tm parts{};
        ::gmtime_r(&time, &parts);
        std::array<char, 40> expected{};
        std::strftime(expected.data(), expected.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
        ASSERT_EQ(http_date(time), expected.data());
    }
}

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'800'000'000}};  // in 2027

// Seconds since 1970; -1 for no date.
long long read(std::string_view text) {
    const auto time = read_http_date(text, now);
    return time ? time->time_since_epoch().count() : -1;
}

TEST(HttpDate, IsReadInAllItsForms) {
    EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:37 GMT"), 784'111'777);
    EXPECT_EQ(read("Sunday, 06-Nov-94 08:49:37 GMT"), 784'111'777);
    EXPECT_EQ(read("Sun Nov  6 08:49:37 1994"), 784'111'777);
    EXPECT_EQ(read("Sun Nov 16 08:49:37 1994"), 784'975'777);
    EXPECT_EQ(read("Tue, 29 Feb 2000 00:00:00 GMT"), 951'782'400);
    EXPECT_EQ(read("Sat, 31 Dec 2016 23:59:60 GMT"), 1'483'228'800);
    EXPECT_EQ(read("Fri, 31 Dec 9999 23:59:59 GMT"), 253'402'300'799);
}

TEST(HttpDate, OfTwoDigitsIsAtMostFiftyYearsAhead) {
    EXPECT_EQ(read("Friday, 01-Jan-77 00:00:00 GMT"), 3'376'684'800);  // 2077
    EXPECT_EQ(read("Sunday, 01-Jan-78 00:00:00 GMT"), 252'460'800);    // 1978
    EXPECT_EQ(read("Saturday, 01-Jan-00 00:00:00 GMT"), 946'684'800);  // 2000
}

TEST(HttpDate, ReadsWhatItWrites) {
    for (long long time = 0; time < 200LL * 366 * 86'400; time += 5 * 86'400 + 3'661) {
        ASSERT_EQ(read(http_date(time)), time);
    }
}

TEST(HttpDate, IsNothingElse) {
    for (const std::string_view text : {"",
                                        "x",
                                        "Sun",
                                        "Sun,",
                                        "Sun, 06 Nov 1994 08:49:37",
                                        "Sun, 06 Nov 1994 08:49:37 GMT ",
                                        " Sun, 06 Nov 1994 08:49:37 GMT",
                                        "Sun, 6 Nov 1994 08:49:37 GMT",
                                        "Sun, 06 nov 1994 08:49:37 GMT",
                                        "Sun, 06 Nov 94 08:49:37 GMT",
                                        "Sun, 06-Nov-1994 08:49:37 GMT",
                                        "Sun, 06 Nov-1994 08:49:37 GMT",
                                        "Sun, 00 Nov 1994 08:49:37 GMT",
                                        "Sun, 31 Nov 1994 08:49:37 GMT",
                                        "Thu, 29 Feb 2001 00:00:00 GMT",
                                        "Sun, 06 Nov 1994 24:00:00 GMT",
                                        "Sun, 06 Nov 1994 08:60:00 GMT",
                                        "Sun, 06 Nov 1994 08:49:61 GMT",
                                        "Sun, 06 Nov 1994 08:49:37 UTC",
                                        "Sun, 06 Nov 1994 8:49:37 GMT",
                                        "Sun Nov 6 08:49:37 1994",
                                        "Sun Nov  6 08:49:37 1994 GMT",
                                        "Sun Nov  6 08:49:37 94",
                                        "1994-11-06T08:49:37Z",
                                        "784111777",
                                        "-06 Nov 1994 08:49:37 GMT"}) {
        EXPECT_EQ(read(text), -1) << text;
    }
}

}  // namespace
}  // namespace cloakroom
