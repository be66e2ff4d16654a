// SPDX-License-Identifier: MIT
#include "session/base64url.hpp"
#include "session/key_ring.hpp"
#include "session/record_codec.hpp"
#include <cloakroom/setup_error.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace cloakroom {
namespace {

// The cookie's value is the base64url of: the format's number, the id of the key, the record, and
// the HMAC-SHA256 of all that.
constexpr char format = 1;
constexpr std::size_t head_bytes = 1 + key_ring::id_bytes;
constexpr std::size_t signature_bytes = std::tuple_size_v<hmac_code>;
constexpr std::size_t frame_bytes = head_bytes + signature_bytes;

// Browsers drop cookies whose name, "=" and value are longer (RFC 6265 section 6.1).
constexpr std::size_t most_cookie_characters = 4096;
constexpr std::size_t most_bytes = base64url_decoded_size(most_cookie_characters);

constexpr std::size_t least_secret_characters = 32;

class signed_cookie_store : public session_store {
public:
    explicit signed_cookie_store(std::vector<std::string> secrets) : secrets_(std::move(secrets)) {}

    void prepare(const session_setting& setting) override {
        if (keys_) {
            throw setup_error("signed_cookie_sessions: one store serves one app; make another");
        }
        for (const std::string& secret : secrets_) {
            if (secret.size() < least_secret_characters && !setting.development) {
                throw setup_error(
                    "signed_cookie_sessions: a secret of " + std::to_string(secret.size()) +
                    " characters can be guessed; give at least 32 random ones, for example what "
                    "`openssl rand -base64 32` prints");
            }
        }
        std::string purpose = "cloakroom signed session 1";
        purpose += '\0';
        purpose += setting.cookie_name;
        keys_.emplace(purpose, secrets_);
        const std::size_t name = setting.cookie_name.size() + 1;
        most_characters_ = most_cookie_characters - std::min(most_cookie_characters, name);
    }

    [[nodiscard]] session_capabilities capabilities() const noexcept override { return {}; }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        if (!keys_) {
            return session_load::failed;
        }
        if (token.text().size() > most_characters_) {
            return session_load::invalid;
        }
        std::array<char, most_bytes> buffer;
        const std::optional<std::size_t> size = base64url_decode(token.text(), buffer.data());
        if (!size || *size < frame_bytes || buffer[0] != format) {
            return session_load::invalid;
        }
        const std::string_view bytes{buffer.data(), *size};
        const std::string_view message = bytes.substr(0, *size - signature_bytes);
        const key_ring::verdict verdict = keys_->verify(bytes.substr(1, key_ring::id_bytes),
                                                        message, bytes.substr(message.size()));
        if (verdict == key_ring::verdict::refused) {
            return session_load::invalid;
        }
        const session_load outcome = decode_record(message.substr(head_bytes), now, into.record);
        if (outcome == session_load::found) {
            into.version = 0;
            into.wants_renewal = verdict == key_ring::verdict::old;
        }
        return outcome;
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        using enum session_change::operation;
        if (change.what == erase) {
            return session_commit::committed;  // the client is told to forget its cookie
        }
        if (change.what != insert && change.record.is_expired(now)) {
            return session_commit::gone;
        }
        return keys_ ? sign(change.record, into.token) : session_commit::unavailable;
    }

private:
    session_commit sign(const session_record& record, session_token& token) const {
        const std::size_t size = frame_bytes + encoded_size(record);
        if (base64url_size(size) > most_characters_) {
            return session_commit::too_large;
        }
        std::array<char, most_bytes> bytes;
        bytes[0] = format;
        std::copy_n(keys_->active_id().begin(), key_ring::id_bytes, &bytes[1]);
        encode_record(record, &bytes[head_bytes]);
        char* const end = bytes.data() + size - signature_bytes;
        const hmac_code code = keys_->sign({bytes.data(), end});
        std::transform(code.begin(), code.end(), end,
                       [](unsigned char octet) { return static_cast<char>(octet); });
        std::array<char, most_cookie_characters> text;
        base64url_encode({bytes.data(), size}, text.data());
        token.assign({text.data(), base64url_size(size)});
        return session_commit::committed;
    }

    std::vector<std::string> secrets_;
    std::optional<key_ring> keys_;
    std::size_t most_characters_ = 0;
};

}  // namespace

std::unique_ptr<session_store> signed_cookie_sessions(signed_cookie_settings settings) {
    std::vector<std::string> secrets = std::move(settings.old_secrets);
    secrets.insert(secrets.begin(), std::move(settings.secret));
    for (auto each = secrets.begin(); each != secrets.end(); ++each) {
        if (each->empty()) {
            throw setup_error(
                "signed_cookie_sessions: a secret is empty; give one, for example what "
                "`openssl rand -base64 32` prints");
        }
        if (std::find(secrets.begin(), each, *each) != each) {
            throw setup_error("signed_cookie_sessions: two secrets are equal; remove one of them");
        }
    }
    return std::make_unique<signed_cookie_store>(std::move(secrets));
}

}  // namespace cloakroom
