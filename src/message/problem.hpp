// SPDX-License-Identifier: MIT
// The error responses that the framework makes by itself.
#pragma once

#include <cloakroom/http_error.hpp>
#include <cloakroom/request.hpp>
#include <cloakroom/response.hpp>

namespace cloakroom {

/// The error as application/problem+json, or as a small page for a client that prefers HTML. The
/// problem's own header fields are left to the caller. Source: RFC 9457.
///
/// @throws std::invalid_argument for extensions that http_error's constructor refuses.
[[nodiscard]] response problem_response(const request& req, const problem& content);

}  // namespace cloakroom
