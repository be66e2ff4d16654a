// SPDX-License-Identifier: MIT
// The rules of one session transaction: what to load, what to commit, and what a conflict means. No
// store, no I/O: the caller carries loads and commits to the store and their results back.
#pragma once

#include <cloakroom/session.hpp>
#include <cloakroom/session_options.hpp>
#include <cloakroom/session_store.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cloakroom {

/// One request's transaction on one session. Reused from request to request; see session for the
/// rules it keeps.
class session_transaction {
public:
    /// How often a commit is tried, re-runs of the handler included.
    static constexpr unsigned max_attempts = 5;

    /// What the caller does after a commit came back.
    enum class verdict : std::uint8_t {
        done,          ///< The response stands.
        commit_again,  ///< Rebased on what others committed: commit change() again.
        rerun,         ///< Load again and run the handler again.
        conflict,      ///< 409.
        too_large,     ///< The handler stored more than the store takes.
        unavailable,   ///< 503.
    };

    /// What holds for all sessions of an app. Outlives the transaction.
    void set_up(const session_options& options, const session_capabilities& store) {
        options_ = &options;
        session_.capabilities_ = store;
    }

    /// Begins with the cookie the client sent, or none. With one there is no session() before
    /// loaded(). REQUIRES: set_up().
    void begin(std::optional<std::string_view> cookie);

    /// Whether the store must be asked. If so, load token() into stored(), then loaded().
    [[nodiscard]] bool has_token() const noexcept { return !token_.empty(); }
    [[nodiscard]] const session_token& token() const noexcept { return token_; }
    [[nodiscard]] stored_session& stored() noexcept { return stored_; }

    /// Room for what the store says.
    session_load load_outcome = session_load::absent;
    session_commit commit_outcome = session_commit::unavailable;

    /// What follows from a load.
    enum class opening : std::uint8_t {
        opened,
        store_failed,  ///< 503: a fresh session in place of a live one would lose it.
        is_newer,      ///< 503: the contents are of a version that this program does not know.
    };

    /// Opens the session on what a load gave. Throws what session_schema::migrate throws.
    [[nodiscard]] opening loaded(session_load outcome);

    /// Room for the sessions of the session's owner.
    std::vector<session_summary> owned;

    /// Whose sessions those are; empty for nobody's.
    [[nodiscard]] std::string_view owner() const noexcept { return stored_.record.owner; }

    /// The session as the handler sees it.
    [[nodiscard]] class session& session() noexcept { return session_; }

    /// Whether it ends with this request, so that nothing is kept in it.
    [[nodiscard]] bool ends() const noexcept { return session_.ends_; }

    /// Sessions that are to end before the change is committed, also when the handler failed.
    using ending = session::ending;
    [[nodiscard]] const ending* next_ending() const noexcept {
        return session_.endings_.empty() ? nullptr : &session_.endings_.front();
    }
    /// The store has done it, or cannot: then the rest is dropped.
    void ended(session_commit outcome);

    /// Decides what is to be committed.
    ///
    /// @param rolls_back  The handler failed: only end() applies.
    /// @return The change for the store; empty when there is none.
    [[nodiscard]] std::optional<session_change> change(bool rolls_back, session_time now);
    [[nodiscard]] session_committed& committed() noexcept { return committed_; }

    /// What follows from the store's answer to the change.
    ///
    /// @param may_rerun  The handler may run again, also where the session does not say so itself.
    [[nodiscard]] verdict settle(session_commit outcome, bool may_rerun);

    /// Whether the handler asked for the session's contents, so that the response depends on them.
    [[nodiscard]] bool was_used() const noexcept;

    /// What happens to the client's cookie.
    enum class cookie_change : std::uint8_t { none, set, remove };
    [[nodiscard]] cookie_change cookie() const noexcept { return cookie_; }
    /// The value to set.
    [[nodiscard]] std::string_view cookie_value() const noexcept;

    /// The effects to be run once, after the response is settled. Empties the list.
    [[nodiscard]] std::vector<std::function<void()>> take_effects() noexcept;

private:
    void forget_stored() noexcept;
    void open(bool is_stored);
    [[nodiscard]] bool bring_up_to_date(session_values& values) const;
    [[nodiscard]] bool has_written() const noexcept;
    void make_next(bool is_dirty, bool rolls_back, session_time now);
    [[nodiscard]] verdict settle_race(session_commit outcome, bool may_rerun);
    [[nodiscard]] bool is_disjoint(const session_values& theirs) const;
    void rebase();

    const session_options* options_ = nullptr;
    session_token token_;
    stored_session stored_;        // as loaded, or as rebased on
    class session session_;        // the handler's working copy
    session_record next_;          // what is to be stored
    session_committed committed_;  // the store's answer
    session_change::operation operation_ = session_change::operation::insert;
    cookie_change cookie_ = cookie_change::none;
    unsigned attempts_ = 0;
    bool is_stored_ = false;
    bool slides_cookie_ = false;
};

}  // namespace cloakroom
