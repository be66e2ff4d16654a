// SPDX-License-Identifier: MIT
// The content of a request that is to be JSON, and what its client is told when it is not. How it is
// read is not here.
#pragma once

#include <cloakroom/http_error.hpp>
#include <cloakroom/request.hpp>

#include <string_view>
#include <vector>

namespace cloakroom {

/// The request's content. @throws http_error 415 for another Content-Type than JSON.
[[nodiscard]] std::string_view json_content(const request& req);

/// The 422 for JSON with these things wrong. REQUIRES: there is one.
[[nodiscard]] http_error unprocessable_json(std::vector<field_error> errors);

}  // namespace cloakroom
