// SPDX-License-Identifier: MIT
// Base64 with the URL alphabet and no padding (RFC 4648 section 5), as in tokens and signed
// cookies. Exactly one text stands for given bytes: everything else is refused.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace cloakroom {

/// How many characters `bytes` bytes take.
[[nodiscard]] constexpr std::size_t base64url_size(std::size_t bytes) noexcept {
    return bytes / 3 * 4 + (bytes % 3 * 4 + 2) / 3;
}

/// How many bytes `characters` characters stand for.
[[nodiscard]] constexpr std::size_t base64url_decoded_size(std::size_t characters) noexcept {
    return characters / 4 * 3 + characters % 4 * 3 / 4;
}

/// Writes base64url_size(bytes.size()) characters to `out`.
void base64url_encode(std::string_view bytes, char* out) noexcept;

/// Writes at most base64url_decoded_size(text.size()) bytes to `out`.
///
/// @return How many; empty when `text` has another character, padding, a length that no encoding
///         has, or trailing bits that are not zero.
[[nodiscard]] std::optional<std::size_t> base64url_decode(std::string_view text,
                                                          char* out) noexcept;

}  // namespace cloakroom
