// SPDX-License-Identifier: MIT
#define OPENSSL_SUPPRESS_DEPRECATED  // hmac.hpp says why
#include "session/hmac.hpp"

#include "session/sha256.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstddef>

namespace cloakroom {
namespace {

using key_block = std::array<unsigned char, SHA256_CBLOCK>;

SHA256_CTX begun_with(const key_block& key, unsigned char pad) noexcept {
    key_block padded;
    std::transform(key.begin(), key.end(), padded.begin(),
                   [pad](unsigned char octet) { return static_cast<unsigned char>(octet ^ pad); });
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, padded.data(), padded.size());
    OPENSSL_cleanse(padded.data(), padded.size());
    return state;
}

}  // namespace

hmac_sha256::hmac_sha256(std::string_view key) noexcept {
    key_block block{};
    if (key.size() > block.size()) {
        const sha256_digest digest = sha256(key);
        std::copy(digest.begin(), digest.end(), block.begin());
    } else {
        std::copy(key.begin(), key.end(), block.begin());
    }
    inner_ = begun_with(block, 0x36);
    outer_ = begun_with(block, 0x5C);
    OPENSSL_cleanse(block.data(), block.size());
}

hmac_sha256::~hmac_sha256() {
    OPENSSL_cleanse(&inner_, sizeof inner_);
    OPENSSL_cleanse(&outer_, sizeof outer_);
}

hmac_code hmac_sha256::code(std::string_view message) const noexcept {
    hmac_code made;
    SHA256_CTX state = inner_;
    SHA256_Update(&state, message.data(), message.size());
    SHA256_Final(made.data(), &state);
    state = outer_;
    SHA256_Update(&state, made.data(), made.size());
    SHA256_Final(made.data(), &state);
    return made;
}

bool hmac_sha256::verify(std::string_view message, std::string_view claimed) const noexcept {
    const hmac_code expected = code(message);
    return claimed.size() == expected.size() &&
           CRYPTO_memcmp(claimed.data(), expected.data(), expected.size()) == 0;
}

}  // namespace cloakroom
