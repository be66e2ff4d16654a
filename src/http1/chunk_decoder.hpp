// SPDX-License-Identifier: MIT
// The chunked transfer coding of RFC 9112 section 7.1, undone in place.
#pragma once

#include "http1/request_parser.hpp"

#include <cstddef>
#include <string_view>

namespace cloakroom::http1 {

/// The longest chunk-size line, extensions included, its CRLF not.
inline constexpr std::size_t chunk_line_bytes = 256;

/// How much framing there may be beyond 16 bytes and twice the data of each chunk. It keeps a peer
/// from sending mostly framing: tiny chunks with long extensions.
inline constexpr std::size_t chunk_overhead_bytes = 16UL * 1024;

inline constexpr std::string_view content_too_large =
    "The content is larger than is accepted here.";

/// What a chunked body may have.
struct chunk_limits {
    std::size_t body_bytes;     ///< Content: 413.
    std::size_t trailer_bytes;  ///< Trailer fields with their CRLFs, without the last line: 431.
};

/// Reads on from `at.read_bytes` to at most `size`, and moves the content to where it belongs, from
/// at.head_bytes + at.body_bytes on. Extensions and trailer fields are checked and dropped. When
/// incomplete, all `size` bytes are used up.
[[nodiscard]] parse_result decode_chunks(char* data, std::size_t size, progress& at,
                                         const chunk_limits& allowed, refusal& why) noexcept;

}  // namespace cloakroom::http1
