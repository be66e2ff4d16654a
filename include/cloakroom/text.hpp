// SPDX-License-Identifier: MIT
// The small rules of HTTP text: ASCII case, tokens, percent-encoding, and numbers. No allocation
// but where a string is returned.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cloakroom {

/// True when both are the same up to ASCII case, as field names are compared (RFC 9110
/// section 5.1).
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// True for a non-empty RFC 9110 section 5.6.2 token.
[[nodiscard]] bool is_token(std::string_view text) noexcept;

/// True when `text` may stand in a field value: no CR, LF, NUL or other control but tab.
/// Source: RFC 9110 section 5.5.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;

/// Without the spaces and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

/// True when the comma-separated `list` has `token`, up to case (RFC 9110 section 5.6.1).
[[nodiscard]] bool list_contains(std::string_view list, std::string_view token) noexcept;

/// Whether "+" stands for a space, as it does in forms and queries and nowhere else.
enum class plus { is_plus, is_space };

/// Undoes percent-encoding (RFC 3986 section 2.1).
///
/// @return Empty for a "%" that two hexadecimal digits do not follow, and for an encoded NUL.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text, plus sign);

/// Percent-encodes all but RFC 3986 unreserved characters.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// Percent-encodes what no URI holds: spaces, letters beyond ASCII and the characters "<>\^`{|}.
/// The rest stays, "%" and control characters included. Source: RFC 3986 section 2.
[[nodiscard]] std::string uri_encoded(std::string_view text);

/// Appends `text` to `out` as a JSON string with its quotes (RFC 8259 section 7). Bytes that are
/// not UTF-8 become U+FFFD, so that what is written is always valid JSON.
void append_json_string(std::string& out, std::string_view text);

/// Appends `text` to `out` with & < > " and ' as character references, for HTML text and
/// double-quoted attributes.
void append_html_text(std::string& out, std::string_view text);

}  // namespace cloakroom
