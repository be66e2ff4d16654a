// SPDX-License-Identifier: MIT
// What lets sessions in the client's cookie be ended before they expire: a memory of ended sessions,
// and what becomes of a session while that memory cannot answer.
#pragma once

#include <cloakroom/session_record.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace cloakroom {

/// Remembers which sessions have ended while their cookies may still be about. All members are
/// called by many threads at once, and answer at once. `now` is the wall clock of the caller.
class session_revocations {
public:
    enum class answer {
        no,
        yes,
        unknown,  ///< It cannot tell now.
    };
    enum class outcome {
        ended,
        was_ended,    ///< As ended, but somebody came first.
        unavailable,  ///< It is not remembered.
    };

    session_revocations() = default;
    session_revocations(const session_revocations&) = delete;
    session_revocations& operator=(const session_revocations&) = delete;
    virtual ~session_revocations() = default;

    /// Called by each store that uses this, before serving: how long its sessions last at most.
    /// What end_all() says is to be remembered for the longest of these.
    virtual void prepare(std::chrono::seconds longest) = 0;

    /// Whether a session has ended: by its id, or with all those of its owner.
    [[nodiscard]] virtual answer has_ended(std::string_view id, std::string_view owner,
                                           session_time issued, session_time now) = 0;

    /// Ends the session of an id. Of several calls for one id, one is told `ended`.
    ///
    /// @param until  When the session would have ended anyway: it may be forgotten then.
    [[nodiscard]] virtual outcome end(std::string_view id, session_time until,
                                      session_time now) = 0;

    /// Ends all sessions of an owner that were issued by now: in this second, or at a time that
    /// issue_time() gave before.
    ///
    /// @param spared  The id of one that goes on, until the next call for this owner; or empty.
    [[nodiscard]] virtual outcome end_all(std::string_view owner, std::string_view spared,
                                          session_time now) = 0;

    /// When a session of this owner may be issued so that no end_all() of before ends it: `wanted`,
    /// or the second after that which end_all() has ended.
    ///
    /// @return Empty when it cannot tell.
    [[nodiscard]] virtual std::optional<session_time> issue_time(std::string_view owner,
                                                                 session_time wanted) = 0;
};

/// Settings of memory_revocations().
struct memory_revocation_settings {
    /// How many ended sessions, and how many owners, are remembered at once. Each takes some 250
    /// bytes of memory, an owner with a long name up to 500.
    std::size_t capacity = 250'000;
};

/// Revocations in the memory of this process: for a service of one process, whose restart forgets
/// them.
///
/// A log-out is remembered until the session would have ended anyway. None is ever dropped earlier:
/// when `capacity` is reached, ending more sessions is `unavailable`, and a log-out answers 503.
///
/// @throws setup_error for a capacity of 0.
[[nodiscard]] std::unique_ptr<session_revocations> memory_revocations(
    memory_revocation_settings settings = {});

/// What becomes of a session while the revocations cannot tell whether it has ended.
enum class when_unknown {
    refuse,  ///< The request fails with 503: no ended session is ever served.
    accept,  ///< It is served: a session that was ended may come back meanwhile.
};

/// Revocations for a store in the cookie. There is no default for the policy: who uses them says
/// what is worse. Ending a session fails in either case when it cannot be remembered.
struct revocation_setting {
    revocation_setting(std::shared_ptr<session_revocations> revocations, when_unknown otherwise)
        : store(std::move(revocations)), policy(otherwise) {}

    std::shared_ptr<session_revocations> store;  ///< May be shared by several stores.
    when_unknown policy;
};

}  // namespace cloakroom
