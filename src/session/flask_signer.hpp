// SPDX-License-Identifier: MIT
// The signature of Flask's session cookie: PAYLOAD "." TIME "." SIGNATURE, as itsdangerous makes it.
// Knows nothing of what the payload holds.
#pragma once

#include "session/hmac.hpp"
#include <cloakroom/session_record.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {

/// Signs with one secret, verifies with it and older ones. Thread-safe.
class flask_signer {
public:
    /// The times that it takes: seconds of 1970 and later in at most five bytes.
    static constexpr std::int64_t last_second = (std::int64_t{1} << 40) - 1;

    static constexpr std::size_t most_suffix_characters = 36;

    struct signed_payload {
        std::string_view payload;  ///< Part of the cookie.
        session_time time;         ///< When it was signed.
        bool is_by_active_key;
    };

    flask_signer(const std::string& secret, const std::vector<std::string>& old_secrets);

    /// What a cookie says that one of the secrets signed; empty for any other text. Strict: a
    /// signature and a time have one form.
    [[nodiscard]] std::optional<signed_payload> verified(std::string_view cookie) const noexcept;

    /// Puts time and signature after the first `payload` characters of `cookie`.
    ///
    /// @return The characters of the cookie, at most `payload` and most_suffix_characters.
    [[nodiscard]] std::size_t sign(char* cookie, std::size_t payload,
                                   session_time now) const noexcept;

private:
    std::vector<hmac_sha1> keys_;  // the active one first
};

}  // namespace cloakroom
