// SPDX-License-Identifier: MIT
// A store as the rules of the contract use it: prepared as an app prepares it, with shorter calls,
// and with the list of violations found.
#pragma once

#include <cloakroom/testing/session_store_rules.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace cloakroom::testing {

using operation = session_change::operation;

/// What the client and the app know of a session after a commit.
struct commit_answer {
    session_commit outcome = session_commit::unavailable;
    session_token token{};  ///< After committed: what the client holds from now on.
    session_version version = 0;
    stored_session current{};
    bool has_new_token = false;
};

/// Its members may be called by several threads, but for the constructor.
class subject {
public:
    /// When every rule begins.
    static constexpr session_time start{std::chrono::seconds{1'800'000'000}};

    /// Of the app.
    static constexpr std::chrono::seconds idle_time{900};
    static constexpr std::chrono::seconds absolute_time{3'600};

    explicit subject(const session_store_under_test& given, bool is_development = false);

    [[nodiscard]] session_store& store() noexcept { return *store_; }
    [[nodiscard]] const session_capabilities& can() const noexcept { return can_; }
    [[nodiscard]] const session_store_under_test& given() const noexcept { return given_; }

    /// Notes a violation unless it holds. @return Whether it holds.
    bool expect(bool holds, const std::string& otherwise);

    [[nodiscard]] violations found() const { return found_; }

    /// As an app makes it for a session that begins at that time.
    [[nodiscard]] static session_record record(std::string_view json = "1",
                                               session_time issued = start);
    [[nodiscard]] static session_record owned(std::string_view owner, std::string_view label = {},
                                              session_time issued = start);

    commit_answer commit(operation what, const session_token& token, session_version expected,
                         const session_record& record, session_time now = start);

    /// Inserts. @throws rule_ends unless it is committed: the rule has nothing to go on with.
    commit_answer begin(const session_record& record, session_time now = start);

    /// Loads. @throws rule_ends unless it is found.
    stored_session open(const session_token& token, session_time now = start);

    session_load load(const session_token& token, session_time now = start);
    [[nodiscard]] bool opens(const session_token& token, session_time now = start) {
        return load(token, now) == session_load::found;
    }

    std::vector<session_summary> list(std::string_view owner, const session_token& current = {},
                                      session_time now = start);

    /// Whether two records are equal, but for what the store has no place for.
    [[nodiscard]] bool is_same(const session_record& left, const session_record& right) const;

    /// Runs it in so many threads at once, with the number of the thread. What it throws is a
    /// violation.
    void race(unsigned threads, const std::function<void(unsigned thread)>& work);

private:
    const session_store_under_test& given_;
    std::shared_ptr<session_store> store_;
    session_capabilities can_;
    std::mutex mutex_;
    violations found_;
};

/// Thrown by a rule that cannot go on. The violation is noted already.
struct rule_ends {};

/// Prepares a new store and runs a rule on it. What the store throws is a violation.
[[nodiscard]] violations examine(const session_store_under_test& given,
                                 const std::function<void(subject& tried)>& rule,
                                 bool is_development = false);

/// The outcome as it is written in session_store.hpp.
[[nodiscard]] std::string name_of(session_commit outcome);
[[nodiscard]] std::string name_of(session_load outcome);

}  // namespace cloakroom::testing
