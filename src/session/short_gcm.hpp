// SPDX-License-Identifier: MIT
// AES-256-GCM (NIST SP 800-38D) of short messages, in place, in less time than one takes through
// EVP. OpenSSL does the cryptography here as well: it is called for blocks and hashes, not for GCM.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

struct evp_cipher_ctx_st;
struct gcm128_context;

namespace cloakroom {

/// One key for messages of at most most_bytes: all blocks of a message's key stream are made in one
/// call, so that the CPU works on them side by side. Not thread-safe.
class short_gcm {
public:
    static constexpr std::size_t key_bytes = 32;
    static constexpr std::size_t nonce_bytes = 12;
    static constexpr std::size_t tag_bytes = 16;
    /// About where EVP gets as fast.
    static constexpr std::size_t most_bytes = 480;

    /// @throws std::runtime_error when OpenSSL cannot.
    explicit short_gcm(std::span<const char, key_bytes> key);
    /// The same key, a state of its own. Several threads may copy one that nobody uses.
    ///
    /// @throws std::bad_alloc.
    short_gcm(const short_gcm& other);
    short_gcm& operator=(const short_gcm&) = delete;
    ~short_gcm();

    /// As aes_gcm::seal(). REQUIRES: at most most_bytes.
    [[nodiscard]] bool seal(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                            std::span<char, tag_bytes> tag) noexcept;

    /// As aes_gcm::open(). REQUIRES: at most most_bytes.
    [[nodiscard]] bool open(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                            std::span<const char, tag_bytes> tag) noexcept;

private:
    static constexpr std::size_t block_bytes = 16;
    // Of the counters: 0, which is the hash key's when the nonce is 0 too, 1, which is the tag's,
    // and those of the text.
    static constexpr std::size_t most_blocks = 2 + most_bytes / block_bytes;

    struct free_cipher {
        void operator()(evp_cipher_ctx_st* context) const noexcept;
    };
    struct free_hash {
        void operator()(gcm128_context* context) const noexcept;
    };
    class use;

    [[nodiscard]] bool make_blocks(std::span<const char, nonce_bytes> nonce,
                                   std::size_t count) noexcept;
    void make_hash();
    [[nodiscard]] const unsigned char* block_of(const unsigned char* counter) const noexcept;

    // What OpenSSL calls for the cipher; `key` is the short_gcm.
    static void take_block(const unsigned char* counter, unsigned char* out,
                           const void* key) noexcept;
    static void add_blocks(const unsigned char* in, unsigned char* out, std::size_t count,
                           const void* key, const unsigned char* counter) noexcept;

    std::unique_ptr<evp_cipher_ctx_st, free_cipher> cipher_;  // ECB
    std::unique_ptr<gcm128_context, free_hash> hash_;
    std::array<unsigned char, most_blocks * block_bytes> blocks_;  // by counter; wiped after use
};

}  // namespace cloakroom
