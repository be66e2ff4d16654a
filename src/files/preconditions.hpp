// SPDX-License-Identifier: MIT
// Whether a client still has what it has had: If-Match, If-None-Match, If-Modified-Since,
// If-Unmodified-Since and If-Range, for GET and HEAD.
#pragma once

#include <cloakroom/request.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace cloakroom::files {

/// What tells one content of a file from another.
struct validators {
    /// With its quotes, and without "W/".
    std::string_view tag;
    /// Whether the same tag promises the same bytes; else it is sent as W/"...".
    bool is_strong = true;
    std::chrono::sys_seconds modified{};
};

/// What the fields say.
enum class verdict {
    send,          ///< The file, or the part that Range names.
    send_whole,    ///< The file; Range is to be ignored.
    not_modified,  ///< 304.
    failed,        ///< 412.
};

/// REQUIRES: the method is GET or HEAD.
///
/// @param now  Of the wall clock. Source: RFC 9110 section 13.2.2.
[[nodiscard]] verdict judge(const request& req, const validators& current,
                            std::chrono::sys_seconds now) noexcept;

/// Whether a list of entity tags, such as `"a", W/"b"` or `*`, has that one.
///
/// @param is_weak  Compares weakly: "W/" makes no difference. Strongly, it matches nothing.
/// Source: RFC 9110 section 8.8.3.2 and 13.1.1.
[[nodiscard]] bool has_tag(std::string_view list, const validators& current, bool is_weak) noexcept;

}  // namespace cloakroom::files
