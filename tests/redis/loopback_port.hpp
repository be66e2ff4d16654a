// SPDX-License-Identifier: MIT
// A port for a server that a test stops and starts again on the same one.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <random>
#include <stdexcept>

namespace cloakroom::redis {

/// A TCP port of 127.0.0.1 on which nothing listens now. It lies below those that the system gives
/// to outgoing connections (32768 on): none of them takes it while its server is down, and no
/// client that tries again and again connects to itself.
///
/// Another process may take it before the caller does: who binds it tries again with another.
///
/// @throws std::runtime_error when none was found.
inline std::uint16_t free_loopback_port() {
    std::random_device random;
    std::uniform_int_distribution<std::uint16_t> ports{20'000, 32'000};
    for (int attempt = 0; attempt < 100; ++attempt) {
        const std::uint16_t port = ports(random);
        const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool is_free =
            ::bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        ::close(probe);
        if (is_free) {
            return port;
        }
    }
    throw std::runtime_error("there is no free port between 20000 and 32000");
}

}  // namespace cloakroom::redis
