// SPDX-License-Identifier: MIT
// How long sessions last and what their cookie looks like, whatever the store.
#pragma once

#include <cloakroom/cookie.hpp>
#include <cloakroom/session_record.hpp>
#include <cloakroom/session_store.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace cloakroom {

class session;

/// What version the contents of sessions have, for contents that outlive a deployment.
struct session_schema {
    /// Of what this program writes; 0 for no versions. Sessions from before there were any have 0.
    unsigned version = 0;

    /// Brings contents of an older version up to this one, in memory; they are stored when a
    /// handler next changes something. Called by all threads. What it throws is a 500, and the
    /// session stays as it was. Contents of a newer version are answered with 503: a program that
    /// does not know them must not touch them.
    std::function<void(session& contents, unsigned from)> migrate = {};
};

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

    /// An operation of an async_session_store that takes longer has failed: it is cancelled, and
    /// the request gets 503. It does not bound a session_store, whose caller waits for it.
    std::chrono::milliseconds store_time{5'000};

    /// What the store must be able to do; the app is refused at start-up otherwise.
    session_capabilities required = {};

    session_schema schema = {};

    /// The wall clock; empty means the system's. Called by all threads.
    std::function<session_time()> clock = {};
};

}  // namespace cloakroom
