// SPDX-License-Identifier: MIT
#define OPENSSL_SUPPRESS_DEPRECATED  // hmac.hpp says why
#include "session/hmac.hpp"

#include "session/sha_end.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstddef>

namespace cloakroom {
namespace {

using key_block = std::array<unsigned char, 64>;
static_assert(sizeof(key_block) == SHA_CBLOCK);
static_assert(sizeof(key_block) == SHA256_CBLOCK);

void begin(SHA_CTX& state) noexcept {
    SHA1_Init(&state);
}
void add(SHA_CTX& state, const void* bytes, std::size_t size) noexcept {
    SHA1_Update(&state, bytes, size);
}
void end(SHA_CTX& state, std::string_view rest, unsigned char* digest) noexcept {
    sha1_end(state, rest, digest);
}

void begin(SHA256_CTX& state) noexcept {
    SHA256_Init(&state);
}
void add(SHA256_CTX& state, const void* bytes, std::size_t size) noexcept {
    SHA256_Update(&state, bytes, size);
}
void end(SHA256_CTX& state, std::string_view rest, unsigned char* digest) noexcept {
    sha256_end(state, rest, digest);
}

template <class State>
State begun_with(const key_block& key, unsigned char pad) noexcept {
    key_block padded;
    std::transform(key.begin(), key.end(), padded.begin(),
                   [pad](unsigned char octet) { return static_cast<unsigned char>(octet ^ pad); });
    State state;
    begin(state);
    add(state, padded.data(), padded.size());
    OPENSSL_cleanse(padded.data(), padded.size());
    return state;
}

}  // namespace

template <class Function>
basic_hmac<Function>::basic_hmac(std::string_view key) noexcept {
    using state = typename Function::state;
    key_block block{};
    if (key.size() > block.size()) {
        state hash;
        begin(hash);
        end(hash, key, block.data());
    } else {
        std::copy(key.begin(), key.end(), block.begin());
    }
    inner_ = begun_with<state>(block, 0x36);
    outer_ = begun_with<state>(block, 0x5C);
    OPENSSL_cleanse(block.data(), block.size());
}

template <class Function>
basic_hmac<Function>::~basic_hmac() {
    OPENSSL_cleanse(&inner_, sizeof inner_);
    OPENSSL_cleanse(&outer_, sizeof outer_);
}

template <class Function>
typename basic_hmac<Function>::code_type basic_hmac<Function>::code(
    std::string_view message) const noexcept {
    code_type made;
    typename Function::state state = inner_;
    end(state, message, made.data());
    state = outer_;
    end(state, {reinterpret_cast<const char*>(made.data()), made.size()}, made.data());
    return made;
}

template <class Function>
bool basic_hmac<Function>::verify(std::string_view message,
                                  std::string_view claimed) const noexcept {
    const code_type expected = code(message);
    return claimed.size() == expected.size() &&
           CRYPTO_memcmp(claimed.data(), expected.data(), expected.size()) == 0;
}

template class basic_hmac<sha1_function>;
template class basic_hmac<sha256_function>;

}  // namespace cloakroom
