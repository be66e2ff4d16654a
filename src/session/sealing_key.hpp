// SPDX-License-Identifier: MIT
// One key that seals and opens messages, from many threads at once and without a lock.
#pragma once

#include "session/aes_gcm.hpp"
#include "session/nonce_sequence.hpp"
#include "session/process_mark.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace cloakroom {

/// AES-256-GCM with a key derived from a secret and bound to a purpose.
///
/// There is one working state a processor. A thread takes that of the processor it runs on, and puts
/// it back; finding none, it copies another. Each state has a sequence of nonces of its own.
///
/// Thread-safe, but for construction. Works on in a forked process.
class sealing_key {
public:
    static constexpr std::size_t id_bytes = 4;
    static constexpr std::size_t nonce_bytes = aes_gcm::nonce_bytes;
    static constexpr std::size_t tag_bytes = aes_gcm::tag_bytes;

    /// @param process  Must outlive it.
    /// @throws std::runtime_error when OpenSSL cannot.
    sealing_key(std::string_view purpose, std::string_view secret, process_mark& process);
    sealing_key(const sealing_key&) = delete;
    sealing_key& operator=(const sealing_key&) = delete;
    ~sealing_key();

    /// Names the key; tells nothing about it. id_bytes bytes.
    [[nodiscard]] std::string_view id() const noexcept { return {derived_.id.data(), id_bytes}; }

    /// Encrypts `text` in place under a nonce of its choice.
    ///
    /// @return False when OpenSSL cannot.
    /// @throws std::bad_alloc.
    /// @throws std::system_error when the operating system gives no random bytes.
    [[nodiscard]] bool seal(std::span<char, nonce_bytes> nonce, std::span<char> text,
                            std::span<char, tag_bytes> tag);

    /// Decrypts `text` in place; its contents are unspecified unless this returns true.
    ///
    /// @return Whether it was sealed with this key and that nonce.
    /// @throws std::bad_alloc.
    [[nodiscard]] bool open(std::span<const char, nonce_bytes> nonce, std::span<char> text,
                            std::span<const char, tag_bytes> tag);

private:
    struct derivation {
        derivation(std::string_view purpose, std::string_view secret);
        [[nodiscard]] aes_gcm cipher();

        std::array<char, id_bytes> id;
        std::array<char, aes_gcm::key_bytes> key;
    };
    struct state {
        aes_gcm cipher;
        nonce_sequence nonces;
    };
    struct alignas(64) slot {
        std::atomic<state*> kept = nullptr;
    };
    class lease;

    derivation derived_;
    aes_gcm original_;  // never used but to be copied
    process_mark* process_;
    std::vector<slot> slots_;
};

}  // namespace cloakroom
