// SPDX-License-Identifier: MIT
// Many clients that send random transactions on a few sessions, and write down what they see. How
// they reach a server, or several, is up to the caller.
#pragma once

#include "history.hpp"
#include <cloakroom/method.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace cloakroom::serialisability {

/// An answer.
struct answer {
    unsigned status = 0;
    std::string body;
    std::string token;  ///< The session cookie that it sets; empty if none.
};

/// Sends a request with that session cookie (none if empty), and waits for the answer.
///
/// An answer that is lost is one of status 0.
using transport =
    std::function<answer(method verb, const std::string& target, const std::string& token)>;

/// What came of a workload.
struct recording {
    /// One that gave its session a new token has become two: to the checker it is the end of one
    /// session, and a write of all that the next one begins with.
    history transactions;
    std::size_t conflicts = 0;   ///< Answers 409.
    std::size_t unanswered = 0;  ///< Whose outcome nobody knows.
    std::size_t renames = 0;     ///< Known to have given a session a new token.
    std::size_t owner_ends = 0;  ///< Known to have ended all sessions of an owner.
};

/// How much to send, and how.
struct workload {
    std::size_t transactions = 10'000;
    unsigned clients = 8;           ///< Each a thread.
    unsigned sessions = 3;          ///< In use at a time.
    unsigned session_length = 400;  ///< Transactions of a session; in its last quarter it ends.
    unsigned seed = 1;

    /// How old what a transaction sees may be if it writes nothing, though it may end sessions.
    std::chrono::milliseconds staleness{0};

    /// How many are sent: so many that each client has the same number.
    [[nodiscard]] std::size_t sent() const noexcept { return transactions / clients * clients; }

    /// Runs it.
    ///
    /// @param connect  Makes the transport of one client; called by its thread.
    /// @throws what a transport throws, and std::logic_error for an answer that makes no sense, or
    ///         when no session can be begun for 30 s.
    [[nodiscard]] recording run(const std::function<transport()>& connect) const;
};

}  // namespace cloakroom::serialisability
