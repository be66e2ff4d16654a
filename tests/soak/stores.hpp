// SPDX-License-Identifier: MIT
// What --sessions of the soak's server means: every store, so small that it soon is as full as it
// gets, and with what a long run goes through many times.
#pragma once

#include <cloakroom/app.hpp>
#include <cloakroom/flask_cookie_sessions.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/redis_sessions.hpp>
#include <cloakroom/sealed_cookie_sessions.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/signed_cookie_sessions.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace soak {

/// What to write behind --sessions.
inline constexpr const char* store_kinds =
    "memory, signed, sealed, flask, revocable, spilling, redis or cached; the last two need "
    "--redis";

/// Room for a hundred sessions of 5 KB: more than come before a visitor comes again.
inline constexpr cloakroom::memory_session_settings little_memory{.capacity_bytes = 512UL * 1024,
                                                                  .session_bytes = 64UL * 1024};

/// Short, so that sessions also expire, but for those that are read all the time.
inline cloakroom::session_options short_sessions() {
    cloakroom::session_options options;
    options.idle_time = std::chrono::seconds{40};
    options.absolute_time = std::chrono::seconds{120};
    return options;
}

inline std::shared_ptr<cloakroom::session_store> store_at_once(const std::string& kind) {
    using namespace cloakroom;
    const std::string secret = "a secret that is as long as it has to be";
    if (kind == "memory") {
        return memory_sessions(little_memory);
    }
    if (kind == "signed") {
        return signed_cookie_sessions({.secret = secret});
    }
    if (kind == "sealed") {
        return sealed_cookie_sessions({.secret = secret});
    }
    if (kind == "flask") {
        return flask_cookie_sessions({.secret = secret});
    }
    if (kind == "revocable") {
        return sealed_cookie_sessions(
            {.secret = secret,
             .revocations = revocation_setting(memory_revocations({.capacity = 32 * 1024}),
                                               when_unknown::refuse)});
    }
    if (kind == "spilling") {
        return signed_cookie_sessions(
            {.secret = secret, .spill_to = memory_sessions(little_memory)});
    }
    throw setup_error("--sessions is " + std::string{store_kinds} + ", not \"" + kind + "\"");
}

/// @throws cloakroom::setup_error for a kind that is none.
inline void use_sessions(cloakroom::app& app, const std::string& kind, const std::string& redis) {
    if (kind == "redis" || kind == "cached") {
        const std::size_t cache_bytes = kind == "cached" ? 256UL * 1024 : 0;
        app.sessions(
            cloakroom::redis_sessions(redis, {.prefix = kind + ':', .cache_bytes = cache_bytes}),
            short_sessions());
    } else {
        app.sessions(store_at_once(kind), short_sessions());
    }
}

}  // namespace soak
