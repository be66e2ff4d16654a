// SPDX-License-Identifier: MIT
// The exception for mistakes made before serving starts.
#pragma once

#include <stdexcept>

namespace cloakroom {

/// Thrown while an app is set up or started: a bad pattern, a duplicate route, a missing secret, a
/// port in use. The text says what is wrong and what to do.
class setup_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace cloakroom
