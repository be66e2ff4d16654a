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

}  // namespace
}  // namespace cloakroom
