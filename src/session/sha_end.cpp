// SPDX-License-Identifier: MIT
#define OPENSSL_SUPPRESS_DEPRECATED  // hmac.hpp says why
#include "session/sha_end.hpp"

#include <openssl/crypto.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cloakroom {
namespace {

constexpr std::size_t block_bytes = 64;
static_assert(block_bytes == SHA_CBLOCK);
static_assert(block_bytes == SHA256_CBLOCK);

// Behind a rest come a bit and the number of all bits.
constexpr std::size_t most_rest_bytes = block_bytes - 1 - sizeof(std::uint64_t);

using last_block = std::array<unsigned char, block_bytes>;

void put_word(std::uint32_t word, unsigned char* out) noexcept {
    for (unsigned at = 0; at < sizeof word; ++at) {
        out[at] = static_cast<unsigned char>(word >> (8 * (sizeof word - 1 - at)));
    }
}

// REQUIRES: at most most_rest_bytes.
template <class State>
void fill(last_block& block, const State& state, std::string_view rest) noexcept {
    block.fill(0);
    std::memcpy(block.data(), rest.data(), rest.size());
    block[rest.size()] = 0x80;
    const std::uint64_t bits =
        (std::uint64_t{state.Nh} << 32 | state.Nl) + 8 * std::uint64_t{rest.size()};
    put_word(static_cast<std::uint32_t>(bits >> 32), &block[block_bytes - 8]);
    put_word(static_cast<std::uint32_t>(bits), &block[block_bytes - 4]);
}

}  // namespace

void sha256_end(SHA256_CTX& state, std::string_view rest, unsigned char* digest) noexcept {
    if (rest.size() > most_rest_bytes) {
        SHA256_Update(&state, rest.data(), rest.size());
        SHA256_Final(digest, &state);
        return;
    }
    last_block block;
    fill(block, state, rest);
    SHA256_Transform(&state, block.data());
    OPENSSL_cleanse(block.data(), block.size());
    for (const SHA_LONG word : state.h) {
        put_word(word, digest);
        digest += sizeof word;
    }
}

void sha1_end(SHA_CTX& state, std::string_view rest, unsigned char* digest) noexcept {
    if (rest.size() > most_rest_bytes) {
        SHA1_Update(&state, rest.data(), rest.size());
        SHA1_Final(digest, &state);
        return;
    }
    last_block block;
    fill(block, state, rest);
    SHA1_Transform(&state, block.data());
    OPENSSL_cleanse(block.data(), block.size());
    for (const SHA_LONG word : {state.h0, state.h1, state.h2, state.h3, state.h4}) {
        put_word(word, digest);
        digest += sizeof word;
    }
}

}  // namespace cloakroom
