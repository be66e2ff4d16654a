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

std::array<OSSL_PARAM, 2> tag_parameter(char* tag) noexcept {
    return {OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, aes_gcm::tag_bytes),
            OSSL_PARAM_construct_end()};
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

aes_gcm::aes_gcm(std::span<const char, key_bytes> key) : context_(EVP_CIPHER_CTX_new()) {
    const std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher{
        EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr), &EVP_CIPHER_free};
    if (!context_ || EVP_CipherInit_ex2(context_.get(), cipher.get(), octets(key.data()), nullptr,
                                        to_seal, nullptr) != 1) {
        throw std::runtime_error("AES-256-GCM failed in OpenSSL");
    }
}

aes_gcm::aes_gcm(const aes_gcm& other) : context_(EVP_CIPHER_CTX_new()) {
    if (!context_ || EVP_CIPHER_CTX_copy(context_.get(), other.context_.get()) != 1) {
        throw std::bad_alloc();
    }
}

aes_gcm::~aes_gcm() = default;

bool aes_gcm::seal(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                   std::span<char, tag_bytes> tag) noexcept {
    std::array<OSSL_PARAM, 2> parameters = tag_parameter(tag.data());
    return EVP_CipherInit_ex2(context_.get(), nullptr, nullptr, octets(nonce.data()), to_seal,
                              nullptr) == 1 &&
           crypt(context_.get(), text) &&
           EVP_CIPHER_CTX_get_params(context_.get(), parameters.data()) == 1;
}

bool aes_gcm::open(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                   std::span<const char, tag_bytes> tag) noexcept {
    // OpenSSL's type serves for reading and writing; the tag is only read here.
    const std::array<OSSL_PARAM, 2> parameters = tag_parameter(const_cast<char*>(tag.data()));
    return EVP_CipherInit_ex2(context_.get(), nullptr, nullptr, octets(nonce.data()), to_open,
                              parameters.data()) == 1 &&
           crypt(context_.get(), text);
}

}  // namespace cloakroom
