// SPDX-License-Identifier: MIT
#include "session/sealing_key.hpp"

#include "session/hkdf.hpp"

#include <openssl/crypto.h>

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace cloakroom {
namespace {

// Those there are, not those this process may run on: sched_getcpu() counts the former.
std::size_t processors() noexcept {
    return static_cast<std::size_t>(std::max(1L, ::sysconf(_SC_NPROCESSORS_CONF)));
}

std::size_t current_processor() noexcept {
    const int current = ::sched_getcpu();
    return current < 0 ? 0 : static_cast<std::size_t>(current);
}

}  // namespace

sealing_key::derivation::derivation(std::string_view purpose, std::string_view secret) {
    std::array<char, aes_gcm::key_bytes + id_bytes> made;
    hkdf_sha256(secret, purpose, made);
    std::copy_n(made.begin(), key.size(), key.begin());
    std::copy_n(made.begin() + key.size(), id.size(), id.begin());
    OPENSSL_cleanse(made.data(), made.size());
}

aes_gcm sealing_key::derivation::cipher() {
    struct wipe {
        std::array<char, aes_gcm::key_bytes>& key;
        ~wipe() { OPENSSL_cleanse(key.data(), key.size()); }
    };
    const wipe after{key};
    return aes_gcm{key};
}

// A state that is the caller's alone until the lease ends.
class sealing_key::lease {
public:
    explicit lease(sealing_key& key)
        : slot_(&key.slots_[current_processor() % key.slots_.size()]),
          state_(slot_->kept.exchange(nullptr, std::memory_order_acquire)) {
        if (!state_) {
            state_ = std::make_unique<state>(state{key.original_, nonce_sequence{*key.process_}});
        }
    }
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
    ~lease() {
        // Another one may lie there by now.
        state_.reset(slot_->kept.exchange(state_.release(), std::memory_order_acq_rel));
    }

    state* operator->() const noexcept { return state_.get(); }

private:
    slot* slot_;
    std::unique_ptr<state> state_;
};

sealing_key::sealing_key(std::string_view purpose, std::string_view secret, process_mark& process)
    : derived_(purpose, secret),
      original_(derived_.cipher()),
      process_(&process),
      slots_(processors()) {}

sealing_key::~sealing_key() {
    for (slot& each : slots_) {
        delete each.kept.load();
    }
}

bool sealing_key::seal(std::span<char, nonce_bytes> nonce, std::span<char> text,
                       std::span<char, tag_bytes> tag) {
    const lease leased(*this);
    leased->nonces.next(nonce);
    return leased->cipher.seal(nonce, text, tag);
}

bool sealing_key::open(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                       std::span<const char, tag_bytes> tag) {
    const lease leased(*this);
    return leased->cipher.open(nonce, text, tag);
}

}  // namespace cloakroom
