// SPDX-License-Identifier: MIT
// The parts of an http URL that a load needs. Not a full reading of RFC 3986: no user, no https.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cloakroom::load {

struct url {
    std::string text;       ///< All of it, as it was given.
    std::string host;       ///< A name or an address; an IPv6 address without its brackets.
    std::string authority;  ///< The value of the field Host.
    std::string target;     ///< Begins with a slash; has the query, and no fragment.
    std::uint16_t port = 80;
};

/// @throws std::invalid_argument that says what is wrong: another scheme, no host, a port that is
/// none, a space or a control character, more than 8 KiB.
url parse_url(std::string_view text);

}  // namespace cloakroom::load
