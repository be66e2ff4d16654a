// SPDX-License-Identifier: MIT
// Sessions in the client's cookie, signed: no server-side state, any process with the secret serves
// them. The client can read the contents but not change them.
#pragma once

#include <cloakroom/session_store.hpp>

#include <memory>
#include <string>
#include <vector>

namespace cloakroom {

/// Settings of signed_cookie_sessions().
struct signed_cookie_settings {
    /// Signs and verifies. At least 32 characters of a random text, for example of
    /// `openssl rand -base64 32`; shorter ones are accepted in development only.
    std::string secret;

    /// Secrets of before: they still verify, and what they verified is signed anew with `secret`.
    std::vector<std::string> old_secrets = {};
};

/// A store in the cookie: HMAC-SHA256 over contents, deadlines and cookie name.
///
/// Two concurrent requests of one client can overwrite each other's change, and a cookie that was
/// copied stays valid until it expires: this store cannot compare and swap, nor revoke. At most
/// 4,096 bytes of cookie: more is `session_commit::too_large`.
///
/// @throws setup_error when the secret, or an old one, is empty.
[[nodiscard]] std::unique_ptr<session_store> signed_cookie_sessions(
    signed_cookie_settings settings);

}  // namespace cloakroom
