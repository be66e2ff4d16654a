// SPDX-License-Identifier: MIT
// The part of base64url that a processor with SSSE3 does without tables in memory, sixteen
// characters at a time. base64url.cpp does the rest, or all of it on another processor.
#pragma once

#include <cstddef>
#include <string_view>

namespace cloakroom {

inline constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Encodes from the front on: all groups of three bytes, or none of a short text. REQUIRES: `out` is
/// apart from `bytes`.
///
/// @return How many bytes it has encoded, a multiple of 3.
[[nodiscard]] std::size_t base64url_encode_blocks(std::string_view bytes, char* out) noexcept;

/// Decodes from the front on: all groups of four characters, none of a short text, or up to sixteen
/// that have a character of no meaning. REQUIRES: `out` is apart from `text`.
///
/// @return How many characters it has decoded, a multiple of 4.
[[nodiscard]] std::size_t base64url_decode_blocks(std::string_view text, char* out) noexcept;

}  // namespace cloakroom
