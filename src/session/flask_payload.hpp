// SPDX-License-Identifier: MIT
// The first part of Flask's cookie: JSON as base64url, or deflated where that is shorter, which a
// leading "." tells. Knows nothing of what the JSON says.
#pragma once

#include "session/deflater.hpp"

#include <cstddef>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>

namespace cloakroom {

/// Writes the payload of `json` to `out`.
///
/// @return Its characters; 0 when `out` is too small.
/// @throws std::bad_alloc only.
[[nodiscard]] std::size_t encode_flask_payload(std::string_view json, deflater& with,
                                               std::span<char> out);

/// Replaces `json` by what `payload` holds.
///
/// @param most  Bytes: inflates no more than that.
/// @return False when it holds more, is not base64url to the letter, or not one whole zlib stream.
/// @throws std::bad_alloc only.
[[nodiscard]] bool decode_flask_payload(std::string_view payload, std::size_t most,
                                        std::pmr::string& json);

}  // namespace cloakroom
