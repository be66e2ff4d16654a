// SPDX-License-Identifier: MIT
#include <cloakroom/status.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace cloakroom {
namespace {

using entry = std::pair<status, std::string_view>;

constexpr std::array reasons{
    entry{status::ok, "OK"},
    entry{status::created, "Created"},
    entry{status::accepted, "Accepted"},
    entry{status::no_content, "No Content"},
    entry{status::reset_content, "Reset Content"},
    entry{status::partial_content, "Partial Content"},
    entry{status::moved_permanently, "Moved Permanently"},
    entry{status::found, "Found"},
    entry{status::see_other, "See Other"},
    entry{status::not_modified, "Not Modified"},
    entry{status::temporary_redirect, "Temporary Redirect"},
    entry{status::permanent_redirect, "Permanent Redirect"},
    entry{status::bad_request, "Bad Request"},
    entry{status::unauthorized, "Unauthorized"},
    entry{status::forbidden, "Forbidden"},
    entry{status::not_found, "Not Found"},
    entry{status::method_not_allowed, "Method Not Allowed"},
    entry{status::not_acceptable, "Not Acceptable"},
    entry{status::request_timeout, "Request Timeout"},
    entry{status::conflict, "Conflict"},
    entry{status::gone, "Gone"},
    entry{status::length_required, "Length Required"},
    entry{status::precondition_failed, "Precondition Failed"},
    entry{status::content_too_large, "Content Too Large"},
    entry{status::uri_too_long, "URI Too Long"},
    entry{status::unsupported_media_type, "Unsupported Media Type"},
    entry{status::range_not_satisfiable, "Range Not Satisfiable"},
    entry{status::expectation_failed, "Expectation Failed"},
    entry{status::unprocessable_content, "Unprocessable Content"},
    entry{status::upgrade_required, "Upgrade Required"},
    entry{status::precondition_required, "Precondition Required"},
    entry{status::too_many_requests, "Too Many Requests"},
    entry{status::request_header_fields_too_large, "Request Header Fields Too Large"},
    entry{status::internal_server_error, "Internal Server Error"},
    entry{status::not_implemented, "Not Implemented"},
    entry{status::bad_gateway, "Bad Gateway"},
    entry{status::service_unavailable, "Service Unavailable"},
    entry{status::gateway_timeout, "Gateway Timeout"},
    entry{status::http_version_not_supported, "HTTP Version Not Supported"},
    entry{status::insufficient_storage, "Insufficient Storage"},
};

}  // namespace

std::string_view reason_phrase(status value) noexcept {
    const auto* found = std::find_if(reasons.begin(), reasons.end(),
                                     [&](const entry& each) { return each.first == value; });
    return found == reasons.end() ? std::string_view{} : found->second;
}

}  // namespace cloakroom
