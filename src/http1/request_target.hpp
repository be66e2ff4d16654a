// SPDX-License-Identifier: MIT
// The forms of a request target that an origin server takes: RFC 9112 section 3.2.
#pragma once

#include <cloakroom/request.hpp>

#include <string_view>

namespace cloakroom::http1 {

/// Splits `parts.target` into `path`, still encoded, and `query`; an absolute-form target also
/// gives `host`. "*" is a path only for OPTIONS. The views are into the target, but for a path that
/// it leaves out, which is the literal "/".
///
/// @return What is wrong with the target, for the client, of static storage; empty if nothing is.
[[nodiscard]] std::string_view split_target(request::parts& parts) noexcept;

}  // namespace cloakroom::http1
