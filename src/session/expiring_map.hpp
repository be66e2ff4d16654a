// SPDX-License-Identifier: MIT
// A bounded map whose entries are dropped at a time of their own, and never before.
#pragma once

#include <cloakroom/session_record.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cloakroom {

/// Values by key, each kept until a time. Not thread-safe.
template <class Value>
class expiring_map {
public:
    /// REQUIRES: `capacity` is not 0.
    explicit expiring_map(std::size_t capacity) : capacity_(capacity) {}

    /// The value of a key, also one that may be dropped; or nullptr. Valid until the next put().
    [[nodiscard]] Value* find(std::string_view key) {
        const auto at = entries_.find(key);
        return at == entries_.end() ? nullptr : &at->second.value;
    }

    /// Keeps a key, with a new value if it was not there, at least until `until`; drops a few others
    /// whose time has come by `now`.
    ///
    /// @return Its value, and whether it is new; nullptr when there is no room.
    /// @throws std::bad_alloc, and has not kept it then.
    [[nodiscard]] std::pair<Value*, bool> put(std::string_view key, session_time until,
                                              session_time now) {
        drop_expired(now);
        if (const auto at = entries_.find(key); at != entries_.end()) {
            prolong(*at, until);
            return {&at->second.value, false};
        }
        if (entries_.size() >= capacity_) {
            return {nullptr, false};
        }
        const auto at = entries_.try_emplace(std::string{key}, entry{{}, until}).first;
        try {
            by_time_.emplace(until, at->first);
        } catch (...) {  // else it would be there, and never dropped
            entries_.erase(at);
            throw;
        }
        return {&at->second.value, true};
    }

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

private:
    // How many entries one call drops at most: more than it adds, so that the room comes back.
    static constexpr int expiry_steps = 2;

    struct hash_of_text : std::hash<std::string_view> {
        using is_transparent = void;
    };
    struct entry {
        Value value;
        session_time until;
    };
    using node = std::pair<const std::string, entry>;  // the map never moves one

    void prolong(node& which, session_time until) {
        if (until > which.second.until) {
            by_time_.emplace(until, which.first);
            by_time_.erase({which.second.until, which.first});
            which.second.until = until;
        }
    }

    void drop_expired(session_time now) {
        for (int step = 0; step < expiry_steps && !by_time_.empty(); ++step) {
            const auto first = by_time_.begin();
            if (first->first > now) {
                return;
            }
            const auto at = entries_.find(first->second);
            by_time_.erase(first);  // it refers to the key
            entries_.erase(at);
        }
    }

    std::size_t capacity_;
    std::unordered_map<std::string, entry, hash_of_text, std::equal_to<>> entries_;
    std::set<std::pair<session_time, std::string_view>> by_time_;
};

}  // namespace cloakroom
