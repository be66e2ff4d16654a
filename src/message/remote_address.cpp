// SPDX-License-Identifier: MIT
#include <cloakroom/request.hpp>

#include <arpa/inet.h>

namespace cloakroom {

std::string request::remote_address() const {
    const ip_address& remote = parts_.remote;
    if (remote.size == 0) {
        return {};
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = remote.size == 4 ? AF_INET : AF_INET6;
    const char* const made = ::inet_ntop(family, remote.bytes.data(), text.data(), text.size());
    return made == nullptr ? std::string{} : std::string{made};
}

}  // namespace cloakroom
