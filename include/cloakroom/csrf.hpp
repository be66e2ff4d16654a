// SPDX-License-Identifier: MIT
// Refuses what the page of another site makes a visitor's browser send (cross-site request
// forgery): a middleware, and the token for this site's own forms. It does not say who a visitor
// is, and is no help against scripts that run in this site's pages.
#pragma once

#include <cloakroom/method.hpp>
#include <cloakroom/parameter.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {

/// Settings of csrf().
struct csrf_options {
    /// Origins whose pages may send requests although they are not this host's, as browsers write
    /// them: "https://app.example.com". They need the token as well. Behind a proxy that changes
    /// Host, name the site's own origin here.
    std::vector<std::string> trusted_origins = {};

    /// True: pages of all hosts of the same site may, such as those of sub-domains, where the
    /// browser says so. They need the token as well.
    bool allow_same_site = false;

    /// Paths that are not checked, such as those that other servers call with a signature of their
    /// own. One that ends in "/" stands for itself and all paths below it, but "/" for the root
    /// alone. Compared byte by byte with request::path(), by which routes are found too, and so
    /// written without percent escapes: "/a b", not "/a%20b".
    std::vector<std::string> exempt = {};
};

/// A handler parameter for middleware: the session where the method is not safe, else nothing. So
/// what needs the session for a POST leaves a GET without store access. Source: RFC 9110 section
/// 9.2.1.
struct session_if_unsafe {
    session* target = nullptr;
};

/// Middleware for an app, a group or a route whose visitors have sessions:
///
///     app.use(cloakroom::csrf());
///
/// A request whose method is not safe (anything but GET, HEAD, OPTIONS, TRACE) has to pass two
/// checks; otherwise it is 403, with a sentence that says what to do.
///
/// 1. It comes from a page of this host. Sec-Fetch-Site, which no page can forge, decides where
///    there is one: `same-origin` and `none` pass. Without it, as from old browsers and on plain
///    HTTP, Origin decides, then Referer, by their host and port; their scheme is not compared,
///    since behind a proxy the server does not know its own: `https://a.example` and
///    `http://a.example` both fit `Host: a.example`. A client that sends none of the three is
///    judged by the token.
/// 2. It has the session's token, in the field X-CSRF-Token or, for an urlencoded form, in the
///    form's csrf_token. For forms of other types send the field.
///
/// On the app itself it sees requests without a route too: an unsafe one without a token is 403,
/// not 404. Thread-safe.
///
/// Source: OWASP Cross-Site Request Forgery Prevention Cheat Sheet ("Synchronizer Token Pattern",
/// "Fetch Metadata Headers"); W3C Fetch Metadata Request Headers section 2.3.
class csrf {
public:
    /// @throws setup_error for a trusted origin that no browser would send, such as one with a
    ///         path, and for an exempt path that does not begin with "/".
    explicit csrf(csrf_options options = {});

    /// @throws http_error 403; 400 for a malformed form.
    [[nodiscard]] std::optional<response> before(const request& req,
                                                 session_if_unsafe visitor) const;

private:
    [[nodiscard]] bool is_exempt(std::string_view path) const noexcept;
    [[nodiscard]] bool is_from_this_site(const request& req) const noexcept;

    csrf_options options_;
};

/// The session's token, made on first use: 256 random bits as 43 base64url characters. It stays the
/// same until session::elevate(). For scripts, which send it as X-CSRF-Token; it is as secret as
/// the page it is in.
///
/// @throws std::logic_error when it has to be made after session::end().
[[nodiscard]] std::string csrf_token(session& visitor);

/// A hidden input with csrf_token(), for each `<form method="post">`.
[[nodiscard]] std::string csrf_field(session& visitor);

template <>
struct parameter<session_if_unsafe> {
    static session_if_unsafe from(exchange& on) {
        return {is_safe(on.request().method()) ? nullptr : &on.session()};
    }
    static void declare(needs& needed) { needed.session_if_unsafe = true; }
};

}  // namespace cloakroom
