// SPDX-License-Identifier: MIT
// Characters as OpenSSL's functions take them.
#pragma once

namespace cloakroom {

[[nodiscard]] inline unsigned char* octets(char* bytes) noexcept {
    return reinterpret_cast<unsigned char*>(bytes);
}

[[nodiscard]] inline const unsigned char* octets(const char* bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes);
}

}  // namespace cloakroom
