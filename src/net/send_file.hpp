// SPDX-License-Identifier: MIT
// sendfile(2) to a socket, without the signal that it may bring.
#pragma once

#include <cloakroom/open_file.hpp>

#include <sys/types.h>

#include <cstddef>

namespace cloakroom::net {

/// Sends up to `most` bytes of a file from byte number `from` on, as send() does.
///
/// REQUIRES: `from` is less than the file's size.
/// @return How many; -1 with errno set for an error, EIO where the file has become too short.
[[nodiscard]] ssize_t send_file(int socket, const open_file& file, std::size_t from,
                                std::size_t most) noexcept;

}  // namespace cloakroom::net
