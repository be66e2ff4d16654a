// SPDX-License-Identifier: MIT
// Puts what the settings ask for around a store in the cookie.
#pragma once

#include "session/cookie_store.hpp"
#include "session/revocable_sessions.hpp"
#include "session/spilling_sessions.hpp"
#include <cloakroom/cookie_session_settings.hpp>

#include <memory>
#include <string>
#include <utility>

namespace cloakroom {

/// A store in the cookie with a place for large sessions and with revocations, where wanted.
///
/// Revocations go around both, so that a session has one id wherever it lies: one that was spilled
/// is ended together with the cookies that it had before.
///
/// @param from  Settings with spill_to and revocations.
/// @throws setup_error as revocable().
template <class Settings>
[[nodiscard]] std::unique_ptr<session_store> layered(std::unique_ptr<session_store> cookie,
                                                     const Settings& from) {
    if (from.spill_to) {
        cookie = spilling(std::move(cookie), from.spill_to);
    }
    if (from.revocations) {
        cookie = revocable(std::move(cookie), *from.revocations);
    }
    return cookie;
}

/// A cookie_store so layered.
///
/// @param name  Of the store, for errors.
/// @throws setup_error as cookie_secrets and revocable().
template <class Protection>
[[nodiscard]] std::unique_ptr<session_store> layered_cookie_store(
    std::string name, const cookie_session_settings& from) {
    return layered(std::make_unique<cookie_store<Protection>>(
                       cookie_secrets(std::move(name), from.secret, from.old_secrets)),
                   from);
}

}  // namespace cloakroom
