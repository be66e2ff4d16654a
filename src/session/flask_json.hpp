// SPDX-License-Identifier: MIT
// Flask's tagged JSON to a session's values and back; flask_cookie_sessions.hpp says what a handler
// sees of tags. No cookie, no compression.
#pragma once

#include "session/flask_tags.hpp"
#include <cloakroom/session_record.hpp>

#include <cstddef>
#include <memory_resource>
#include <string>
#include <string_view>

namespace cloakroom {

/// The most objects and arrays within each other, the session itself counted.
inline constexpr std::size_t max_flask_json_depth = 64;

/// Reads a session. Allocates little for a small one.
///
/// @return False when `json` is not one JSON object (RFC 8259, nothing else), is nested too deep,
///         or would be something else than a dict in Flask; `into` is then unspecified.
[[nodiscard]] bool read_flask_json(std::string_view json, session_values& into);

/// Appends the objects that look tagged in a session that read_flask_json() takes.
void collect_flask_tags(std::string_view json, flask_tagged_objects& into);

/// What became of write_flask_json().
enum class flask_json_outcome {
    written,
    has_tags,  ///< There are objects that look tagged: write again and say which are.
    refused,   ///< Too large or too deep, a key is not UTF-8, or a value no JSON.
};

/// Writes a session to `out` as Flask does: no spaces, keys sorted by code point, ASCII.
///
/// @param tagged  Which of the objects that look tagged are; the others are escaped. Null: return
///                has_tags at the first of them.
/// @param most    Bytes.
[[nodiscard]] flask_json_outcome write_flask_json(const session_values& values,
                                                  flask_tagged_objects* tagged, std::size_t most,
                                                  std::pmr::string& out);

}  // namespace cloakroom
