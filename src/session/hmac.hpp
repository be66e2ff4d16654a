// SPDX-License-Identifier: MIT
// HMAC-SHA256 with one key, many times and from many threads.
#pragma once

#include <openssl/sha.h>

#include <array>
#include <string_view>

namespace cloakroom {

using hmac_code = std::array<unsigned char, 32>;

/// HMAC-SHA256 (RFC 2104) under one key, whose two padded blocks are hashed once.
///
/// On OpenSSL's SHA256_* functions, which OpenSSL 3 deprecates but keeps: a state of theirs is a
/// plain value that is copied to begin a code. Its EVP interface takes four allocations and twice
/// the time for a short message (bench/session_bench).
class hmac_sha256 {
public:
    explicit hmac_sha256(std::string_view key) noexcept;
    hmac_sha256(const hmac_sha256&) = default;
    hmac_sha256& operator=(const hmac_sha256&) = default;
    ~hmac_sha256();

    /// The code of `message`. Thread-safe. Allocates nothing.
    [[nodiscard]] hmac_code code(std::string_view message) const noexcept;

    /// Whether `claimed` is the code of `message`, in a time that does not tell how much of it is
    /// right. Thread-safe.
    [[nodiscard]] bool verify(std::string_view message, std::string_view claimed) const noexcept;

private:
    SHA256_CTX inner_;  // as good as the key, so wiped
    SHA256_CTX outer_;
};

}  // namespace cloakroom
