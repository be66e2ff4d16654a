// SPDX-License-Identifier: MIT
// Sessions in the client's cookie that can be ended although their cookies are out.
#pragma once

#include <cloakroom/session_revocations.hpp>
#include <cloakroom/session_store.hpp>

#include <memory>
#include <string_view>

namespace cloakroom {

/// The key under which a session's id travels in the cookie. Handlers neither see nor set it.
inline constexpr std::string_view session_id_key = "_sid";

/// A store around `cookie` that gives each session an id and asks the revocations for it: revocable,
/// and ends by owner. An id is 16 random bytes as base64url; it lasts until the session is renamed.
/// A session without one is absent, for it could not be ended.
///
/// An ended session stays ended, whatever else is signed for it at the same time.
///
/// @throws setup_error when the setting has no store.
[[nodiscard]] std::unique_ptr<session_store> revocable(std::unique_ptr<session_store> cookie,
                                                       revocation_setting setting);

}  // namespace cloakroom
