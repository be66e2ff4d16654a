// SPDX-License-Identifier: MIT
// What clients saw of session transactions: the material that the checker judges. It knows no app
// and no store, so that any client of any server can write one down.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace cloakroom::serialisability {

/// A key of a session. Which key has which number is up to the one who records.
using key_number = std::uint32_t;

/// A value that a key has had. Each write makes another one, unique in the whole history; so does
/// an erasure, which leaves behind by what number it was done. Hence a reader can tell whose work
/// it sees, also where it sees nothing.
using version = std::uint64_t;

/// What every key is before the first write.
inline constexpr version as_begun = 0;

/// Ticks of whatever clock all clients share: a counter, or nanoseconds of a steady clock.
using tick = std::uint64_t;
inline constexpr tick never = std::numeric_limits<tick>::max();

/// How a transaction came out, as far as its client knows.
enum class outcome : std::uint8_t {
    committed,
    refused,  ///< It has changed nothing: 409, or a handler that failed.
    unknown,  ///< The answer was lost, or said that it cannot tell. What it read is not known.
};

/// What a transaction found where its token led. Each session holds a mark of its own from before
/// the first transaction on.
enum class sighting : std::uint8_t {
    alive,    ///< The mark of this session.
    gone,     ///< No mark: it ran on a fresh session.
    foreign,  ///< The mark of another session.
    none,     ///< It did not look, or the answer was lost.
};

/// A key that a transaction read, and perhaps wrote then.
struct access {
    key_number key = 0;
    version seen = as_begun;  ///< What it read; ignored where the outcome is unknown.
    version made = as_begun;  ///< What it wrote; as_begun: nothing.
};

/// One transaction. `begin` is before it was sent, `end` after it was answered.
struct transaction {
    std::uint32_t session = 0;  ///< Whose token it carried.
    std::uint32_t client = 0;
    tick begin = 0;
    tick end = never;
    serialisability::outcome outcome = outcome::committed;
    sighting saw = sighting::alive;
    bool ends = false;             ///< It ended the session. What it wrote besides is dropped.
    std::vector<access> accesses;  ///< Each key once at most.
};

/// All transactions on a number of sessions, in any order. No client had more than one at a time
/// under way, but the checker does not rely on it.
using history = std::vector<transaction>;

}  // namespace cloakroom::serialisability
