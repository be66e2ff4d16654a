// SPDX-License-Identifier: MIT
// What the tests of Flask's cookies share: the vectors that Flask made, and cookies of any payload.
#pragma once

#include "session/base64url.hpp"
#include "session/flask_signer.hpp"
#include <cloakroom/flask_cookie_sessions.hpp>
#include <cloakroom/json.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace cloakroom::flask_test {

using operation = session_change::operation;

inline const std::string secret = "a secret of more than 32 characters";
inline const std::string other_secret = "another secret of over 32 characters";
inline constexpr std::chrono::seconds month = std::chrono::hours{24 * 31};

constexpr session_time at(std::int64_t seconds) {
    return session_time{std::chrono::seconds{seconds}};
}

inline constexpr session_time now = at(1'700'000'000);

inline json vectors() {
    std::ifstream file(CLOAKROOM_FLASK_VECTORS);
    return json::parse(file);
}

/// Prepared for development, so that Flask's short secrets will do.
inline std::unique_ptr<session_store> store_with(flask_cookie_settings settings,
                                                 std::string_view cookie_name = "session") {
    auto made = flask_cookie_sessions(std::move(settings));
    made->prepare({.cookie_name = cookie_name, .development = true, .idle_time = month});
    return made;
}

inline session_record record_of(const std::map<std::string, std::string>& values,
                                session_time when = now) {
    session_record made;
    for (const auto& [key, json] : values) {
        made.values.set(key, json);
    }
    made.issued = made.used = when;
    made.idle_deadline = made.absolute_deadline = when + month;
    return made;
}

inline std::string insert(session_store& store, const session_record& record,
                          session_time when = now) {
    const session_token none;
    session_committed into;
    EXPECT_EQ(store.commit({operation::insert, none, 0, record}, when, into),
              session_commit::committed);
    return std::string{into.token.text()};
}

/// Commits a change of the session that the client has as `cookie`.
inline std::string replace(session_store& store, const std::string& cookie,
                           const session_record& record, operation what = operation::replace,
                           session_time when = now) {
    const session_token token{cookie};
    session_committed into;
    EXPECT_EQ(store.commit({what, token, 0, record}, when, into), session_commit::committed);
    return std::string{into.token.text()};
}

inline session_load load(session_store& store, std::string cookie, session_time when = now) {
    stored_session into;
    return store.load(session_token{std::move(cookie)}, when, into);
}

inline session_record found(session_store& store, std::string cookie, session_time when = now) {
    stored_session into;
    EXPECT_EQ(store.load(session_token{std::move(cookie)}, when, into), session_load::found);
    return into.record;
}

inline std::map<std::string, std::string> contents(const session_record& record) {
    std::map<std::string, std::string> made;
    record.values.for_each(
        [&](std::string_view key, std::string_view json) { made.emplace(key, json); });
    return made;
}

inline std::string base64url(std::string_view bytes) {
    std::string text(base64url_size(bytes.size()), '\0');
    base64url_encode(bytes, text.data());
    return text;
}

/// A cookie with a good signature over any payload.
inline std::string signed_payload(std::string payload, session_time when = now) {
    const std::size_t size = payload.size();
    payload.resize(size + flask_signer::most_suffix_characters);
    payload.resize(flask_signer(secret, {}).sign(payload.data(), size, when));
    return payload;
}

inline std::string signed_json(std::string_view json) {
    return signed_payload(base64url(json));
}

}  // namespace cloakroom::flask_test
