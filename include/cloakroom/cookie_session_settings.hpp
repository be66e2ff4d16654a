// SPDX-License-Identifier: MIT
// The settings that the stores in the client's cookie share: signed_cookie_sessions() and
// sealed_cookie_sessions().
#pragma once

#include <cloakroom/session_revocations.hpp>
#include <cloakroom/session_store.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cloakroom {

/// Settings of a store in the client's cookie.
struct cookie_session_settings {
    /// Makes and opens cookies. At least 32 characters of a random text, for example of
    /// `openssl rand -base64 32`; shorter ones are accepted in development only.
    std::string secret;

    /// Secrets of before: they still open cookies, which are then made anew with `secret`.
    std::vector<std::string> old_secrets = {};

    /// Takes the sessions that are too large for a cookie, for example memory_sessions(); the cookie
    /// then holds a reference, and the session stays there. Empty: they are
    /// `session_commit::too_large`.
    std::shared_ptr<session_store> spill_to = nullptr;

    /// Lets sessions be ended although their cookies are out. Cookies from before it was set are
    /// not accepted.
    std::optional<revocation_setting> revocations = std::nullopt;
};

}  // namespace cloakroom
