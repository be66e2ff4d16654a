// SPDX-License-Identifier: MIT
#include "session/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

struct context_deleter {
    void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
};
using context = std::unique_ptr<EVP_MAC_CTX, context_deleter>;

// A cache line each, so that processors do not slow each other down.
struct alignas(64) slot {
    std::atomic<EVP_MAC_CTX*> waiting{nullptr};
};

[[noreturn]] void refuse() {
    throw std::runtime_error("OpenSSL did not compute an HMAC-SHA256");
}

const unsigned char* octets(std::string_view bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

context keyed(std::string_view key) {
    EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    context made{EVP_MAC_CTX_new(algorithm)};
    EVP_MAC_free(algorithm);  // the context holds on to it
    std::string digest = "SHA256";
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    if (!made || EVP_MAC_init(made.get(), octets(key), key.size(), parameters.data()) != 1) {
        refuse();
    }
    return made;
}

}  // namespace

class hmac_sha256::contexts {
public:
    explicit contexts(std::string_view key)
        : first_(keyed(key)), slots_(std::max(1U, std::thread::hardware_concurrency())) {}

    ~contexts() {
        for (slot& each : slots_) {
            EVP_MAC_CTX_free(each.waiting.load(std::memory_order_relaxed));
        }
    }

    contexts(const contexts&) = delete;
    contexts& operator=(const contexts&) = delete;

    context take() {
        context taken{here().waiting.exchange(nullptr, std::memory_order_acquire)};
        if (!taken) {
            taken.reset(EVP_MAC_CTX_dup(first_.get()));  // only ever read, so by many at once
        }
        return taken;
    }

    // Frees it when the slot has another one by now.
    void put_back(context used) {
        used.reset(here().waiting.exchange(used.release(), std::memory_order_acq_rel));
    }

private:
    slot& here() noexcept {
        return slots_[static_cast<unsigned>(::sched_getcpu()) % slots_.size()];
    }

    context first_;
    std::vector<slot> slots_;
};

hmac_sha256::hmac_sha256(std::string_view key) : contexts_(std::make_unique<contexts>(key)) {}
hmac_sha256::~hmac_sha256() = default;
hmac_sha256::hmac_sha256(hmac_sha256&&) noexcept = default;
hmac_sha256& hmac_sha256::operator=(hmac_sha256&&) noexcept = default;

hmac_code hmac_sha256::code(std::string_view message) const {
    hmac_code made;
    std::size_t size = 0;
    context taken = contexts_->take();
    // Without a key, init starts over with the one that the context has.
    if (!taken || EVP_MAC_init(taken.get(), nullptr, 0, nullptr) != 1 ||
        EVP_MAC_update(taken.get(), octets(message), message.size()) != 1 ||
        EVP_MAC_final(taken.get(), made.data(), &size, made.size()) != 1) {
        refuse();
    }
    contexts_->put_back(std::move(taken));
    return made;
}

bool hmac_sha256::verify(std::string_view message, std::string_view claimed) const {
    const hmac_code expected = code(message);
    return claimed.size() == expected.size() &&
           CRYPTO_memcmp(claimed.data(), expected.data(), expected.size()) == 0;
}

}  // namespace cloakroom
