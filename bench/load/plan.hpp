// SPDX-License-Identifier: MIT
// What is to be done: the options of cloakroom_load, checked.
#pragma once

#include "request_text.hpp"
#include "url.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace cloakroom::load {

struct plan {
    using seconds = std::chrono::duration<double>;

    url where;
    message what;
    std::size_t connections = 64;
    std::size_t threads = 1;
    std::size_t pipeline = 1;
    seconds time{10};
    seconds warm_up{1};
    seconds timeout{5};
    std::optional<double> rate;  ///< Requests a second of all connections; none: a closed loop.
    double slow_share = 0;
    bool is_poisson = false;
    bool spins = false;
    bool keeps_cookies = false;

    /// Of the connections, those that are slow on purpose: the share, rounded up.
    [[nodiscard]] std::size_t slow_connections() const noexcept;
};

/// @throws std::invalid_argument when options contradict each other.
void check(const plan& wanted);

/// Raises the limit of open files, if need be, so that so many connections fit.
///
/// @throws std::runtime_error that says what to do when the system does not let it.
void allow_connections(std::size_t connections);

}  // namespace cloakroom::load
