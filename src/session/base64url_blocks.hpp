// SPDX-License-Identifier: MIT
// The part of base64url that a processor with SSSE3 does without tables in memory, sixteen
// characters at a time. base64url.cpp does the rest, or all of it on another processor.
#pragma once

#include <cstddef>
#include <string_view>

namespace cloakroom {

inline constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Encodes whole blocks of twelve bytes from the front on; leaves at least the last four bytes.
///
/// @return How many bytes it has encoded, a multiple of 12.
[[nodiscard]] std::size_t base64url_encode_blocks(std::string_view bytes, char* out) noexcept;

/// Decodes whole blocks of sixteen characters, up to one that has a character of no meaning.
///
/// @return How many characters it has decoded, a multiple of 16.
[[nodiscard]] std::size_t base64url_decode_blocks(std::string_view text, char* out) noexcept;

}  // namespace cloakroom
