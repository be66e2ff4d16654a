// SPDX-License-Identifier: MIT
// The end of SHA-1 and SHA-256 over a short rest, in one call of OpenSSL's compression function.
#pragma once

#include <openssl/sha.h>

#include <string_view>

namespace cloakroom {

/// What SHA256_Update() with `rest` and SHA256_Final() give, in less time where `rest` fits into one
/// block with its padding: 55 bytes. REQUIRES: the state has taken whole blocks only.
///
/// @param digest  Room for SHA256_DIGEST_LENGTH bytes.
///
/// Leaves nothing of `rest` in memory. Thread-safe for states of the caller's own.
void sha256_end(SHA256_CTX& state, std::string_view rest, unsigned char* digest) noexcept;

/// The same of SHA-1; SHA_DIGEST_LENGTH bytes.
void sha1_end(SHA_CTX& state, std::string_view rest, unsigned char* digest) noexcept;

}  // namespace cloakroom
