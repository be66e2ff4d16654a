// SPDX-License-Identifier: MIT
// Makes allocations fail on command, and counts their bytes, in an executable of its own: it takes
// the place of operator new, and of what Asio, OpenSSL and zlib allocate by.
#pragma once

#include <cstddef>

namespace cloakroom::hostile {

/// Which allocations fail.
enum class outage {
    one,       ///< The one of that number.
    from_then  ///< That one, and all that follow.
};

/// Has allocations of all threads but the spared ones fail, counted from now and from 1.
void fail_allocation(std::size_t number, outage how) noexcept;

/// Ends that. @return How many have failed.
std::size_t end_outage() noexcept;

/// How many were asked for since fail_allocation(), by threads that are not spared.
[[nodiscard]] std::size_t asked_allocations() noexcept;

/// The bytes that operator new has given to threads that are not spared, and that are not given back
/// by them.
[[nodiscard]] std::size_t held_bytes() noexcept;

/// The most of them at once since the last call.
[[nodiscard]] std::size_t most_held_bytes() noexcept;

/// The calling thread is spared from now on.
void spare_this_thread() noexcept;

/// Has OpenSSL's allocations counted too. Call before anything else of OpenSSL.
void watch_openssl() noexcept;

}  // namespace cloakroom::hostile
