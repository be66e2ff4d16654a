// SPDX-License-Identifier: MIT
// The interface of session stores that answer at once: memory, cookies. A store that waits for
// something (a network, a disk) implements async_session_store instead.
#pragma once

#include <cloakroom/session_record.hpp>
#include <cloakroom/session_token.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom {

/// Counts the changes of one session; what a commit compares.
using session_version = std::uint64_t;

/// A session as it is stored now.
struct stored_session {
    session_record record;
    session_version version = 0;
    bool wants_renewal = false;  ///< The client's token is to be replaced: commit a touch.
    bool may_be_stale =
        false;  ///< From a cache: what is written is committed even where it changes
                ///< nothing, so that it is compared with what is stored now.
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
        rename,   ///< As replace, but under a new token of the store's choice; the old token is
                  ///< dead from then on, at once and atomically.
        touch,    ///< New `used` and idle deadline only. Does not change the version.
        erase,    ///< Ends the session. Ending one that has ended already succeeds.
    };
    operation what;
    const session_token& token;  ///< Of the session to change; unused by insert.
    session_version expected;    ///< For replace and rename.
    const session_record& record;
};

/// What a commit gives back, filled by the store as far as its result says.
struct session_committed {
    session_token token;  ///< After committed, where the client must hold another token than
                          ///< before; else empty.
    session_version version = 0;  ///< After committed.
    stored_session current;       ///< After conflict.
};

/// What a store promises. A program that needs one of these says so
/// (session_options::required, route::needs_sessions), and is refused at start-up otherwise.
struct session_capabilities {
    bool compare_and_swap = false;  ///< Concurrent commits to one session are never lost.
    bool revocable = false;         ///< After erase the token is dead, also where it was copied.
    bool ends_by_owner = false;     ///< end_all() works.
    bool owner_index = false;       ///< list() and end() work.
    bool confidential = false;      ///< The client cannot read the contents.
    bool bounded = false;           ///< Holds at most a stated number of bytes.

    friend bool operator==(const session_capabilities&, const session_capabilities&) = default;
};

/// What a page of "your devices" shows of one session.
struct session_summary {
    std::string handle;  ///< Names the session to end(). It opens nothing: no secret.
    std::string label;
    session_time issued{};
    session_time used{};
    session_time absolute_deadline{};
    bool is_current = false;  ///< The session of the request that asks.
};

/// What a store has counted since it was made. A store counts what it can tell; the rest is 0.
struct session_metrics {
    std::uint64_t sessions = 0;        ///< Held now; may include some that have expired.
    std::uint64_t bytes = 0;           ///< Held now, overhead included.
    std::uint64_t inserted = 0;        ///< Sessions that began.
    std::uint64_t ended = 0;           ///< By erase, rename, end() and end_all().
    std::uint64_t expired = 0;         ///< Dropped after a deadline.
    std::uint64_t evicted = 0;         ///< Dropped alive, for want of room.
    std::uint64_t conflicts = 0;       ///< Commits answered with conflict.
    std::uint64_t unknown_tokens = 0;  ///< Loads of well-formed tokens that are not here: ended,
                                       ///< expired, or never issued.
    std::uint64_t invalid_tokens = 0;  ///< Loads of tokens that are malformed or forged.
};

/// What a store is told before the first request.
struct session_setting {
    std::string_view cookie_name;                             ///< Bind it into what is signed.
    bool development = false;                                 ///< Weak secrets are tolerated.
    std::chrono::seconds idle_time = std::chrono::hours{24};  ///< As session_options.
    std::chrono::seconds absolute_time = std::chrono::hours{24 * 30};  ///< As session_options.
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

    /// Appends the live sessions of an owner, in no particular order; `is_current` for that of
    /// `current`. For stores with owner_index.
    ///
    /// @return found, also when there are none, or failed.
    [[nodiscard]] virtual session_load list(std::string_view owner, const session_token& current,
                                            session_time now, std::vector<session_summary>& into);

    /// Ends the session of that owner and handle (session_summary). For stores with owner_index.
    ///
    /// @return committed, also when there is none, or unavailable.
    [[nodiscard]] virtual session_commit end(std::string_view owner, std::string_view handle,
                                             session_time now);

    /// Ends all sessions of an owner that began before this call, also those that are just being
    /// changed or renamed; with `spared`, but for the session of that token, which the caller
    /// renames next. For stores with ends_by_owner.
    ///
    /// @return committed, also when there are none, or unavailable.
    [[nodiscard]] virtual session_commit end_all(std::string_view owner,
                                                 const session_token* spared, session_time now);

    /// Whether the store can be reached and answers. Asked for app::health(), so every second or
    /// two; what it throws counts as no, and is logged. Here it loads a token that nobody has.
    [[nodiscard]] virtual bool ping(session_time now);

    /// Thread-safe; a snapshot that may be a little uneven.
    [[nodiscard]] virtual session_metrics metrics() const;
};

}  // namespace cloakroom
