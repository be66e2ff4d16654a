// SPDX-License-Identifier: MIT
// How the files of a directory are served; see router::files().
#pragma once

#include <string>

namespace cloakroom {

/// What router::files() may be told.
struct file_options {
    /// The value of Cache-Control; empty for none, which leaves it to the client's guess. "no-cache"
    /// lets clients keep a file and ask each time whether it is still the same. For files whose
    /// names change with their content: "public, max-age=31536000, immutable".
    std::string cache_control = "no-cache";

    /// The file that answers for a directory, when the path ends in a slash. Empty: none does.
    std::string index = "index.html";
};

}  // namespace cloakroom
