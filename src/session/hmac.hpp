// SPDX-License-Identifier: MIT
// HMAC-SHA256 with one key, many times and from many threads.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>

namespace cloakroom {

using hmac_code = std::array<unsigned char, 32>;

/// HMAC-SHA256 (RFC 2104) under one key, set up once.
///
/// Setting up OpenSSL's context costs several times the computation, and a context serves one
/// thread at a time. So contexts that are free wait in slots, one a processor; a thread takes the
/// one of the processor it runs on, and copies the first one when there is none.
class hmac_sha256 {
public:
    /// @throws std::runtime_error when OpenSSL has no HMAC or no memory.
    explicit hmac_sha256(std::string_view key);
    ~hmac_sha256();
    hmac_sha256(hmac_sha256&&) noexcept;
    hmac_sha256& operator=(hmac_sha256&&) noexcept;

    /// The code of `message`. Thread-safe.
    ///
    /// @throws std::runtime_error when OpenSSL has no memory.
    [[nodiscard]] hmac_code code(std::string_view message) const;

    /// Whether `claimed` is the code of `message`, in a time that does not tell how much of it is
    /// right. Thread-safe.
    ///
    /// @throws std::runtime_error when OpenSSL has no memory.
    [[nodiscard]] bool verify(std::string_view message, std::string_view claimed) const;

private:
    class contexts;
    std::unique_ptr<contexts> contexts_;
};

}  // namespace cloakroom
