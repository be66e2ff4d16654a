// SPDX-License-Identifier: MIT
#include "files/preconditions.hpp"

#include "message/http_date.hpp"
#include <cloakroom/text.hpp>

#include <optional>

namespace cloakroom::files {
namespace {

/// Whether there is a field of that name, and whether one of them, which together are one list, has
/// the current tag.
struct tag_search {
    bool is_there = false;
    bool is_found = false;
};

tag_search search_tags(const request& req, std::string_view name, const validators& current,
                       bool is_weak) noexcept {
    tag_search result;
    for (const field_view& field : req.headers()) {
        if (equals_ignoring_case(field.name, name)) {
            result.is_there = true;
            result.is_found = result.is_found || has_tag(field.value, current, is_weak);
        }
    }
    return result;
}

bool is_conditional(std::string_view name) noexcept {
    return name.size() > 3 && (name[0] == 'I' || name[0] == 'i') && name[2] == '-';
}

// Without a field of that name, or a date in it: nothing.
std::optional<std::chrono::sys_seconds> date_of(const request& req, std::string_view name,
                                                std::chrono::sys_seconds now) noexcept {
    const std::optional<std::string_view> value = req.header(name);
    return value ? read_http_date(*value, now) : std::nullopt;
}

// A date counts if it is the very one that was sent, to the second: strong enough only where the
// file was not changed within that second, which the client has to know. RFC 9110 section 13.1.5.
bool is_range_current(const request& req, const validators& current,
                      std::chrono::sys_seconds now) noexcept {
    const std::optional<std::string_view> value = req.header("If-Range");
    if (!value) {
        return true;
    }
    if (value->starts_with('"')) {
        return current.is_strong && *value == current.tag;
    }
    const auto date = read_http_date(*value, now);
    return current.is_strong && date && *date == current.modified;
}

verdict judge_conditions(const request& req, const validators& current,
                         std::chrono::sys_seconds now) noexcept {
    const tag_search match = search_tags(req, "If-Match", current, false);
    if (match.is_there) {
        if (!match.is_found) {
            return verdict::failed;
        }
    } else if (const auto date = date_of(req, "If-Unmodified-Since", now);
               date && current.modified > *date) {
        return verdict::failed;
    }
    const tag_search none_match = search_tags(req, "If-None-Match", current, true);
    if (none_match.is_there) {
        if (none_match.is_found) {
            return verdict::not_modified;
        }
    } else if (const auto date = date_of(req, "If-Modified-Since", now);
               date && current.modified <= *date) {
        return verdict::not_modified;
    }
    return is_range_current(req, current, now) ? verdict::send : verdict::send_whole;
}

}  // namespace

verdict judge(const request& req, const validators& current,
              std::chrono::sys_seconds now) noexcept {
    for (const field_view& field : req.headers()) {
        if (is_conditional(field.name)) {
            return judge_conditions(req, current, now);
        }
    }
    return verdict::send;
}

bool has_tag(std::string_view list, const validators& current, bool is_weak) noexcept {
    if (trimmed(list) == "*") {
        return true;
    }
    while (true) {
        const std::size_t begin = list.find_first_not_of(" \t,");
        if (begin == std::string_view::npos) {
            return false;
        }
        list.remove_prefix(begin);
        const bool is_marked_weak = list.starts_with("W/");
        list.remove_prefix(is_marked_weak ? 2 : 0);
        const std::size_t end = list.find('"', 1);
        if (!list.starts_with('"') || end == std::string_view::npos) {
            return false;  // no list of tags
        }
        const bool is_comparable = is_weak || (!is_marked_weak && current.is_strong);
        if (is_comparable && list.substr(0, end + 1) == current.tag) {
            return true;
        }
        list.remove_prefix(end + 1);
    }
}

}  // namespace cloakroom::files
