// SPDX-License-Identifier: MIT
#define OPENSSL_SUPPRESS_DEPRECATED  // hmac.hpp says why
#include "session/sha_end.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace cloakroom {
namespace {

constexpr std::size_t block_bytes = 64;

std::string text_of(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t at = 0; at < size; ++at) {
        text[at] = static_cast<char>(at * 7 + size);
    }
    return text;
}

// Where the padding is a block of its own, and where it is not.
TEST(ShaEnd, GivesForAnyRestWhatOpenSslGives) {
    for (std::size_t blocks = 0; blocks < 3; ++blocks) {
        for (std::size_t size = 0; size <= 2 * block_bytes; ++size) {
            const std::string before = text_of(blocks * block_bytes);
            const std::string rest = text_of(size);
            SHA256_CTX state;
            SHA256_Init(&state);
            SHA256_Update(&state, before.data(), before.size());
            SHA256_CTX same = state;
            SHA256_Update(&same, rest.data(), rest.size());
            std::array<unsigned char, SHA256_DIGEST_LENGTH> expected;
            SHA256_Final(expected.data(), &same);
            std::array<unsigned char, SHA256_DIGEST_LENGTH> made;
            sha256_end(state, rest, made.data());
            ASSERT_EQ(made, expected) << size << " bytes behind blocks: " << blocks;
        }
    }
}

TEST(ShaEnd, GivesForAnyRestWhatOpenSslGivesForSha1) {
    for (std::size_t blocks = 0; blocks < 3; ++blocks) {
        for (std::size_t size = 0; size <= 2 * block_bytes; ++size) {
            const std::string before = text_of(blocks * block_bytes);
            const std::string rest = text_of(size);
            SHA_CTX state;
            SHA1_Init(&state);
            SHA1_Update(&state, before.data(), before.size());
            SHA_CTX same = state;
            SHA1_Update(&same, rest.data(), rest.size());
            std::array<unsigned char, SHA_DIGEST_LENGTH> expected;
            SHA1_Final(expected.data(), &same);
            std::array<unsigned char, SHA_DIGEST_LENGTH> made;
            sha1_end(state, rest, made.data());
            ASSERT_EQ(made, expected) << size << " bytes behind blocks: " << blocks;
        }
    }
}

}  // namespace
}  // namespace cloakroom
