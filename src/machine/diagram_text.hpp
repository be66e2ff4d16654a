// SPDX-License-Identifier: MIT
// Names as characters: what each format of a picture escapes, and what takes room in it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cloakroom::diagrams {

/// The characters of a UTF-8 text. U+FFFD stands for each byte that belongs to none, and for each
/// control character, which no format can show.
[[nodiscard]] std::u32string characters_of(std::string_view text);

/// Appends a character in UTF-8. REQUIRES: one that characters_of() gave.
void append_utf8(std::string& out, char32_t character);

/// The columns that the text takes in a font of equal widths; two for what may be a wide
/// character. Source: Unicode Standard Annex 11, simplified to its safe side.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// Whether it is a C identifier: ASCII letters, digits and "_", no digit first.
[[nodiscard]] bool is_identifier(std::string_view text) noexcept;

}  // namespace cloakroom::diagrams
