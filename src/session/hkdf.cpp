// SPDX-License-Identifier: MIT
#include "session/hkdf.hpp"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace cloakroom {
namespace {

OSSL_PARAM octets(const char* name, std::string_view value) noexcept {
    // OpenSSL's type serves for reading and writing; these are only read.
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(value.data()), value.size());
}

}  // namespace

void hkdf_sha256(std::string_view secret, std::string_view info, std::span<char> out) {
    const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf{
        EVP_KDF_fetch(nullptr, "HKDF", nullptr), &EVP_KDF_free};
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context{
        EVP_KDF_CTX_new(kdf.get()), &EVP_KDF_CTX_free};
    std::array<char, 7> digest{"SHA256"};
    const std::array<OSSL_PARAM, 4> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        octets(OSSL_KDF_PARAM_KEY, secret), octets(OSSL_KDF_PARAM_INFO, info),
        OSSL_PARAM_construct_end()};
    if (context == nullptr ||
        EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(out.data()), out.size(),
                       parameters.data()) != 1) {
        throw std::runtime_error("HKDF-SHA256 failed in OpenSSL");
    }
}

}  // namespace cloakroom
