// SPDX-License-Identifier: MIT
// Sessions in the cookie of a Flask app, byte for byte, so that one login serves a Flask app and a
// Cloakroom app side by side. The client can read the contents but not change them.
#pragma once

#include <cloakroom/session_revocations.hpp>
#include <cloakroom/session_store.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cloakroom {

/// Settings of flask_cookie_sessions().
struct flask_cookie_settings {
    /// Flask's SECRET_KEY, as UTF-8. At least 32 characters of a random text, for example of
    /// `openssl rand -base64 32`; shorter ones are accepted in development only.
    std::string secret;

    /// Secrets of before: they still verify, and what they verified is signed anew with `secret`.
    std::vector<std::string> old_secrets = {};

    /// As cookie_session_settings. Flask sees nothing of a session that was spilled.
    std::shared_ptr<session_store> spill_to = nullptr;

    /// As cookie_session_settings. A session that Flask began has no id to be ended by, and is not
    /// accepted then.
    std::optional<revocation_setting> revocations = std::nullopt;

    /// A cookie signed so long ago or longer is refused: Flask's PERMANENT_SESSION_LIFETIME.
    std::chrono::seconds max_age = std::chrono::hours{24 * 31};

    /// Bound on the JSON of a session, in a cookie that is inflated as in one that is made.
    std::size_t json_bytes = 64UL * 1024;
};

/// A store in Flask's session cookie: what Flask's default session interface signs (HMAC-SHA1 under
/// the salt "cookie-session") is found here, and what is committed here Flask finds.
///
/// Both apps need one cookie: in production name it "__Host-session" in Flask too
/// (`SESSION_COOKIE_NAME`, with `SESSION_COOKIE_SECURE = True`); in development both say "session".
///
/// Values. Each key of Flask's session is a key here. What JSON has not got, Flask writes as an
/// object of one key, its tag: `{" t": [1, 2]}` is a tuple, `" b"` bytes, `" m"` markup, `" u"` a
/// UUID, `" d"` a date. A handler sees these objects as they are. Where they were in the client's
/// cookie they are written back as they were, also when the value around them has changed or they
/// have moved to another key; a Flask app finds its tuple. Such an object that was not in the
/// cookie is a plain object, whatever its key: Flask gets a dict of one key, a handler the same
/// object again, and nobody makes markup by sending JSON that looks like it. For the same reason a
/// handler cannot make a tuple or a date: use lists and text. Numbers keep their text.
///
/// Flask's cookie has one time, when it was signed. So each commit begins the record anew: it ends
/// idle_time after that, or after `max_age`; session_options::absolute_time does not apply. With an
/// `idle_time` shorter than `max_age`, Flask knows the session longer than this store does. A
/// cookie from more than 30 s in the future is refused.
///
/// The owner and the label of a session are the keys "_owner" and "_label", when they are not
/// empty; a Flask app may read and set them. A handler cannot: a text that it sets there is not
/// stored. A session that a handler has emptied is stored as `{}`, which Flask takes for no
/// session; end() deletes the cookie.
///
/// As signed_cookie_sessions(), this store cannot compare and swap, nor revoke: two concurrent
/// requests of one client can overwrite each other's change, and a copied cookie stays valid.
/// `session_commit::too_large` says that name and value exceed 4,096 bytes, the JSON `json_bytes`
/// or 64 levels, or that a value is no JSON, or a key, owner or label no UTF-8. A cookie whose JSON
/// exceeds that, or holds NaN or Infinity, is invalid.
///
/// @throws setup_error when a secret is empty or occurs twice, or `max_age` is not positive.
/// Source: Flask 2.2 (flask.sessions, flask.json.tag), itsdangerous 2.1.
[[nodiscard]] std::unique_ptr<session_store> flask_cookie_sessions(
    const flask_cookie_settings& settings);

}  // namespace cloakroom
