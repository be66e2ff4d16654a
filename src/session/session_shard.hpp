// SPDX-License-Identifier: MIT
// A part of memory_sessions: some of the sessions under one lock, bounded in bytes.
#pragma once

#include <cloakroom/session_store.hpp>

#include <cstddef>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace cloakroom {

/// Sessions by the digest of their token, the least recently used ones going first when the bound
/// is reached. Thread-safe, but for bound(). On a cache line of its own, so that threads at
/// neighbouring shards do not slow each other down.
class alignas(64) session_shard {
public:
    using digest_type = session_token::digest_type;

    /// How many bytes all sessions may take together, their overhead included.
    void bound(std::size_t capacity_bytes) noexcept { capacity_bytes_ = capacity_bytes; }

    [[nodiscard]] session_load load(const digest_type& digest, session_time now,
                                    stored_session& into);

    /// REQUIRES: `digest` is not there, as that of a token that was just made.
    [[nodiscard]] session_commit insert(const digest_type& digest, const session_record& record,
                                        session_time now);

    /// As session_change::operation::replace.
    [[nodiscard]] session_commit replace(const digest_type& digest, const session_change& change,
                                         session_time now, session_committed& into);

    [[nodiscard]] session_commit touch(const digest_type& digest, session_time idle_deadline,
                                       session_time now);

    void erase(const digest_type& digest);

private:
    // A digest is uniformly distributed already.
    struct first_bytes {
        std::size_t operator()(const digest_type& digest) const noexcept {
            std::size_t hash = 0;
            std::memcpy(&hash, digest.data(), sizeof hash);
            return hash;
        }
    };
    struct entry;
    using node = std::pair<const digest_type, entry>;  // the map never moves one
    struct entry {
        session_record record;
        session_version version = 1;
        std::size_t heap_bytes = 0;  // of the record's values
        node* newer = nullptr;
        node* older = nullptr;
    };

    // What an entry takes beside its values: the map's node with its link, two buckets, and what
    // malloc adds.
    static constexpr std::size_t overhead_bytes = sizeof(node) + 4 * sizeof(void*) + 8;

    [[nodiscard]] node* use(const digest_type& digest, session_time now);
    [[nodiscard]] node* victim(session_time now) const noexcept;
    void assign(entry& to, const session_record& record, session_time now);
    void make_room(std::size_t bytes, session_time now);
    void drop_expired(session_time now);
    void drop(node& which);
    void link(node& which) noexcept;
    void unlink(node& which) noexcept;

    std::mutex mutex_;
    std::size_t capacity_bytes_ = 0;
    std::size_t used_bytes_ = 0;
    node* newest_ = nullptr;
    node* oldest_ = nullptr;
    std::unordered_map<digest_type, entry, first_bytes> entries_;
};

}  // namespace cloakroom
