// SPDX-License-Identifier: MIT
// What --sessions of the examples means.
#pragma once

#include <cloakroom/flask_cookie_sessions.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <memory>
#include <string>

/// The session store of that kind.
///
/// @throws cloakroom::setup_error for a kind that is none.
inline std::shared_ptr<cloakroom::session_store> make_session_store(const std::string& kind,
                                                                    const std::string& secret) {
    if (kind == "memory") {
        return cloakroom::memory_sessions();
    }
    if (kind == "signed") {
        return cloakroom::signed_cookie_sessions({.secret = secret});
    }
    if (kind == "sealed") {
        return cloakroom::sealed_cookie_sessions({.secret = secret});
    }
    if (kind == "flask") {
        return cloakroom::flask_cookie_sessions({.secret = secret});
    }
    throw cloakroom::setup_error("--sessions is memory, signed, sealed or flask, not \"" + kind +
                                 "\"");
}
