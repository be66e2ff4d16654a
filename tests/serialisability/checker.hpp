// SPDX-License-Identifier: MIT
// Tells whether a history could have come from transactions that ran one after the other, each at
// one moment between its begin and its end: strict serialisability.
//
// Method. Every version of a key names its writer, and who writes a key has read it before; so the
// order of a key's versions can be read off the history. From it follows, for many pairs of
// transactions, which one must have come first:
//   - Who read or replaced a version came after its writer.
//   - Who read a version came before the one who replaced it.
//   - Who was answered before another one was sent came before it.
//   - Who found the session alive came before its end; who found it gone, after.
// If these demands go round in a circle, no order satisfies them all, and the circle is the proof.
// If they do not, any order that satisfies them is one in which every read is right.
#pragma once

#include "history.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::serialisability {

/// What can be wrong with a history.
enum class anomaly_kind : std::uint8_t {
    garbage_read,     ///< It read a version that nobody wrote to that key of that session.
    aborted_read,     ///< It read what a refused transaction wrote.
    lost_update,      ///< Two transactions replaced the same version.
    fractured_read,   ///< It saw one change of another transaction and missed another one of it.
    stale_read,       ///< It read what had been replaced before it began.
    write_skew,       ///< Each of several missed what the next one wrote.
    revival,          ///< A session that had ended was alive again.
    lost_session,     ///< A session that nobody had ended was gone.
    foreign_session,  ///< A token led to the session of another one.
    circular_order,   ///< Any other circle, such as reading what was written later.
};

[[nodiscard]] std::string_view to_string(anomaly_kind kind) noexcept;

/// One thing that is wrong.
struct anomaly {
    anomaly_kind kind;
    std::uint32_t session;
    std::vector<std::size_t> transactions;  ///< Those involved, as positions in the history.
    std::string explanation;                ///< Several lines.
};

/// The result of a check.
struct verdict {
    std::size_t sessions = 0;
    std::size_t committed = 0;
    std::size_t refused = 0;
    std::size_t unknown = 0;
    std::size_t found = 0;           ///< How many anomalies.
    std::vector<anomaly> anomalies;  ///< The first of them, some hundred at most.

    /// Whether one of the anomalies is of that kind.
    [[nodiscard]] bool has(anomaly_kind kind) const noexcept;
    /// For people: the figures, and the first explanations.
    [[nodiscard]] std::string summary() const;
};

/// Checks a history in O(n log n). One that is not serialisable is always found out, unless several
/// transactions of unknown outcome wrote to one key at about the same time: then what follows from
/// their order alone is not judged. One that is serialisable always passes.
///
/// Of the transactions that contradict each other in many ways only a few ways are reported.
///
/// REQUIRES: Each session existed before its first transaction began.
/// @throws std::invalid_argument when two transactions wrote the same version, or one accessed a
///         key twice: then it is the record that is wrong.
[[nodiscard]] verdict check(const history& transactions);

}  // namespace cloakroom::serialisability
