// SPDX-License-Identifier: MIT
#include "session/sha256.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace cloakroom {
namespace {

// Fetching costs more than hashing a token, so it is done once. A constant after that, kept until
// the process ends.
const EVP_MD* algorithm() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched;
}

}  // namespace

sha256_digest sha256(std::string_view bytes) {
    sha256_digest digest;
    const EVP_MD* const sha = algorithm();
    if (sha == nullptr ||
        EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha, nullptr) != 1) {
        throw std::runtime_error("OpenSSL did not compute a SHA-256 digest");
    }
    return digest;
}

}  // namespace cloakroom
