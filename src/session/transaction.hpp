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

    /// Begins with the cookie the client sent, or none.
    void begin(std::optional<std::string_view> cookie);

    /// Whether the store must be asked. If so, load token() into stored(), then loaded().
    [[nodiscard]] bool has_token() const noexcept { return !token_.empty(); }
    [[nodiscard]] const session_token& token() const noexcept { return token_; }
    [[nodiscard]] stored_session& stored() noexcept { return stored_; }

    /// Room for what the store says.
    session_load load_outcome = session_load::absent;
    session_commit commit_outcome = session_commit::unavailable;

    /// Opens the session on what a load gave. @return False where the store failed: then the
    /// request must fail, for a fresh session in place of a live one would lose it.
    [[nodiscard]] bool loaded(session_load outcome);

    /// The session as the handler sees it.
    [[nodiscard]] class session& session() noexcept { return session_; }

    /// Decides what is to be committed.
    ///
    /// @param rolls_back  The handler failed: only end() applies.
    /// @return The change for the store; empty when there is none.
    [[nodiscard]] std::optional<session_change> change(bool rolls_back, session_time now,
                                                       const session_options& options);
    [[nodiscard]] session_committed& committed() noexcept { return committed_; }

    /// Whether the store was asked for a token, and says to have made one.
    [[nodiscard]] bool has_new_token() const noexcept {
        return operation_ == session_change::operation::insert &&
               commit_outcome == session_commit::committed;
    }

    /// What follows from the store's answer to the change.
    ///
    /// @param may_rerun  The handler may run again.
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
    void open(bool is_stored);
    [[nodiscard]] bool is_disjoint(const session_values& theirs) const;
    void rebase();

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
