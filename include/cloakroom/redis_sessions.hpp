// SPDX-License-Identifier: MIT
// Sessions in Redis, for programs that run as several instances. In a library of its own:
// link cloakroom::redis.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace cloakroom {

class async_session_store;  // <cloakroom/async_session_store.hpp>, for its members: it needs Asio

/// Settings for redis_sessions().
struct redis_session_settings {
    /// What all keys begin with. Instances that share sessions share it; others may not. Without
    /// "{" and "}". The URL's `prefix` takes its place.
    std::string prefix = "cloakroom:";

    /// Bound on one session's contents, at most 32 MiB; more is `session_commit::too_large`.
    std::size_t session_bytes = 1024UL * 1024;

    /// Bound on the sessions of one owner, 1 to 20,000. One more ends the one of them whose absolute
    /// deadline comes first.
    std::size_t sessions_per_owner = 1'000;

    /// Bound on one attempt to connect, with TLS, log-in and a first answer.
    std::chrono::milliseconds connect_time{1'000};

    /// Bound on one round trip, with all it takes: connecting, sending again, redirections. Keep it
    /// below session_options::store_time, which bounds all of an operation, so that it is this one
    /// that tells what is wrong.
    std::chrono::milliseconds answer_time{2'000};

    /// What each event loop may take to remember sessions that it has loaded, their overhead
    /// included; 0 remembers none. A session that is remembered is loaded without asking Redis, for
    /// as long as it has not changed there: Redis tells of every change (CLIENT TRACKING, which the
    /// user must be allowed, on a second connection of each event loop). Commits go to Redis as ever,
    /// so no update is lost. Where the user is not allowed that, and in a Redis Cluster, nothing is
    /// remembered, and nothing says so: every load asks Redis, as without a cache.
    std::size_t cache_bytes = 0;

    /// So long, and no longer, a session may be served as it was when another instance has changed
    /// or ended it meanwhile. It usually is less than a millisecond; this is the bound where the
    /// news does not come.
    std::chrono::milliseconds stale_time{1'000};

    /// A PEM file of the certificates that a server's may be signed by, for rediss://. Empty: those
    /// that the system trusts. The URL's `ca_file` takes its place.
    std::string ca_file = {};
};

/// A store in Redis 6 or later: one server, a Redis Cluster (name some of its servers), or the
/// master that Sentinel names.
///
///     redis://[[user]:password@]host[:port][,host[:port]...][/database]
///     rediss://...                        the same over TLS; the server's certificate is verified
///     unix://[[user]:password@]/path/of/socket
///     redis+sentinel://[[user]:password@]sentinel[:port][,...]/master[/database]
///     rediss+sentinel://...
///
/// each with `?database=N&prefix=TEXT&ca_file=PATH` behind it; what is special in a part of a URL is
/// percent-encoded. For example "redis://:secret@10.0.0.5:6379/2?prefix=shop:".
///
/// It has all of session_capabilities but `bounded`: what Redis may take is Redis' `maxmemory`.
/// Redis gets to know the SHA-256 of tokens, never a token, so who reads its data opens no session.
///
/// Each event loop has one connection, over which it pipelines all commands; it connects when it
/// has something to ask. A load is one command, a change one atomic script; both take one round
/// trip, and only a change of a session's owner takes three. An operation whose connection breaks is
/// sent again on the next one, and Redis recognises it if it was made already. While Redis cannot
/// be reached, operations fail at once, so that requests are answered with 503, and connections
/// are tried in the background, at least once a second.
///
/// What Redis itself may lose (docs/scaling.md) is lost: a commit is as durable as its
/// `appendfsync` and its replication make it.
///
/// @throws setup_error for a URL or settings that cannot be, or certificates that cannot be read. It
///         does not connect: app::health() tells whether Redis answers.
[[nodiscard]] std::shared_ptr<async_session_store> redis_sessions(
    std::string_view url, const redis_session_settings& settings = {});

}  // namespace cloakroom
