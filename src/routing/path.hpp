// SPDX-License-Identifier: MIT
// Percent-decoding of paths, so that an encoded slash never splits a segment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cloakroom::routing {

/// As decode_path(), but never `raw` itself.
[[nodiscard]] std::optional<std::string_view> decode_escapes(std::string_view raw,
                                                             std::string& storage);

/// Decodes all percent escapes of a path but those of "/" and "%", which become "%2F" and "%25".
///
/// @param storage  Holds the result where it is not `raw` itself.
/// @return Empty for a malformed escape and an encoded NUL.
[[nodiscard]] inline std::optional<std::string_view> decode_path(std::string_view raw,
                                                                 std::string& storage) {
    return raw.find('%') == std::string_view::npos ? raw : decode_escapes(raw, storage);
}

/// Undoes the two escapes that decode_path() leaves, appending to `storage`. REQUIRES: `storage`
/// has room for `value`, so that views into it stay valid.
[[nodiscard]] std::string_view decode_segment(std::string_view value, std::string& storage);

}  // namespace cloakroom::routing
