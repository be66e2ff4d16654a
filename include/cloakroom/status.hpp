// SPDX-License-Identifier: MIT
// The status codes of RFC 9110 section 15 and RFC 6585.
#pragma once

#include <cstdint>
#include <string_view>

namespace cloakroom {

/// A status code. Any number from 200 to 599 may be cast to it; the named ones have a reason.
enum class status : std::uint16_t {
    ok = 200,
    created = 201,
    accepted = 202,
    no_content = 204,
    reset_content = 205,
    partial_content = 206,
    moved_permanently = 301,
    found = 302,
    see_other = 303,
    not_modified = 304,
    temporary_redirect = 307,
    permanent_redirect = 308,
    bad_request = 400,
    unauthorized = 401,
    forbidden = 403,
    not_found = 404,
    method_not_allowed = 405,
    not_acceptable = 406,
    request_timeout = 408,
    conflict = 409,
    gone = 410,
    length_required = 411,
    precondition_failed = 412,
    content_too_large = 413,
    uri_too_long = 414,
    unsupported_media_type = 415,
    range_not_satisfiable = 416,
    expectation_failed = 417,
    unprocessable_content = 422,
    upgrade_required = 426,
    precondition_required = 428,
    too_many_requests = 429,
    request_header_fields_too_large = 431,
    internal_server_error = 500,
    not_implemented = 501,
    bad_gateway = 502,
    service_unavailable = 503,
    gateway_timeout = 504,
    http_version_not_supported = 505,
    insufficient_storage = 507,
};

/// The number, for example 404.
[[nodiscard]] constexpr unsigned to_number(status value) noexcept {
    return static_cast<unsigned>(value);
}

/// The standard reason phrase; empty for a code without a name here. Of static storage.
[[nodiscard]] std::string_view reason_phrase(status value) noexcept;

}  // namespace cloakroom
