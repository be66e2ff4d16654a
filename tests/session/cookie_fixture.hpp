// SPDX-License-Identifier: MIT
// What the tests of the stores in the cookie share: a record, both kinds of store, short ways to
// commit and load.
#pragma once

#include "now.hpp"
#include "session/base64url.hpp"
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/session_store.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {

using operation = session_change::operation;
using std::chrono::seconds;

inline const std::string secret = "a secret of more than 32 characters";
inline const std::string other_secret = "another secret of over 32 characters";

/// More than fits into a cookie.
inline const std::string large(5000, '1');

/// Of one key; idle after an hour, over after a day.
inline session_record record_with(std::string_view key, std::string_view json) {
    session_record made;
    made.values.set(key, json);
    made.issued = now;
    made.used = now;
    made.idle_deadline = now + std::chrono::hours{1};
    made.absolute_deadline = now + std::chrono::hours{24};
    return made;
}

inline session_record record_of(std::string_view owner, session_time issued = now) {
    session_record made = record_with("count", "7");
    made.owner = owner;
    made.issued = issued;
    return made;
}

inline std::unique_ptr<session_store> prepared(std::unique_ptr<session_store> store,
                                               std::string_view cookie_name = "__Host-session") {
    store->prepare({.cookie_name = cookie_name});
    return store;
}

/// The result of a commit with what the client holds then.
struct committed_change {
    session_commit outcome;
    std::string token;
    session_committed into;
};

inline committed_change commit(session_store& store, operation what, const std::string& token,
                               const session_record& record, session_time when = now,
                               session_version expected = 0) {
    const session_token held{token};
    committed_change made;
    made.outcome = store.commit({what, held, expected, record}, when, made.into);
    made.token = made.into.token.empty() ? token : std::string{made.into.token.text()};
    return made;
}

/// The token of a new session.
inline std::string insert(session_store& store, const session_record& record) {
    const committed_change made = commit(store, operation::insert, "", record);
    EXPECT_EQ(made.outcome, session_commit::committed);
    return made.token;
}

inline session_load load(session_store& store, const std::string& token, session_time when = now) {
    stored_session into;
    return store.load(session_token{token}, when, into);
}

/// The record of a session that is there.
inline session_record loaded(session_store& store, const std::string& token,
                             session_time when = now) {
    stored_session into;
    EXPECT_EQ(store.load(session_token{token}, when, into), session_load::found);
    return into.record;
}

/// Both kinds of store in the cookie, for TEST_P.
struct cookie_kind {
    const char* name;
    std::unique_ptr<session_store> (*make)(const cookie_session_settings&);

    [[nodiscard]] std::unique_ptr<session_store> store(
        cookie_session_settings settings = {.secret = secret},
        std::string_view cookie_name = "__Host-session") const {
        return prepared(make(std::move(settings)), cookie_name);
    }
};

inline const cookie_kind cookie_kinds[] = {{"Signed", &signed_cookie_sessions},
                                           {"Sealed", &sealed_cookie_sessions}};

inline std::string name_of_kind(const ::testing::TestParamInfo<cookie_kind>& kind) {
    return kind.param.name;
}

inline std::ostream& operator<<(std::ostream& out, const cookie_kind& kind) {
    return out << kind.name;
}

/// What a cookie is the base64url of.
inline std::string bytes_of(const std::string& cookie) {
    std::string bytes(base64url_decoded_size(cookie.size()), '\0');
    EXPECT_TRUE(base64url_decode(cookie, bytes.data()));
    return bytes;
}

}  // namespace cloakroom
