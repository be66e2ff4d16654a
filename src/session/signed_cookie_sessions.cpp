// SPDX-License-Identifier: MIT
#include "session/cookie_layers.hpp"
#include "session/cookie_store.hpp"
#include "session/key_ring.hpp"
#include <cloakroom/signed_cookie_sessions.hpp>

#include <algorithm>
#include <string>
#include <tuple>

namespace cloakroom {
namespace {

// A frame is its format's number, the id of the key, the record, and the HMAC-SHA256 of all that.
class signature {
public:
    static constexpr char format = 1;
    static constexpr std::size_t head_bytes = 1 + key_ring::id_bytes;
    static constexpr std::size_t tail_bytes = std::tuple_size_v<hmac_code>;
    static constexpr session_capabilities capabilities{};

    signature(std::string_view cookie_name, std::span<const std::string> secrets)
        : keys_(purpose_of(cookie_name), secrets) {}

    [[nodiscard]] bool protect(std::span<char> frame) const {
        std::copy_n(keys_.active_id().begin(), key_ring::id_bytes, &frame[1]);
        const std::span<char> message = frame.first(frame.size() - tail_bytes);
        const hmac_code code = keys_.sign({message.data(), message.size()});
        std::transform(code.begin(), code.end(), frame.last(tail_bytes).begin(),
                       [](unsigned char octet) { return static_cast<char>(octet); });
        return true;
    }

    [[nodiscard]] cookie_opening open(std::span<const char> frame) const {
        const std::string_view whole{frame.data(), frame.size()};
        const std::string_view message = whole.substr(0, whole.size() - tail_bytes);
        switch (keys_.verify(whole.substr(1, key_ring::id_bytes), message,
                             whole.substr(message.size()))) {
            case key_ring::verdict::active:
                return cookie_opening::active;
            case key_ring::verdict::old:
                return cookie_opening::old;
            case key_ring::verdict::refused:
                break;
        }
        return cookie_opening::refused;
    }

private:
    static std::string purpose_of(std::string_view cookie_name) {
        std::string purpose = "cloakroom signed session 1";
        purpose += '\0';
        return purpose += cookie_name;
    }

    key_ring keys_;
};

}  // namespace

std::unique_ptr<session_store> signed_cookie_sessions(const cookie_session_settings& settings) {
    return layered_cookie_store<signature>("signed_cookie_sessions", settings);
}

}  // namespace cloakroom
