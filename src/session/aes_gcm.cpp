// SPDX-License-Identifier: MIT
#include "session/aes_gcm.hpp"

#include "session/octets.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <array>
#include <new>
#include <stdexcept>
#include <string_view>

namespace cloakroom {
namespace {

constexpr int to_seal = 1;
constexpr int to_open = 0;

// What OSSL_PARAM_construct_octet_string() gives, without a call into the library.
OSSL_PARAM octet_string(const char* key, char* bytes, std::size_t size) noexcept {
    return {key, OSSL_PARAM_OCTET_STRING, bytes, size, OSSL_PARAM_UNMODIFIED};
}

constexpr OSSL_PARAM end_of_parameters = OSSL_PARAM_END;

OSSL_PARAM tag_parameter(char* tag) noexcept {
    return octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, aes_gcm::tag_bytes);
}

// OpenSSL's type serves for reading and writing, so it takes no const.
OSSL_PARAM tag_parameter(const char* tag) noexcept {
    return tag_parameter(const_cast<char*>(tag));
}

// In TLS a part of a nonce is fixed. A length of -1 makes it the whole nonce, as with
// EVP_CTRL_AEAD_SET_IV_FIXED, and spares EVP_CipherInit_ex2(). That asks the provider each time how
// long a nonce is, which in OpenSSL 3.0 costs more than encrypting a small session.
OSSL_PARAM nonce_parameter(const char* nonce) noexcept {
    return octet_string(OSSL_CIPHER_PARAM_AEAD_TLS1_IV_FIXED, const_cast<char*>(nonce),
                        static_cast<std::size_t>(-1));
}

using fetched_cipher = std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)>;

fetched_cipher fetch_cipher() noexcept {
    return {EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr), &EVP_CIPHER_free};
}

// Another provider might take a length of -1 at its word, and read that far.
bool is_of_openssl(const EVP_CIPHER* cipher) noexcept {
    const OSSL_PROVIDER* const provider =
        cipher != nullptr ? EVP_CIPHER_get0_provider(cipher) : nullptr;
    return provider != nullptr && std::string_view{OSSL_PROVIDER_get0_name(provider)} == "default";
}

EVP_CIPHER_CTX* new_context(std::span<const char, aes_gcm::key_bytes> key, int direction) {
    EVP_CIPHER_CTX* const made = EVP_CIPHER_CTX_new();
    if (made == nullptr || EVP_CipherInit_ex2(made, fetch_cipher().get(), octets(key.data()),
                                              nullptr, direction, nullptr) != 1) {
        EVP_CIPHER_CTX_free(made);
        throw std::runtime_error("AES-256-GCM failed in OpenSSL");
    }
    return made;
}

EVP_CIPHER_CTX* copy_of(const EVP_CIPHER_CTX* other) {
    EVP_CIPHER_CTX* const made = EVP_CIPHER_CTX_new();
    if (made == nullptr || EVP_CIPHER_CTX_copy(made, other) != 1) {
        EVP_CIPHER_CTX_free(made);
        throw std::bad_alloc();
    }
    return made;
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

aes_gcm::calls aes_gcm::quickest_calls() {
    if (!is_of_openssl(fetch_cipher().get())) {
        return calls::documented;
    }
    constexpr std::array<char, key_bytes> key{};
    aes_gcm plain(key, calls::documented);
    aes_gcm quick(key, calls::quick);
    for (const std::size_t size : {short_gcm::most_bytes - 1, short_gcm::most_bytes + 1}) {
        for (const char byte : {'a', 'b'}) {  // with the nonce before it, the second would show it
            std::array<char, nonce_bytes> nonce;
            nonce.fill(byte);
            std::array<char, short_gcm::most_bytes + 1> sealed{};
            std::array<char, sealed.size()> text{};
            std::array<char, tag_bytes> tag;
            std::array<char, tag_bytes> quick_tag;
            const std::span<char> part{text.data(), size};
            if (!plain.seal(nonce, {sealed.data(), size}, tag) ||
                !quick.seal(nonce, part, quick_tag) || text != sealed || quick_tag != tag ||
                !quick.open(nonce, part, tag)) {
                return calls::documented;
            }
        }
    }
    return calls::quick;
}

aes_gcm::aes_gcm(std::span<const char, key_bytes> key, calls how)
    : sealing_(new_context(key, to_seal)),
      opening_(new_context(key, to_open)),
      short_(how == calls::quick ? std::make_unique<short_gcm>(key) : nullptr) {}

aes_gcm::aes_gcm(const aes_gcm& other)
    : sealing_(copy_of(other.sealing_.get())),
      opening_(copy_of(other.opening_.get())),
      short_(other.short_ ? std::make_unique<short_gcm>(*other.short_) : nullptr) {}

aes_gcm::~aes_gcm() = default;

bool aes_gcm::seal(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                   std::span<char, tag_bytes> tag) noexcept {
    if (short_ && text.size() <= short_gcm::most_bytes) {
        return short_->seal(nonce, text, tag);
    }
    const std::array<OSSL_PARAM, 2> start = {nonce_parameter(nonce.data()), end_of_parameters};
    std::array<OSSL_PARAM, 2> end = {tag_parameter(tag.data()), end_of_parameters};
    const int started = short_ != nullptr
                            ? EVP_CIPHER_CTX_set_params(sealing_.get(), start.data())
                            : EVP_CipherInit_ex2(sealing_.get(), nullptr, nullptr,
                                                 octets(nonce.data()), to_seal, nullptr);
    return started == 1 && crypt(sealing_.get(), text) &&
           EVP_CIPHER_CTX_get_params(sealing_.get(), end.data()) == 1;
}

bool aes_gcm::open(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                   std::span<const char, tag_bytes> tag) noexcept {
    if (short_ && text.size() <= short_gcm::most_bytes) {
        return short_->open(nonce, text, tag);
    }
    if (short_) {
        const std::array<OSSL_PARAM, 3> start = {tag_parameter(tag.data()),
                                                 nonce_parameter(nonce.data()), end_of_parameters};
        return EVP_CIPHER_CTX_set_params(opening_.get(), start.data()) == 1 &&
               crypt(opening_.get(), text);
    }
    const std::array<OSSL_PARAM, 2> start = {tag_parameter(tag.data()), end_of_parameters};
    return EVP_CipherInit_ex2(opening_.get(), nullptr, nullptr, octets(nonce.data()), to_open,
                              start.data()) == 1 &&
           crypt(opening_.get(), text);
}

}  // namespace cloakroom
