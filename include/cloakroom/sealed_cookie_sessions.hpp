// SPDX-License-Identifier: MIT
// Sessions in the client's cookie, encrypted and authenticated: as signed_cookie_sessions(), but the
// client cannot read the contents either.
#pragma once

#include <cloakroom/cookie_session_settings.hpp>
#include <cloakroom/session_store.hpp>

#include <memory>

namespace cloakroom {

/// A store in the cookie: contents and deadlines under AES-256-GCM, with a key that is bound to the
/// cookie's name. What signed_cookie_sessions() says of concurrent requests, copies and size holds
/// here too; the size of the contents is not hidden.
///
/// @throws setup_error when a secret is empty or there twice, or the revocations lack a store.
[[nodiscard]] std::unique_ptr<session_store> sealed_cookie_sessions(
    const cookie_session_settings& settings);

}  // namespace cloakroom
