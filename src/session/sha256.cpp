// SPDX-License-Identifier: MIT
#define OPENSSL_SUPPRESS_DEPRECATED  // hmac.hpp says why
#include "session/sha256.hpp"

#include <openssl/sha.h>

namespace cloakroom {

sha256_digest sha256(std::string_view bytes) noexcept {
    sha256_digest digest;
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, bytes.data(), bytes.size());
    SHA256_Final(digest.data(), &state);
    return digest;
}

}  // namespace cloakroom
