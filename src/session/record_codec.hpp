// SPDX-License-Identifier: MIT
// A session record as bytes, for stores that carry it as a whole: the time of issue as 5-byte
// big-endian seconds since 1970; as zigzag base-128 numbers how much later it was used, how much
// after that the idle deadline is, and how long after the issue the absolute one; owner and label,
// each with its length before it; then session_values::encoded().
#pragma once

#include <cloakroom/session_record.hpp>
#include <cloakroom/session_store.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace cloakroom {

/// Writes the record to `out`. Times before 1970 become 1970, those after the year 36812 the last
/// second that fits. REQUIRES: owner and label have at most session_record::max_name_bytes.
///
/// @return How many bytes it took, or 0 when there was no room for it.
[[nodiscard]] std::size_t encode_record(const session_record& record, std::span<char> out) noexcept;

/// Reads what encode_record() wrote. `into` is unspecified unless it is found.
///
/// @return found, absent when it has expired by `now`, or invalid when it is no record.
[[nodiscard]] session_load decode_record(std::string_view bytes, session_time now,
                                         session_record& into);

}  // namespace cloakroom
