// SPDX-License-Identifier: MIT
// Sessions of Redis that one event loop remembers, as long as it is told what changes there
// (invalidation_feed). Bounded in bytes; what was used least recently goes first.
#pragma once

#include <cloakroom/session_store.hpp>

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cloakroom::redis {

/// By the keys of Redis. Used by one event loop.
class session_cache {
public:
    explicit session_cache(std::size_t capacity_bytes) : capacity_bytes_(capacity_bytes) {}
    session_cache(const session_cache&) = delete;
    session_cache& operator=(const session_cache&) = delete;
    ~session_cache() = default;

    /// Null when it is not here. Valid until the next call.
    [[nodiscard]] const stored_session* find(std::string_view key);

    /// A key has changed: forgets it, and what is just being loaded of it.
    void drop(std::string_view key);

    /// Anything may have changed.
    void clear();

private:
    // The loads of a key that are on their way.
    struct key_loads {
        unsigned count = 0;
        bool is_stale = false;  // the key has changed since the first of them
    };

public:
    /// A load on its way, from before it is sent. What it brings is kept only if its key has not
    /// changed since: the news may overtake the answer.
    class load {
    public:
        load(std::shared_ptr<session_cache> cache, std::string_view key);
        load(const load&) = delete;
        load& operator=(const load&) = delete;
        ~load();

        void keep(const stored_session& loaded);

    private:
        std::shared_ptr<session_cache> cache_;
        std::map<std::string, key_loads, std::less<>>::iterator at_;
    };

    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    struct entry {
        std::string key;
        stored_session session;
        std::size_t bytes;
    };
    using order = std::list<entry>;

    void insert(const std::string& key, const stored_session& session);
    void erase(order::iterator which);

    std::size_t capacity_bytes_;
    std::size_t bytes_ = 0;
    order entries_;  // the most recently used one first
    std::unordered_map<std::string_view, order::iterator> by_key_;
    std::map<std::string, key_loads, std::less<>> loads_;
};

}  // namespace cloakroom::redis
