// SPDX-License-Identifier: MIT
// The media type of a file by the end of its name. It does not look into the file.
#pragma once

#include <string_view>

namespace cloakroom::files {

/// For example "text/css; charset=utf-8" for "a/b.css"; "application/octet-stream" where the name
/// does not tell. The case of the extension does not matter. Of static storage.
[[nodiscard]] std::string_view media_type_of(std::string_view path) noexcept;

}  // namespace cloakroom::files
