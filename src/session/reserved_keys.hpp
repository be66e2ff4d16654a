// SPDX-License-Identifier: MIT
// The session keys that the framework uses itself. They begin with "_", as Flask's own do.
#pragma once

#include <string_view>

namespace cloakroom {

inline constexpr std::string_view flashes_key = "_flashes";  ///< Flask's as well.
inline constexpr std::string_view csrf_key = "_csrf";
inline constexpr std::string_view answers_key = "_idempotency";
inline constexpr std::string_view schema_key = "_schema";

[[nodiscard]] constexpr bool is_reserved(std::string_view key) noexcept {
    return key.starts_with('_');
}

}  // namespace cloakroom
