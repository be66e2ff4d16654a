// SPDX-License-Identifier: MIT
// The characters of JSON strings: as Flask writes them (ASCII alone), as sessions hold them (UTF-8),
// and without JSON's escapes. No surrogate pairs but in ASCII; a surrogate that stands alone, which
// Python's strings may have, is kept.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>

namespace cloakroom {

/// What is no character.
inline constexpr std::uint32_t no_character = 0xFFFFFFFF;

/// Whether the character is itself in all three forms.
[[nodiscard]] constexpr bool is_plain_in_json(char character) noexcept {
    return character >= ' ' && character <= '~' && character != '"' && character != '\\';
}

/// Takes a character off the front of a JSON string's content, its escapes undone.
///
/// @return no_character for an unknown escape, a control character, and what is not UTF-8.
/// REQUIRES: `content` is not empty.
[[nodiscard]] std::uint32_t take_json_character(std::string_view& content) noexcept;

/// Takes a character off the front of UTF-8 that may have lone surrogates.
///
/// @return no_character for what is not UTF-8. REQUIRES: `text` is not empty.
[[nodiscard]] std::uint32_t take_character(std::string_view& text) noexcept;

/// As in Flask's JSON: lower-case \uXXXX for all beyond ASCII.
void append_flask_character(std::pmr::string& out, std::uint32_t character);

/// As in a session's JSON: UTF-8, escapes for quote, backslash, controls and lone surrogates.
void append_session_character(std::pmr::string& out, std::uint32_t character);

/// As it is, in UTF-8.
void append_character(std::pmr::string& out, std::uint32_t character);

/// Appends `text`, which is UTF-8, as a JSON string in Flask's form.
///
/// @return False for what is not UTF-8.
[[nodiscard]] bool append_flask_string(std::pmr::string& out, std::string_view text);

/// Appends what the JSON string `content` (without its quotes) stands for.
///
/// @return False when it is malformed.
[[nodiscard]] bool append_json_content(std::pmr::string& out, std::string_view content);

}  // namespace cloakroom
