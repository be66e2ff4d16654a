// SPDX-License-Identifier: MIT
// What ends the lines of an HTTP/1 message, and what may stand between their parts.
#pragma once

#include <string_view>

namespace cloakroom::http1 {

/// Source: RFC 9112 section 2.1.
inline constexpr std::string_view line_end = "\r\n";

/// Source: RFC 9110 section 5.6.3, OWS.
[[nodiscard]] constexpr bool is_blank(char character) noexcept {
    return character == ' ' || character == '\t';
}

}  // namespace cloakroom::http1
