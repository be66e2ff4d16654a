// SPDX-License-Identifier: MIT
// The syntax of what names a server: RFC 9110 section 7.2, RFC 3986 section 3.2.
#pragma once

#include <string_view>

namespace cloakroom::http1 {

/// True for `uri-host [":" port]` with a host that is not empty: a registered name, an IPv4 address
/// or an IPv6 address in brackets, without a zone. A port is at most 65535 and may be empty.
[[nodiscard]] bool is_host_and_port(std::string_view text) noexcept;

}  // namespace cloakroom::http1
