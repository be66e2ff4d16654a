// SPDX-License-Identifier: MIT
// The date formats of HTTP.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace cloakroom {

/// Writes an IMF-fixdate, for example "Sun, 06 Nov 1994 08:49:37 GMT", without a NUL.
///
/// REQUIRES: a year from 0 to 9999. Source: RFC 9110 section 5.6.7.
void write_http_date(std::chrono::sys_seconds time, char (&out)[29]) noexcept;

/// Reads an IMF-fixdate or one of the two forms before it, "Sunday, 06-Nov-94 08:49:37 GMT" and
/// "Sun Nov  6 08:49:37 1994". That the day of the week is right is not checked.
///
/// @param now  Tells the century of a year of two digits: at most 50 years ahead.
/// @return Empty for what is no date. Source: RFC 9110 section 5.6.7.
[[nodiscard]] std::optional<std::chrono::sys_seconds> read_http_date(
    std::string_view text, std::chrono::sys_seconds now) noexcept;

}  // namespace cloakroom
