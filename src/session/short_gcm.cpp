// SPDX-License-Identifier: MIT
#include "session/short_gcm.hpp"

#include "session/octets.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/modes.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <stdexcept>

namespace cloakroom {
namespace {

using fetched_cipher = std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)>;

}  // namespace

// The blocks that one message needs; wipes them.
class short_gcm::use {
public:
    use(short_gcm& of, std::span<const char, nonce_bytes> nonce, std::size_t text_bytes) noexcept
        : of_(&of),
          count_(2 + (text_bytes + block_bytes - 1) / block_bytes),
          is_ready_(count_ <= most_blocks && of.make_blocks(nonce, count_)) {
        if (is_ready_) {
            CRYPTO_gcm128_setiv(of.hash_.get(), octets(nonce.data()), nonce_bytes);
        }
    }
    use(const use&) = delete;
    use& operator=(const use&) = delete;
    ~use() { OPENSSL_cleanse(of_->blocks_.data(), std::min(count_, most_blocks) * block_bytes); }

    [[nodiscard]] bool is_ready() const noexcept { return is_ready_; }

private:
    short_gcm* of_;
    std::size_t count_;
    bool is_ready_;
};

void short_gcm::free_cipher::operator()(evp_cipher_ctx_st* context) const noexcept {
    EVP_CIPHER_CTX_free(context);  // wipes it
}

void short_gcm::free_hash::operator()(gcm128_context* context) const noexcept {
    CRYPTO_gcm128_release(context);  // wipes it
}

short_gcm::short_gcm(std::span<const char, key_bytes> key) : cipher_(EVP_CIPHER_CTX_new()) {
    const fetched_cipher blocks(EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr),
                                &EVP_CIPHER_free);
    if (!cipher_ || EVP_EncryptInit_ex2(cipher_.get(), blocks.get(), octets(key.data()), nullptr,
                                        nullptr) != 1) {
        throw std::runtime_error("AES-256 failed in OpenSSL");
    }
    EVP_CIPHER_CTX_set_padding(cipher_.get(), 0);
    make_hash();
}

short_gcm::short_gcm(const short_gcm& other) : cipher_(EVP_CIPHER_CTX_new()) {
    if (!cipher_ || EVP_CIPHER_CTX_copy(cipher_.get(), other.cipher_.get()) != 1) {
        throw std::bad_alloc();
    }
    make_hash();
}

short_gcm::~short_gcm() = default;

// CRYPTO_gcm128_new() asks at once for the hash key: the block of zeros, enciphered.
void short_gcm::make_hash() {
    constexpr std::array<char, nonce_bytes> zeros{};
    if (!make_blocks(zeros, 1)) {
        throw std::runtime_error("AES-256 failed in OpenSSL");
    }
    hash_.reset(CRYPTO_gcm128_new(this, &take_block));
    OPENSSL_cleanse(blocks_.data(), block_bytes);
    if (!hash_) {
        throw std::bad_alloc();
    }
}

bool short_gcm::make_blocks(std::span<const char, nonce_bytes> nonce, std::size_t count) noexcept {
    static_assert(most_blocks <= 256);  // so that a counter's last byte is all of it
    unsigned char* block = blocks_.data();
    for (std::size_t counter = 0; counter < count; ++counter, block += block_bytes) {
        std::memcpy(block, nonce.data(), nonce_bytes);
        std::memset(block + nonce_bytes, 0, block_bytes - nonce_bytes);
        block[block_bytes - 1] = static_cast<unsigned char>(counter);
    }
    int written = 0;
    return EVP_EncryptUpdate(cipher_.get(), blocks_.data(), &written, blocks_.data(),
                             static_cast<int>(count * block_bytes)) == 1;
}

const unsigned char* short_gcm::block_of(const unsigned char* counter) const noexcept {
    return blocks_.data() + counter[block_bytes - 1] % most_blocks * block_bytes;
}

void short_gcm::take_block(const unsigned char* counter, unsigned char* out,
                           const void* key) noexcept {
    std::memcpy(out, static_cast<const short_gcm*>(key)->block_of(counter), block_bytes);
}

void short_gcm::add_blocks(const unsigned char* in, unsigned char* out, std::size_t count,
                           const void* key, const unsigned char* counter) noexcept {
    const unsigned char* stream = static_cast<const short_gcm*>(key)->block_of(counter);
    for (std::size_t at = 0; at < count * block_bytes; at += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::uint64_t added = 0;
        std::memcpy(&word, in + at, sizeof word);
        std::memcpy(&added, stream + at, sizeof added);
        word ^= added;
        std::memcpy(out + at, &word, sizeof word);
    }
}

bool short_gcm::seal(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                     std::span<char, tag_bytes> tag) noexcept {
    const use blocks(*this, nonce, text.size());
    unsigned char* const bytes = octets(text.data());
    if (!blocks.is_ready() ||
        CRYPTO_gcm128_encrypt_ctr32(hash_.get(), bytes, bytes, text.size(), &add_blocks) != 0) {
        return false;
    }
    CRYPTO_gcm128_tag(hash_.get(), octets(tag.data()), tag_bytes);
    return true;
}

bool short_gcm::open(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                     std::span<const char, tag_bytes> tag) noexcept {
    const use blocks(*this, nonce, text.size());
    unsigned char* const bytes = octets(text.data());
    return blocks.is_ready() &&
           CRYPTO_gcm128_decrypt_ctr32(hash_.get(), bytes, bytes, text.size(), &add_blocks) == 0 &&
           CRYPTO_gcm128_finish(hash_.get(), octets(tag.data()), tag_bytes) == 0;
}

}  // namespace cloakroom
