// SPDX-License-Identifier: MIT
// The field Idempotency-Key of a request, and what makes two requests the same.
#pragma once

#include <cloakroom/request.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cloakroom {

inline constexpr std::size_t max_idempotency_key_bytes = 128;

/// Whether it is 1 to max_idempotency_key_bytes visible ASCII characters.
[[nodiscard]] bool is_idempotency_key(std::string_view text) noexcept;

/// Whether the request's method is not idempotent, and it has the field, whatever its value.
[[nodiscard]] bool has_idempotency_key(const request& req) noexcept;

/// The key: of a bare value that value, of a quoted one what the quotes hold.
///
/// @return Empty where there is none.
/// @throws http_error 400 for one that is malformed, and for several.
[[nodiscard]] std::optional<std::string> idempotency_key_of(const request& req);

/// What the same key must always come with: 32 bytes that depend on method, target and content.
[[nodiscard]] std::string fingerprint_of(const request& req);

}  // namespace cloakroom
