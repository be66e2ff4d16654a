// SPDX-License-Identifier: MIT
// A store whose sessions are in the client's cookie: all of it but the cryptography.
#pragma once

#include "session/base64url.hpp"
#include "session/cookie_secrets.hpp"
#include "session/record_codec.hpp"
#include <cloakroom/session_store.hpp>
#include <cloakroom/setup_error.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace cloakroom {

/// What became of opening a cookie.
enum class cookie_opening {
    active,   ///< It was made with the active secret.
    old,      ///< It was made with an older one; to be made anew.
    refused,  ///< It was made with none.
    failed,   ///< For want of memory, that could not be told.
};

/// Sessions in cookies. The value is the base64url of a frame: the number of its format, the rest of
/// Protection's head, the record, and Protection's tail.
///
/// Protection makes and opens frames in place. It has
/// - `format`, `head_bytes`, `tail_bytes`, and `capabilities`;
/// - a constructor from the cookie's name and the secrets, the active one first;
/// - `bool protect(std::span<char> frame)`: false when it could not;
/// - `cookie_opening open(std::span<char> frame)`;
/// and is thread-safe.
template <class Protection>
class cookie_store : public session_store {
public:
    explicit cookie_store(cookie_secrets secrets) : secrets_(std::move(secrets)) {}

    void prepare(const session_setting& setting) override {
        if (protection_) {
            throw setup_error(secrets_.store() + ": one store serves one app; make another");
        }
        if (!setting.development) {
            secrets_.require_length();
        }
        protection_.emplace(setting.cookie_name, secrets_.all());
        const std::size_t name = setting.cookie_name.size() + 1;
        most_characters_ = most_cookie_characters - std::min(most_cookie_characters, name);
    }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return Protection::capabilities;
    }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        if (!protection_) {
            return session_load::failed;
        }
        if (token.text().size() > most_characters_) {
            return session_load::invalid;
        }
        std::array<char, most_bytes> buffer;
        const std::optional<std::size_t> size = base64url_decode(token.text(), buffer.data());
        if (!size || *size < frame_bytes || buffer[0] != Protection::format) {
            return session_load::invalid;
        }
        const cookie_opening opening = protection_->open({buffer.data(), *size});
        if (opening == cookie_opening::failed) {
            return session_load::failed;
        }
        if (opening == cookie_opening::refused) {
            return session_load::invalid;
        }
        const std::string_view record{buffer.data() + Protection::head_bytes, *size - frame_bytes};
        const session_load outcome = decode_record(record, now, into.record);
        if (outcome == session_load::found) {
            into.version = 0;
            into.wants_renewal = opening == cookie_opening::old;
        }
        return outcome;
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        using enum session_change::operation;
        if (change.what == erase) {
            return session_commit::committed;  // the client is told to forget its cookie
        }
        if (!protection_) {
            return session_commit::unavailable;
        }
        if (change.what == touch) {
            return prolong(change, now, into.token);
        }
        // That the token is good is not checked again: the change was made of what it gave.
        if (change.what != insert && change.record.is_expired(now)) {
            return session_commit::gone;
        }
        return make(change.record, into.token);
    }

private:
    // Browsers drop cookies whose name, "=" and value are longer (RFC 6265 section 6.1).
    static constexpr std::size_t most_cookie_characters = 4096;
    static constexpr std::size_t most_bytes = base64url_decoded_size(most_cookie_characters);
    static constexpr std::size_t frame_bytes = Protection::head_bytes + Protection::tail_bytes;

    session_commit prolong(const session_change& change, session_time now, session_token& token) {
        stored_session stored;
        const session_load outcome = load(change.token, now, stored);
        if (outcome != session_load::found) {
            return outcome == session_load::failed ? session_commit::unavailable
                                                   : session_commit::gone;
        }
        stored.record.used = change.record.used;
        stored.record.idle_deadline =
            std::min(change.record.idle_deadline, stored.record.absolute_deadline);
        return make(stored.record, token);
    }

    session_commit make(const session_record& record, session_token& token) {
        std::array<char, most_bytes> bytes;
        const std::size_t record_bytes = encode_record(
            record, {bytes.data() + Protection::head_bytes, most_bytes - frame_bytes});
        const std::size_t size = frame_bytes + record_bytes;
        if (record_bytes == 0 || base64url_size(size) > most_characters_) {
            return session_commit::too_large;
        }
        bytes[0] = Protection::format;
        if (!protection_->protect({bytes.data(), size})) {
            return session_commit::unavailable;
        }
        std::array<char, most_cookie_characters> text;
        base64url_encode({bytes.data(), size}, text.data());
        token.assign({text.data(), base64url_size(size)});
        return session_commit::committed;
    }

    cookie_secrets secrets_;
    std::optional<Protection> protection_;
    std::size_t most_characters_ = 0;
};

}  // namespace cloakroom
