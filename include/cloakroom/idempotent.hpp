// SPDX-License-Identifier: MIT
// Lets a client repeat a POST whose answer it did not get, without its counting twice: a middleware
// for the Idempotency-Key of requests. The first answer is kept in the session.
#pragma once

#include <cloakroom/parameter.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace cloakroom {

/// Settings of idempotent().
struct idempotent_options {
    /// True: a POST or PATCH without a key is 400.
    bool is_required = false;

    /// True: also on a store that cannot compare and swap, such as a cookie. Repeats are then
    /// recognised from clients that have got the cookie of the first answer; two requests at the
    /// same time both count, and so does the repeat of one whose answer was lost.
    bool best_effort = false;

    /// So many answers are kept in one session; then the oldest goes. At least 1.
    std::size_t keys = 8;

    /// So long an answer is kept, if the session lasts as long. More than 0.
    std::chrono::seconds keep = std::chrono::hours{24};

    /// The most content of an answer. One that has more is a 500, and nothing is committed: that it
    /// could not be repeated would show only when it is needed. In the session, content takes a
    /// third more.
    std::size_t answer_bytes = 16 * 1024;
};

/// A parameter for middleware: the session of a request that is to count once (its method is POST
/// or PATCH, it has an Idempotency-Key and a route), else nothing. So all others are left without
/// store access.
struct session_if_keyed {
    session* target = nullptr;
    session_time now{};  ///< Where there is a target.
};

/// Middleware for an app, a group or a route whose visitors have sessions:
///
///     app.use(cloakroom::idempotent());
///
/// A POST or PATCH with an Idempotency-Key counts once in a session. Its answer is recorded in the
/// commit that keeps the handler's own changes: both are there, or neither. The same key again,
/// with the same method, target and content, gets that answer: status, content and the fields that
/// the handler set, but for Set-Cookie, with `Idempotency-Replayed: true`. That holds after a crash
/// and on any instance that shares the store. The same key with another request is 422, a malformed
/// key 400. A key has 1 to 128 visible ASCII characters, bare or as a string with quotes around it,
/// which is the same key; more than one field of that name is 400. Requests of other methods pass
/// as if there was no key: they are idempotent by themselves.
///
/// Of two requests at the same time one commits. The other one, whose commit then is a conflict,
/// runs again, as if its route said rerun_on_conflict(): by sending a key the client has said that
/// the request may be repeated. It finds the first answer.
///
/// An answer of 5xx and an exception, also an http_error of 4xx, change nothing in the session and
/// are not recorded: a repeat runs anew. Errors of 4xx that are returned are recorded. Not recorded
/// are requests that end the session, and not recognised are clients that have lost the session:
/// whose first request it was, or which the answer they did not get gave a new id (renew(),
/// elevate(), end_others()). Effects beyond the session belong in session::after_commit(); they
/// happen once at most.
///
/// Add it behind csrf(), and behind what has an `after` that a replayed answer needs as well: what
/// is added later lies further in, and is left out. On the app itself it sees requests without a
/// route too, whose answers it does not record. Thread-safe.
///
/// Source: draft-ietf-httpapi-idempotency-key-header, which has a request refused with 409 while the
/// first one is still at work; here it gets the first answer. RFC 9110 section 9.2.2; RFC 8941
/// section 3.3.3, without parameters.
class idempotent {
public:
    /// @throws setup_error for options that are out of range.
    explicit idempotent(idempotent_options options = {});

    /// @throws http_error 400, 422; 503 when the session holds what this never recorded.
    [[nodiscard]] std::optional<response> before(const request& req,
                                                 session_if_keyed visitor) const;

    /// @throws std::length_error above idempotent_options::answer_bytes.
    void before_commit(const request& req, const response& answer, session_if_keyed visitor) const;

    /// Compare and swap of the session store, unless idempotent_options::best_effort.
    void declare(needs& needed) const;

private:
    idempotent_options options_;
};

template <>
struct parameter<session_if_keyed> {
    static session_if_keyed from(exchange& on);
    static void declare(needs& needed) { needed.session_if.push_back(&is_keyed); }

private:
    static bool is_keyed(const request& req);
};

}  // namespace cloakroom
