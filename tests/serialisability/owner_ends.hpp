// SPDX-License-Identifier: MIT
// What it means to each session of an owner that all sessions of that owner were ended.
#pragma once

#include "history.hpp"

#include <cstdint>
#include <vector>

namespace cloakroom::serialisability {

/// A session that belongs to an owner.
struct owned_session {
    std::uint32_t session = 0;
    std::uint32_t owner = 0;
    tick begin = 0;  ///< Of the transaction that made it one.
    tick end = never;
};

/// A transaction that ended all sessions of an owner.
struct owner_end {
    std::uint32_t owner = 0;
    std::uint32_t client = 0;
    tick begin = 0;
    tick end = never;  ///< never: its outcome is unknown.
};

/// A transaction for each session that an end of its owner's has ended, or may have: certainly one
/// that belonged to the owner before, perhaps one that came to belong to it at the same time.
[[nodiscard]] history ends_of(const std::vector<owned_session>& sessions,
                              std::vector<owner_end> ends);

}  // namespace cloakroom::serialisability
