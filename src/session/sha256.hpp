// SPDX-License-Identifier: MIT
// SHA-256 of a short text in one call.
#pragma once

#include <array>
#include <string_view>

namespace cloakroom {

using sha256_digest = std::array<unsigned char, 32>;

/// Thread-safe. Allocates nothing.
[[nodiscard]] sha256_digest sha256(std::string_view bytes) noexcept;

/// What was hashed once, to be hashed, signed or kept again. It refers to `digest`.
[[nodiscard]] inline std::string_view bytes_of(const sha256_digest& digest) noexcept {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace cloakroom
