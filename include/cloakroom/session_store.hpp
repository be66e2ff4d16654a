// SPDX-License-Identifier: MIT
// The interface of session stores that answer at once: memory, cookies. A store that waits for
// something (a network, a disk) implements async_session_store instead.
#pragma once

#include <cloakroom/session_record.hpp>
#include <cloakroom/session_token.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cloakroom {

/// Counts the changes of one session; what a commit compares.
using session_version = std::uint64_t;

/// A session as it is stored now.
struct stored_session {
    session_record record;
    session_version version = 0;
    bool wants_renewal = false;  ///< The client's token is to be replaced: commit a touch.
};

/// What became of a load.
enum class session_load {
    found,    ///< `into` has it.
    absent,   ///< Well-formed but unknown, ended or expired.
    invalid,  ///< Not a token of this store: malformed or forged.
    failed,   ///< The store could not tell. Never used for a token that is merely bad.
};

/// What became of a commit.
enum class session_commit {
    committed,
    conflict,     ///< Another commit came first; `current` has its result.
    gone,         ///< The session has ended meanwhile; a commit never brings it back.
    too_large,    ///< The record exceeds what the store takes.
    unavailable,  ///< The store could not tell; it may or may not have been applied.
};

/// One change to one session. There is deliberately no "insert or replace": such an operation
/// brings ended sessions back to life.
struct session_change {
    enum class operation {
        insert,   ///< A new session; the store chooses the token.
        replace,  ///< New contents, if the version is still `expected`.
        touch,    ///< New idle deadline only. Does not change the version.
        erase,    ///< Ends the session. Ending one that has ended already succeeds.
    };
    operation what;
    const session_token& token;  ///< Of the session to change; unused by insert.
    session_version expected;    ///< For replace.
    const session_record& record;
};

/// What a commit gives back, filled by the store as far as its result says.
struct session_committed {
    session_token token;  ///< After committed, where the client must hold another token than
                          ///< before; else empty.
    session_version version = 0;  ///< After committed.
    stored_session current;       ///< After conflict.
};

/// What a store promises, for programs that choose among stores.
struct session_capabilities {
    bool compare_and_swap = false;  ///< Concurrent commits to one session are never lost.
    bool revocable = false;         ///< After erase the token is dead, also where it was copied.
    bool confidential = false;      ///< The client cannot read the contents.
    bool bounded = false;           ///< Holds at most a stated number of bytes.
};

/// What a store is told before the first request.
struct session_setting {
    std::string_view cookie_name;  ///< Bind it into what is signed.
    bool development = false;      ///< Weak secrets are tolerated.
};

/// Where sessions are kept. All members but prepare() are called by many threads at once.
///
/// `now` is the wall clock of the caller, so that tests can choose it. A record that has expired
/// at `now` is absent to load and gone to replace and touch.
class session_store {
public:
    session_store() = default;
    session_store(const session_store&) = delete;
    session_store& operator=(const session_store&) = delete;
    virtual ~session_store() = default;

    /// Called once, before serving.
    ///
    /// @throws setup_error when the store cannot be used as configured.
    virtual void prepare(const session_setting& setting) { static_cast<void>(setting); }

    [[nodiscard]] virtual session_capabilities capabilities() const noexcept = 0;

    /// Finds the session of a token that a client sent. `into` is overwritten when it is found.
    [[nodiscard]] virtual session_load load(const session_token& token, session_time now,
                                            stored_session& into) = 0;

    /// Applies one change, wholly or not at all. `into` comes empty.
    [[nodiscard]] virtual session_commit commit(const session_change& change, session_time now,
                                                session_committed& into) = 0;
};

}  // namespace cloakroom
