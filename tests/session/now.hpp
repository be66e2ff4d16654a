// SPDX-License-Identifier: MIT
#pragma once

#include <cloakroom/session_store.hpp>

#include <chrono>

namespace cloakroom {

/// When the tests of sessions take place.
inline constexpr session_time now{std::chrono::seconds{1'800'000'000}};

}  // namespace cloakroom
