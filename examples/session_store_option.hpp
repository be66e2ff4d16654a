// SPDX-License-Identifier: MIT
// What --sessions of the examples means.
#pragma once

#include <cloakroom/app.hpp>
#include <cloakroom/flask_cookie_sessions.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/redis_sessions.hpp>
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <string>

/// What to write behind --sessions.
inline constexpr const char* session_kinds = "memory, signed, sealed, flask, or redis://host:port";

/// Has an app keep its sessions in a store of that kind.
///
/// @throws cloakroom::setup_error for a kind that is none.
inline void use_sessions(cloakroom::app& app, const std::string& kind, const std::string& secret) {
    if (kind == "memory") {
        app.sessions(cloakroom::memory_sessions());
    } else if (kind == "signed") {
        app.sessions(cloakroom::signed_cookie_sessions({.secret = secret}));
    } else if (kind == "sealed") {
        app.sessions(cloakroom::sealed_cookie_sessions({.secret = secret}));
    } else if (kind == "flask") {
        app.sessions(cloakroom::flask_cookie_sessions({.secret = secret}));
    } else if (kind.find("://") != std::string::npos) {
        app.sessions(cloakroom::redis_sessions(kind));
    } else {
        throw cloakroom::setup_error("--sessions is " + std::string{session_kinds} + ", not \"" +
                                     kind + "\"");
    }
}
