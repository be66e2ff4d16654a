// SPDX-License-Identifier: MIT
// What can go wrong with a session store, on command. faulty_session_store and
// faulty_async_session_store do it.
#pragma once

#include <cloakroom/session_store.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace cloakroom::testing {

/// One way for a store to fail.
enum class store_fault : std::uint8_t {
    none,
    fails,               ///< Answers failed or unavailable, and does nothing.
    throws,              ///< Throws std::runtime_error("the store is broken"), and does nothing.
    loses_answers,       ///< Does it, and answers failed or unavailable.
    answers_no_outcome,  ///< Does it, and answers a number that is no outcome.
    gives_impossible_token,  ///< After a commit: a token that no cookie can hold.
    gives_broken_values,     ///< After a load: values whose JSON texts are no JSON.
    gives_endless_owner,     ///< After a load: an owner longer than any may be.
    hangs,                   ///< Waits for release(), then does it.
    answers_late,            ///< Does it, then waits for release().
};

/// The switches, one for reading and one for changing. Thread-safe; each operation looks once, when
/// it begins.
class store_faults {
public:
    /// What load() and list() do from now on.
    void fault_loads(store_fault what) noexcept { loads_ = what; }

    /// What commit(), end() and end_all() do from now on.
    void fault_commits(store_fault what) noexcept { commits_ = what; }

    /// No more faults. What waits goes on waiting.
    void mend() noexcept {
        loads_ = store_fault::none;
        commits_ = store_fault::none;
    }

protected:
    store_faults() = default;
    ~store_faults() = default;

    [[nodiscard]] store_fault of_loads() const noexcept { return loads_; }
    [[nodiscard]] store_fault of_commits() const noexcept { return commits_; }

    /// Whether the operation ends without being done. @throws std::runtime_error if it is to.
    [[nodiscard]] static bool ends_at_once(store_fault what) {
        if (what == store_fault::throws) {
            throw std::runtime_error("the store is broken");
        }
        return what == store_fault::fails;
    }

    /// What is answered in place of `answer`, to a load or list.
    [[nodiscard]] static session_load spoil(store_fault what, session_load answer) noexcept {
        switch (what) {
            case store_fault::loses_answers:
                return session_load::failed;
            case store_fault::answers_no_outcome:
                return static_cast<session_load>(no_outcome);
            default:
                return answer;
        }
    }

    /// What is answered in place of `answer`, to a ping.
    [[nodiscard]] static bool spoil(store_fault what, bool answer) noexcept {
        return answer && what != store_fault::loses_answers;
    }

    /// What is answered in place of `answer`, to a change.
    [[nodiscard]] static session_commit spoil(store_fault what, session_commit answer) noexcept {
        switch (what) {
            case store_fault::loses_answers:
                return session_commit::unavailable;
            case store_fault::answers_no_outcome:
                return static_cast<session_commit>(no_outcome);
            default:
                return answer;
        }
    }

    /// Spoils what a load gives.
    static void spoil(store_fault what, stored_session& into) {
        if (what == store_fault::gives_broken_values) {
            session_values broken;
            into.record.values.for_each([&broken](std::string_view key, std::string_view json) {
                broken.set(key, "{\xff" + std::string{json});
            });
            into.record.values = broken;
        } else if (what == store_fault::gives_endless_owner) {
            into.record.owner.assign(1'000'000, 'o');
        }
    }

    /// Spoils what a commit gives.
    static void spoil(store_fault what, session_committed& into) {
        if (what == store_fault::gives_impossible_token) {
            into.token.assign("a;Domain=example.org\r\nX-Split: yes");
        }
    }

private:
    static constexpr int no_outcome = 77;

    std::atomic<store_fault> loads_ = store_fault::none;
    std::atomic<store_fault> commits_ = store_fault::none;
};

}  // namespace cloakroom::testing
