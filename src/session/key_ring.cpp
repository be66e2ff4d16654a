// SPDX-License-Identifier: MIT
#include "session/key_ring.hpp"

#include "session/sha256.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace cloakroom {

key_ring::signing_key key_ring::derive(std::string_view purpose, std::string_view secret) {
    hmac_code derived = hmac_sha256(secret).code(purpose);
    signing_key made{{}, hmac_sha256(bytes_of(derived))};
    const sha256_digest digest = sha256(bytes_of(derived));
    std::copy_n(bytes_of(digest).begin(), id_bytes, made.id.begin());
    OPENSSL_cleanse(derived.data(), derived.size());
    return made;
}

key_ring::key_ring(std::string_view purpose, std::span<const std::string> secrets) {
    keys_.reserve(secrets.size());
    for (const std::string& secret : secrets) {
        keys_.push_back(derive(purpose, secret));
    }
}

std::string_view key_ring::active_id() const noexcept {
    return {keys_.front().id.data(), id_bytes};
}

hmac_code key_ring::sign(std::string_view message) const {
    return keys_.front().hmac.code(message);
}

key_ring::verdict key_ring::verify(std::string_view id, std::string_view message,
                                   std::string_view signature) const {
    for (const signing_key& key : keys_) {
        // Two keys may have the same id, however unlikely: a wrong code does not end the search.
        if (id == std::string_view{key.id.data(), id_bytes} &&
            key.hmac.verify(message, signature)) {
            return &key == &keys_.front() ? verdict::active : verdict::old;
        }
    }
    return verdict::refused;
}

}  // namespace cloakroom
