// SPDX-License-Identifier: MIT
#include "session/flask_member_order.hpp"

#include "session/flask_text.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

namespace cloakroom {
namespace {

struct member {
    std::string_view key;   // without its quotes
    std::string_view text;  // with its key
};

// The end of the string that `text` begins with.
std::size_t end_of_string(std::string_view text) noexcept {
    std::size_t at = 1;
    while (text[at] != '"') {
        at += text[at] == '\\' ? 2 : 1;
    }
    return at + 1;
}

// Takes a member and the "," or "}" after it off the front.
member take_member(std::string_view& rest) noexcept {
    const std::size_t key_end = end_of_string(rest);
    std::size_t at = key_end + 1;
    for (std::size_t depth = 0; depth > 0 || (rest[at] != ',' && rest[at] != '}');) {
        const char character = rest[at];
        if (character == '"') {
            at += end_of_string(rest.substr(at));
            continue;
        }
        depth += character == '{' || character == '[' ? 1 : 0;
        depth -= character == '}' || character == ']' ? 1 : 0;
        ++at;
    }
    const member made{rest.substr(1, key_end - 2), rest.substr(0, at)};
    rest.remove_prefix(at + 1);
    return made;
}

bool is_before(std::string_view left, std::string_view right) noexcept {
    while (!left.empty() && !right.empty()) {
        const std::uint32_t one = take_json_character(left);
        const std::uint32_t other = take_json_character(right);
        if (one != other) {
            return one < other;
        }
    }
    return left.empty() && !right.empty();
}

}  // namespace

std::size_t sort_flask_members(std::pmr::string& json, std::size_t start) {
    std::size_t count = 0;
    bool is_sorted = true;
    std::string_view rest = std::string_view{json}.substr(start + 1);
    for (std::string_view before; !rest.empty(); ++count) {
        const std::string_view key = take_member(rest).key;
        is_sorted = is_sorted && (count == 0 || is_before(before, key));
        before = key;
    }
    if (is_sorted) {
        return count;
    }
    std::vector<member> members;
    members.reserve(count);
    for (rest = std::string_view{json}.substr(start + 1); !rest.empty();) {
        members.push_back(take_member(rest));
    }
    std::stable_sort(members.begin(), members.end(), [](const member& left, const member& right) {
        return is_before(left.key, right.key);
    });
    std::string sorted = "{";
    count = 0;
    for (auto each = members.begin(); each != members.end(); ++each) {
        if (std::next(each) != members.end() && !is_before(each->key, std::next(each)->key)) {
            continue;
        }
        sorted += count++ == 0 ? "" : ",";
        sorted += each->text;
    }
    sorted += '}';
    json.replace(start, std::string::npos, sorted);
    return count;
}

}  // namespace cloakroom
