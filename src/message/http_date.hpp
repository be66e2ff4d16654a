// SPDX-License-Identifier: MIT
// The date format of HTTP.
#pragma once

#include <chrono>

namespace cloakroom {

/// Writes an IMF-fixdate, for example "Sun, 06 Nov 1994 08:49:37 GMT", without a NUL.
///
/// REQUIRES: a year from 0 to 9999. Source: RFC 9110 section 5.6.7.
void write_http_date(std::chrono::sys_seconds time, char (&out)[29]) noexcept;

}  // namespace cloakroom
