// SPDX-License-Identifier: MIT
// The tags of Flask's JSON: what an object of one key stands for in Flask. Knows no JSON but that.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cloakroom {

/// The tag of plain objects that have a tag for their one key: `{" di":{" t__":1}}` is `{" t":1}`.
inline constexpr std::string_view flask_escape_tag = " di";
inline constexpr std::string_view flask_escape_suffix = "__";

/// Whether `key` is a tag of Flask's: of a dict, a tuple, bytes, markup, a UUID, a date.
[[nodiscard]] constexpr bool is_flask_tag(std::string_view key) noexcept {
    return key == flask_escape_tag ||
           (key.size() == 2 && key[0] == ' ' &&
            std::string_view{"tbmud"}.find(key[1]) != std::string_view::npos);
}

/// The objects of one cookie that look tagged: each text, and whether the tag was meant in each
/// place where it occurs. So what goes back to Flask can be told from what only looks like it.
class flask_tagged_objects {
public:
    /// @param object  Flask's JSON of an object of one key, without the escape.
    void add(std::string object, bool is_tagged) {
        occurrences_[std::move(object)].is_tagged.push_back(is_tagged);
    }

    /// Whether the tag was meant at the next place of that text, in the order of add(). After the
    /// last place it stays; for a text that was not added it is false. An unchanged session asks in
    /// the order of add(), so that each object finds its own place.
    [[nodiscard]] bool take(const std::string& object) {
        const auto found = occurrences_.find(object);
        if (found == occurrences_.end()) {
            return false;
        }
        places& of = found->second;
        const bool is_tagged = of.is_tagged[of.next];
        of.next += of.next + 1 < of.is_tagged.size() ? 1 : 0;
        return is_tagged;
    }

private:
    struct places {
        std::vector<bool> is_tagged;
        std::size_t next = 0;
    };
    std::unordered_map<std::string, places> occurrences_;
};

}  // namespace cloakroom
