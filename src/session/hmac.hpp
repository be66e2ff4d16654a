// SPDX-License-Identifier: MIT
// HMAC-SHA256 and HMAC-SHA1 with one key, many times and from many threads. SHA-1 is for cookies
// that another program has to understand; what is ours alone is signed with SHA-256.
#pragma once

#include <openssl/sha.h>

#include <array>
#include <string_view>

namespace cloakroom {

/// The hash functions that basic_hmac takes. Both work on blocks of 64 bytes.
struct sha1_function {
    using state = SHA_CTX;
    using digest = std::array<unsigned char, SHA_DIGEST_LENGTH>;
};
struct sha256_function {
    using state = SHA256_CTX;
    using digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;
};

/// HMAC (RFC 2104) under one key, whose two padded blocks are hashed once.
///
/// On OpenSSL's SHA1_* and SHA256_* functions, which OpenSSL 3 deprecates but keeps: a state of
/// theirs is a plain value that is copied to begin a code. Its EVP interface takes four allocations
/// and twice the time for a short message (bench/session_bench).
template <class Function>
class basic_hmac {
public:
    using code_type = typename Function::digest;

    explicit basic_hmac(std::string_view key) noexcept;
    basic_hmac(const basic_hmac&) = default;
    basic_hmac& operator=(const basic_hmac&) = default;
    ~basic_hmac();

    /// The code of `message`. Thread-safe. Allocates nothing.
    [[nodiscard]] code_type code(std::string_view message) const noexcept;

    /// Whether `claimed` is the code of `message`, in a time that does not tell how much of it is
    /// right. Thread-safe.
    [[nodiscard]] bool verify(std::string_view message, std::string_view claimed) const noexcept;

private:
    typename Function::state inner_;  // as good as the key, so wiped
    typename Function::state outer_;
};

extern template class basic_hmac<sha1_function>;
extern template class basic_hmac<sha256_function>;

using hmac_sha1 = basic_hmac<sha1_function>;
using hmac_sha256 = basic_hmac<sha256_function>;

/// What hmac_sha256 gives.
using hmac_code = hmac_sha256::code_type;

}  // namespace cloakroom
