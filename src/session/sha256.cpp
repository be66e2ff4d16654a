// SPDX-License-Identifier: MIT
#define OPENSSL_SUPPRESS_DEPRECATED  // hmac.hpp says why
#include "session/sha256.hpp"

#include "session/sha_end.hpp"

namespace cloakroom {

sha256_digest sha256(std::string_view bytes) noexcept {
    sha256_digest digest;
    SHA256_CTX state;
    SHA256_Init(&state);
    sha256_end(state, bytes, digest.data());
    return digest;
}

}  // namespace cloakroom
