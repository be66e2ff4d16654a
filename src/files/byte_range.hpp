// SPDX-License-Identifier: MIT
// The Range field of a request for a part of a file: RFC 9110 section 14.
#pragma once

#include <cstddef>
#include <string_view>

namespace cloakroom::files {

/// What a Range field asks for.
struct byte_range {
    enum class kind {
        whole,          ///< The field is not for us, is no range or names several: all is sent.
        part,           ///< `bytes` from `first` on, which is one at least.
        unsatisfiable,  ///< Nothing that is there: 416.
    };

    kind what = kind::whole;
    std::size_t first = 0;
    std::size_t bytes = 0;
};

/// Reads `bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-COUNT`. Numbers may have any length.
///
/// @param size  Of the whole.
/// Source: RFC 9110 section 14.1.1 to 14.2.
[[nodiscard]] byte_range read_byte_range(std::string_view field, std::size_t size) noexcept;

}  // namespace cloakroom::files
