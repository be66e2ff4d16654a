// SPDX-License-Identifier: MIT
// Responses as bytes: RFC 9112 section 4 and 6. No sockets.
#pragma once

#include <cloakroom/method.hpp>
#include <cloakroom/response.hpp>

#include <string>
#include <string_view>

namespace cloakroom::http1 {

/// What a response must know of its connection.
struct response_context {
    cloakroom::method request_method = cloakroom::method::get;
    unsigned minor_version = 1;  ///< Of the request.
    bool keeps_alive = true;     ///< False announces that the connection closes.
    std::string_view date;       ///< An IMF-fixdate.
};

/// Whether responses of that status have neither content nor Content-Length.
[[nodiscard]] constexpr bool has_no_content(status code) noexcept {
    return code == status::no_content || code == status::not_modified;
}

/// Appends the response's head to `out`, and returns the content that follows it, unless that is a
/// response::file(). Content-Length is that of the content, also after HEAD, where none follows; 204
/// and 304 have neither.
[[nodiscard]] std::string_view write_head(std::string& out, const response& made,
                                          const response_context& context);

}  // namespace cloakroom::http1
