// SPDX-License-Identifier: MIT
// A cookie to be set, with safe attributes by default. Source: RFC 6265bis section 4.1.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace cloakroom {

/// When a browser sends a cookie with requests that other sites cause.
enum class same_site { strict, lax, none };

/// One Set-Cookie field.
struct cookie {
    std::string name = {};                             ///< A token.
    std::string value = {};                            ///< Printable ASCII but " , ; \ and space.
    std::string path = "/";                            ///< Empty: the directory of the request.
    std::string domain = {};                           ///< Empty: this host alone.
    std::optional<std::chrono::seconds> max_age = {};  ///< Empty: until the browser closes.
    bool secure = true;                                ///< Sent over HTTPS (and to localhost) only.
    bool http_only = true;                             ///< Hidden from scripts.
    cloakroom::same_site same_site = cloakroom::same_site::lax;
};

/// The value of a Set-Cookie field.
///
/// @throws std::invalid_argument when a browser would refuse or misread it: an illegal character,
///         `same_site::none` without `secure`, a "__Host-" name without `secure` and path "/" or
///         with a domain, a "__Secure-" name without `secure`, or name and value over 4,096 bytes.
[[nodiscard]] std::string to_string(const cookie& value);

}  // namespace cloakroom
