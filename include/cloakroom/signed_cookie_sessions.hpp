// SPDX-License-Identifier: MIT
// Sessions in the client's cookie, signed: no server-side state, any process with the secret serves
// them. The client can read the contents but not change them.
#pragma once

#include <cloakroom/cookie_session_settings.hpp>
#include <cloakroom/session_store.hpp>

#include <memory>

namespace cloakroom {

/// A store in the cookie: HMAC-SHA256 over contents, deadlines and cookie name.
///
/// Two concurrent requests of one client can overwrite each other's change: this store cannot
/// compare and swap. Without `revocations`, a cookie that was copied stays valid until it expires.
/// At most 4,096 bytes of cookie: more goes to `spill_to`, or is `session_commit::too_large`.
///
/// @throws setup_error when a secret is empty or there twice, or the revocations lack a store.
[[nodiscard]] std::unique_ptr<session_store> signed_cookie_sessions(
    const cookie_session_settings& settings);

}  // namespace cloakroom
