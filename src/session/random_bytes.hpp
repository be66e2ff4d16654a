// SPDX-License-Identifier: MIT
// Unguessable bytes.
#pragma once

#include <span>

namespace cloakroom {

/// Fills `out` from the operating system's generator; waits until that is seeded.
///
/// @throws std::system_error when the operating system refuses.
void fill_random(std::span<char> out);

}  // namespace cloakroom
