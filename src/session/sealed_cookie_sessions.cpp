// SPDX-License-Identifier: MIT
#include "session/cookie_layers.hpp"
#include "session/cookie_store.hpp"
#include "session/process_mark.hpp"
#include "session/sealing_key.hpp"
#include <cloakroom/sealed_cookie_sessions.hpp>

#include <algorithm>
#include <deque>
#include <new>
#include <string>
#include <system_error>

namespace cloakroom {
namespace {

// A frame is its format's number, the id of the key, a nonce, the record under AES-256-GCM, and the
// tag. Nothing before the ciphertext needs to be authenticated data: the number and the cookie's
// name are in the derivation of the key, the id chooses the key, and the nonce enters the tag. So
// who changes one of them has the tag checked with another key or another nonce.
class seal {
public:
    static constexpr char format = 2;  // 1 is the signed one
    static constexpr std::size_t head_bytes = 1 + sealing_key::id_bytes + sealing_key::nonce_bytes;
    static constexpr std::size_t tail_bytes = sealing_key::tag_bytes;
    static constexpr session_capabilities capabilities{.confidential = true};

    seal(std::string_view cookie_name, std::span<const std::string> secrets) {
        std::string purpose = "cloakroom sealed session 2";
        purpose += '\0';
        purpose += cookie_name;
        for (const std::string& secret : secrets) {
            keys_.emplace_back(purpose, secret, process_);
        }
    }

    [[nodiscard]] bool protect(std::span<char> frame) {
        sealing_key& active = keys_.front();
        std::copy_n(active.id().begin(), sealing_key::id_bytes, &frame[1]);
        try {
            return active.seal(nonce_of(frame), text_of(frame), frame.last<tail_bytes>());
        } catch (const std::system_error&) {  // no random bytes
        } catch (const std::bad_alloc&) {}
        return false;
    }

    [[nodiscard]] cookie_opening open(std::span<char> frame) {
        const std::string_view id{&frame[1], sealing_key::id_bytes};
        try {
            // If two keys had the same id (one chance in 2^32), cookies of the second would be
            // refused: opening in place leaves nothing for a second try.
            for (sealing_key& key : keys_) {
                if (id == key.id()) {
                    return open(key, frame);
                }
            }
        } catch (const std::bad_alloc&) {
            return cookie_opening::failed;
        }
        return cookie_opening::refused;
    }

private:
    static std::span<char, sealing_key::nonce_bytes> nonce_of(std::span<char> frame) {
        return frame.subspan<1 + sealing_key::id_bytes, sealing_key::nonce_bytes>();
    }
    static std::span<char> text_of(std::span<char> frame) {
        return frame.subspan(head_bytes, frame.size() - head_bytes - tail_bytes);
    }

    [[nodiscard]] cookie_opening open(sealing_key& key, std::span<char> frame) {
        if (!key.open(nonce_of(frame), text_of(frame), frame.last<tail_bytes>())) {
            return cookie_opening::refused;
        }
        return &key == &keys_.front() ? cookie_opening::active : cookie_opening::old;
    }

    process_mark process_;
    std::deque<sealing_key> keys_;  // it never moves one
};

}  // namespace

std::unique_ptr<session_store> sealed_cookie_sessions(const cookie_session_settings& settings) {
    return layered_cookie_store<seal>("sealed_cookie_sessions", settings);
}

}  // namespace cloakroom
