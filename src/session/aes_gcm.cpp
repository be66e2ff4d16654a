// SPDX-License-Identifier: MIT
#include "session/aes_gcm.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <new>
#include <stdexcept>

namespace cloakroom {
namespace {

constexpr int to_seal = 1;
constexpr int to_open = 0;

unsigned char* octets(char* bytes) noexcept {
    return reinterpret_cast<unsigned char*>(bytes);
}

const unsigned char* octets(const char* bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes);
}

// OpenSSL's type serves for reading and writing; what is set is only read.
OSSL_PARAM parameter(const char* name, std::span<const char> value) noexcept {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(value.data()), value.size());
}

bool crypt(EVP_CIPHER_CTX* context, std::span<char> text) noexcept {
    int written = 0;
    return EVP_CipherUpdate(context, octets(text.data()), &written, octets(text.data()),
                            static_cast<int>(text.size())) == 1 &&
           EVP_CipherFinal_ex(context, octets(text.data() + text.size()), &written) == 1;
}

}  // namespace

void aes_gcm::free_context::operator()(evp_cipher_ctx_st* context) const noexcept {
    EVP_CIPHER_CTX_free(context);  // wipes it
}

aes_gcm::aes_gcm(std::span<const char, key_bytes> key)
    : sealing_(EVP_CIPHER_CTX_new()), opening_(EVP_CIPHER_CTX_new()) {
    const std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher{
        EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr), &EVP_CIPHER_free};
    const auto begin = [&](const context& with, int direction) {
        return with && EVP_CipherInit_ex2(with.get(), cipher.get(), octets(key.data()), nullptr,
                                          direction, nullptr) == 1;
    };
    if (!begin(sealing_, to_seal) || !begin(opening_, to_open)) {
        throw std::runtime_error("AES-256-GCM failed in OpenSSL");
    }
}

aes_gcm::aes_gcm(const aes_gcm& other)
    : sealing_(EVP_CIPHER_CTX_new()), opening_(EVP_CIPHER_CTX_new()) {
    const auto copy = [](const context& from, const context& to) {
        return to && EVP_CIPHER_CTX_copy(to.get(), from.get()) == 1;
    };
    if (!copy(other.sealing_, sealing_) || !copy(other.opening_, opening_)) {
        throw std::bad_alloc();
    }
}

aes_gcm::~aes_gcm() = default;

bool aes_gcm::seal(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                   std::span<char, tag_bytes> tag) noexcept {
    std::array parameters{parameter(OSSL_CIPHER_PARAM_AEAD_TAG, tag), OSSL_PARAM_construct_end()};
    return EVP_CipherInit_ex2(sealing_.get(), nullptr, nullptr, octets(nonce.data()), to_seal,
                              nullptr) == 1 &&
           crypt(sealing_.get(), text) &&
           EVP_CIPHER_CTX_get_params(sealing_.get(), parameters.data()) == 1;
}

// EVP_CipherInit_ex2() would take the nonce too, but asks the cipher for its length each time, which
// compares some twenty names. A nonce in the two parts that TLS has is the short way. Where a cipher
// did not know it, nothing would open.
bool aes_gcm::open(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                   std::span<const char, tag_bytes> tag) noexcept {
    constexpr std::size_t fixed_bytes = 4;
    const std::array parameters{
        parameter(OSSL_CIPHER_PARAM_AEAD_TLS1_IV_FIXED, nonce.first<fixed_bytes>()),
        parameter(OSSL_CIPHER_PARAM_AEAD_TLS1_SET_IV_INV, nonce.subspan<fixed_bytes>()),
        parameter(OSSL_CIPHER_PARAM_AEAD_TAG, tag), OSSL_PARAM_construct_end()};
    return EVP_CIPHER_CTX_set_params(opening_.get(), parameters.data()) == 1 &&
           crypt(opening_.get(), text);
}

}  // namespace cloakroom
