// SPDX-License-Identifier: MIT
// A session as the value of a key in Redis. The scripts (session_scripts) read and write the same
// layout; its numbers are big-endian:
//
//      bytes
//          1  1, the layout's version; a tombstone begins with "x" instead
//          8  the session's version
//     4 of 5  issued, used, idle deadline, absolute deadline: seconds since 1970
//     8 of 8  the ids of the last commits, the newest first
//      2 + n  the owner, after its length
//      2 + n  the label, after its length
//          n  session_values::encoded()
#pragma once

#include <cloakroom/session_record.hpp>
#include <cloakroom/session_store.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cloakroom::redis {

/// How many commits of a session a repeated commit can lie back and still be recognised.
inline constexpr session_version remembered_commits = 8;

/// The version as 8 bytes.
[[nodiscard]] std::string encode_version(session_version version);

/// A time as 5 bytes. One before 1970 becomes 1970, one after the year 36812 the last that fits.
[[nodiscard]] std::string encode_time(session_time time);

/// The four times of a record: 20 bytes.
[[nodiscard]] std::string encode_times(const session_record& record);

/// What stands behind the ids. REQUIRES: names of at most session_record::max_name_bytes.
[[nodiscard]] std::string encode_contents(const session_record& record);

/// What a value is.
enum class value_kind : std::uint8_t {
    session,
    tombstone,
    unknown,  ///< Damaged, or written by a newer version of this library.
};

/// Reads a value. `into` is unspecified unless it is a session.
[[nodiscard]] value_kind decode_value(std::string_view bytes, stored_session& into);

/// Reads what encode_times() wrote. REQUIRES: 20 bytes.
void decode_times(std::string_view bytes, session_record& into) noexcept;

}  // namespace cloakroom::redis
