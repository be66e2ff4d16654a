// SPDX-License-Identifier: MIT
// What a client must know of a response's head to find the response's end and to judge it. Not a
// full reading of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace cloakroom::load {

struct response_head {
    int status = 0;                             // 0: this is no HTTP/1
    std::size_t head_bytes = 0;                 // with the blank line
    std::optional<std::size_t> body_bytes;      // empty: no valid Content-Length
    bool is_chunked = false;                    // Transfer-Encoding: chunked
    bool is_ambiguous = false;                  // the body's end could be read in two ways, or none
    bool closes = false;                        // the server will close the connection after it
    std::vector<std::string_view> set_cookies;  // the values of Set-Cookie, within the parsed bytes
};

/// ASCII letters only.
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// Reads the head that `bytes` begin with. Source: RFC 9112 sections 4 to 6.
///
/// @return Empty while the blank line is missing.
[[nodiscard]] std::optional<response_head> read_response_head(std::string_view bytes);

}  // namespace cloakroom::load
