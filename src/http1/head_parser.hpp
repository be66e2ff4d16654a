// SPDX-License-Identifier: MIT
// One complete request head, cut up by Beast's basic_parser. What it says is judged by
// head_meaning, which is stricter than Beast 1.81.
#pragma once

#include "http1/request_parser.hpp"

#include <string_view>

namespace cloakroom::http1 {

/// Reads `head`, from its request line to its blank line. `out` views into it after that. Of `at`,
/// sets what the fields say, and nothing of how far the message has been read.
///
/// REQUIRES: every LF in `head` follows a CR, no line begins with a blank, and its only empty line
/// is its end.
/// @return False when it is refused.
/// @throws std::bad_alloc only, when `out.fields` grows.
[[nodiscard]] bool parse_complete_head(std::string_view head, const limits& allowed,
                                       host_check& is_host, progress& at, request::parts& out,
                                       refusal& why);

}  // namespace cloakroom::http1
