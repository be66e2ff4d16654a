// SPDX-License-Identifier: MIT
// How long sessions last and what their cookie looks like, whatever the store.
#pragma once

#include <cloakroom/cookie.hpp>
#include <cloakroom/session_record.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace cloakroom {

/// Settings for `app.sessions(store, options)`.
struct session_options {
    /// The cookie's name. In production "__Host-" is put before it, which makes browsers insist on
    /// Secure, on this host alone, and on the path "/".
    std::string cookie_name = "session";

    cloakroom::same_site same_site = cloakroom::same_site::lax;

    /// False: the browser forgets the cookie when it closes. True: it keeps it for the idle time.
    bool persistent = false;

    /// A session not used for so long has ended; up to `touch_interval` earlier, since use is not
    /// recorded more often.
    std::chrono::seconds idle_time = std::chrono::hours{24};

    /// A session has ended so long after it began, however much it is used.
    std::chrono::seconds absolute_time = std::chrono::hours{24 * 30};

    /// Use moves the idle deadline only when this much has passed since it was last moved, so that
    /// a session that is only read is seldom written. Empty: a tenth of `idle_time`, and 5 minutes
    /// at most.
    std::optional<std::chrono::seconds> touch_interval = {};

    /// The wall clock; empty means the system's. Called by all threads.
    std::function<session_time()> clock = {};
};

}  // namespace cloakroom
