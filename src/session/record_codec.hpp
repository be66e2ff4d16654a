// SPDX-License-Identifier: MIT
// A session record as bytes, for stores that carry it as a whole: when it was issued, its idle and
// its absolute deadline, as 5-byte big-endian seconds since 1970 each, then
// session_values::encoded().
#pragma once

#include <cloakroom/session_record.hpp>
#include <cloakroom/session_store.hpp>

#include <cstddef>
#include <string_view>

namespace cloakroom {

/// What a record without values takes.
inline constexpr std::size_t record_head_bytes = 15;

[[nodiscard]] inline std::size_t encoded_size(const session_record& record) noexcept {
    return record_head_bytes + record.values.encoded().size();
}

/// Writes encoded_size(record) bytes to `out`. Times before 1970 become 1970, those after the year
/// 36812 the last second that fits.
void encode_record(const session_record& record, char* out) noexcept;

/// Reads what encode_record() wrote. `into` keeps its contents when it is absent.
///
/// @return found, absent when it has expired by `now`, or invalid when it is no record.
[[nodiscard]] session_load decode_record(std::string_view bytes, session_time now,
                                         session_record& into);

}  // namespace cloakroom
