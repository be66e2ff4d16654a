// SPDX-License-Identifier: MIT
// AES-256-GCM (NIST SP 800-38D) in place, with 96-bit nonces, 128-bit tags and no additional data.
#pragma once

#include "session/short_gcm.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct evp_cipher_ctx_st;

namespace cloakroom {

/// One key with OpenSSL's working state, made once and used for many messages. Not thread-safe.
class aes_gcm {
public:
    static constexpr std::size_t key_bytes = short_gcm::key_bytes;
    static constexpr std::size_t nonce_bytes = short_gcm::nonce_bytes;
    static constexpr std::size_t tag_bytes = short_gcm::tag_bytes;

    /// How OpenSSL is called. Both give the same bytes.
    enum class calls : std::uint8_t {
        documented,  ///< As the manual of EVP has it.
        quick,       ///< In less time, where quickest_calls() says so.
    };
    /// Tries the quick ones out, with a key of its own. The documented ones where they do not work,
    /// or AES is not of OpenSSL's own provider.
    ///
    /// @throws std::runtime_error when OpenSSL cannot encrypt at all.
    [[nodiscard]] static calls quickest_calls();

    /// @throws std::runtime_error when OpenSSL cannot.
    explicit aes_gcm(std::span<const char, key_bytes> key, calls how = quickest_calls());
    /// The same key, a state of its own. Several threads may copy one that nobody uses.
    ///
    /// @throws std::bad_alloc.
    aes_gcm(const aes_gcm& other);
    aes_gcm& operator=(const aes_gcm&) = delete;
    ~aes_gcm();

    /// Encrypts `text` and gives its tag. REQUIRES: no two calls have the same nonce.
    ///
    /// @return False when OpenSSL cannot.
    [[nodiscard]] bool seal(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                            std::span<char, tag_bytes> tag) noexcept;

    /// Decrypts `text`, whose contents are unspecified unless this returns true.
    ///
    /// @return Whether the tag is that of nonce and text.
    [[nodiscard]] bool open(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                            std::span<const char, tag_bytes> tag) noexcept;

private:
    struct free_context {
        void operator()(evp_cipher_ctx_st* context) const noexcept;
    };
    using context = std::unique_ptr<evp_cipher_ctx_st, free_context>;

    // Whether a context encrypts is not to be had as a parameter: so there are two.
    context sealing_;
    context opening_;
    std::unique_ptr<short_gcm> short_;  // null with the documented calls
};

}  // namespace cloakroom
