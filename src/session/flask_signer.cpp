// SPDX-License-Identifier: MIT
#include "session/flask_signer.hpp"

#include "session/base64url.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

namespace cloakroom {
namespace {

// What Flask derives the key with.
constexpr std::string_view salt = "cookie-session";

using code = hmac_sha1::code_type;
constexpr std::size_t signature_characters = base64url_size(std::tuple_size_v<code>);

constexpr std::size_t most_time_bytes = 5;
static_assert(flask_signer::last_second >> (8 * most_time_bytes) == 0);
static_assert(flask_signer::most_suffix_characters ==
              1 + base64url_size(most_time_bytes) + 1 + signature_characters);

std::string_view bytes_of(const code& octets) noexcept {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

hmac_sha1 derived_from(std::string_view secret) noexcept {
    code key = hmac_sha1(secret).code(salt);
    const hmac_sha1 made(bytes_of(key));
    OPENSSL_cleanse(key.data(), key.size());
    return made;
}

// Big-endian, without leading zero bytes.
std::optional<session_time> time_in(std::string_view text) noexcept {
    std::array<char, most_time_bytes> bytes;
    if (text.empty() || base64url_decoded_size(text.size()) > bytes.size()) {
        return std::nullopt;
    }
    const std::optional<std::size_t> size = base64url_decode(text, bytes.data());
    if (!size || bytes[0] == '\0') {
        return std::nullopt;
    }
    std::int64_t seconds = 0;
    for (std::size_t index = 0; index < *size; ++index) {
        seconds = seconds << 8 | static_cast<unsigned char>(bytes[index]);
    }
    return session_time{std::chrono::seconds{seconds}};
}

char* put_time(session_time time, char* out) noexcept {
    // 0 would be no bytes at all.
    const std::int64_t seconds =
        std::clamp<std::int64_t>(time.time_since_epoch().count(), 1, flask_signer::last_second);
    std::array<char, most_time_bytes> bytes;
    std::size_t size = 0;
    for (std::size_t left = most_time_bytes; left > 0; --left) {
        const std::int64_t rest = seconds >> (8 * (left - 1));
        if (rest != 0) {
            bytes[size++] = static_cast<char>(rest & 0xFF);
        }
    }
    base64url_encode({bytes.data(), size}, out);
    return out + base64url_size(size);
}

}  // namespace

flask_signer::flask_signer(const std::string& secret, const std::vector<std::string>& old_secrets) {
    keys_.reserve(1 + old_secrets.size());
    keys_.push_back(derived_from(secret));
    std::transform(old_secrets.begin(), old_secrets.end(), std::back_inserter(keys_), derived_from);
}

std::optional<flask_signer::signed_payload> flask_signer::verified(
    std::string_view cookie) const noexcept {
    if (cookie.size() <= signature_characters ||
        cookie[cookie.size() - signature_characters - 1] != '.') {
        return std::nullopt;
    }
    code signature;
    const std::string_view text = cookie.substr(cookie.size() - signature_characters);
    if (!base64url_decode(text, reinterpret_cast<char*>(signature.data()))) {
        return std::nullopt;
    }
    const std::string_view message = cookie.substr(0, cookie.size() - signature_characters - 1);
    const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const hmac_sha1& each) {
        return each.verify(message, bytes_of(signature));
    });
    const std::size_t dot = message.rfind('.');
    if (key == keys_.end() || dot == std::string_view::npos) {
        return std::nullopt;
    }
    const std::optional<session_time> time = time_in(message.substr(dot + 1));
    if (!time) {
        return std::nullopt;
    }
    return signed_payload{message.substr(0, dot), *time, key == keys_.begin()};
}

std::size_t flask_signer::sign(char* cookie, std::size_t payload, session_time now) const noexcept {
    char* end = cookie + payload;
    *end++ = '.';
    end = put_time(now, end);
    const code signature = keys_.front().code({cookie, static_cast<std::size_t>(end - cookie)});
    *end++ = '.';
    base64url_encode(bytes_of(signature), end);
    return static_cast<std::size_t>(end - cookie) + signature_characters;
}

}  // namespace cloakroom
