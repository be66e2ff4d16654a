// SPDX-License-Identifier: MIT
// The order of an object's members in Flask's JSON: by the code points of their keys.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <string>

namespace cloakroom {

/// Sorts the members of the object that `json` ends with, which begins at `start`, and leaves the
/// last of those with the same key, which is the one that Python reads. Allocates only when they
/// are not sorted.
///
/// @return How many there are. REQUIRES: JSON as flask_json_rewriter appends it.
std::size_t sort_flask_members(std::pmr::string& json, std::size_t start);

}  // namespace cloakroom
