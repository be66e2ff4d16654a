// SPDX-License-Identifier: MIT
#include "server_certificate.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace cloakroom::redis {
namespace {

using key = std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)>;
using certificate = std::unique_ptr<X509, decltype(&::X509_free)>;
using file = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

void check(bool worked, const char* what) {
    if (!worked) {
        throw std::runtime_error(std::string{"no test certificate: "} + what);
    }
}

void extend(X509& subject, X509& issuer, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, &issuer, &subject, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    check(extension != nullptr, value);
    X509_add_ext(&subject, extension, -1);
    X509_EXTENSION_free(extension);
}

// Not signed yet.
certificate unsigned_certificate(const char* name, long serial, EVP_PKEY& own_key) {
    certificate made{X509_new(), &::X509_free};
    check(made != nullptr, "X509_new");
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 24L * 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    check(X509_set_pubkey(made.get(), &own_key) == 1, "X509_set_pubkey");
    return made;
}

void sign(X509& subject, X509& issuer, EVP_PKEY& issuer_key) {
    X509_set_issuer_name(&subject, X509_get_subject_name(&issuer));
    check(X509_sign(&subject, &issuer_key, EVP_sha256()) > 0, "X509_sign");
}

file open_file(const std::filesystem::path& path) {
    file opened{std::fopen(path.c_str(), "w"), &std::fclose};
    check(opened != nullptr, path.c_str());
    return opened;
}

}  // namespace

void write_server_certificate(const std::filesystem::path& directory) {
    const key authority_key{EVP_EC_gen("P-256"), &::EVP_PKEY_free};
    const key server_key{EVP_EC_gen("P-256"), &::EVP_PKEY_free};
    check(authority_key && server_key, "EVP_EC_gen");

    const certificate authority = unsigned_certificate("test authority", 1, *authority_key);
    extend(*authority, *authority, NID_basic_constraints, "critical,CA:TRUE");
    extend(*authority, *authority, NID_key_usage, "critical,keyCertSign");
    extend(*authority, *authority, NID_subject_key_identifier, "hash");
    sign(*authority, *authority, *authority_key);

    const certificate server = unsigned_certificate("localhost", 2, *server_key);
    extend(*server, *authority, NID_basic_constraints, "critical,CA:FALSE");
    extend(*server, *authority, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    extend(*server, *authority, NID_authority_key_identifier, "keyid");
    sign(*server, *authority, *authority_key);

    check(PEM_write_X509(open_file(directory / "ca.pem").get(), authority.get()) == 1, "ca.pem");
    check(PEM_write_X509(open_file(directory / "server.pem").get(), server.get()) == 1,
          "server.pem");
    check(PEM_write_PrivateKey(open_file(directory / "server.key").get(), server_key.get(), nullptr,
                               nullptr, 0, nullptr, nullptr) == 1,
          "server.key");
}

}  // namespace cloakroom::redis
