// SPDX-License-Identifier: MIT
#include "session/base64url.hpp"
#include "session/random_bytes.hpp"
#include "session/sha256.hpp"
#include <cloakroom/session_token.hpp>

#include <type_traits>

namespace cloakroom {

static_assert(std::is_same_v<session_token::digest_type, sha256_digest>);

session_token session_token::random() {
    std::array<char, 32> id;
    fill_random(id);
    std::string text(base64url_size(id.size()), '\0');
    base64url_encode({id.data(), id.size()}, text.data());
    return session_token{std::move(text)};
}

const session_token::digest_type& session_token::digest() const {
    if (!digest_) {
        digest_ = sha256(text_);
    }
    return *digest_;
}

}  // namespace cloakroom
