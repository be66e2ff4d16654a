// SPDX-License-Identifier: MIT
// One session as memory_sessions keeps it: its record, laid out for little memory and few cache
// misses, with its places in the store. Not thread-safe; the shard has the lock.
#pragma once

#include "session/growing_table.hpp"
#include "session/owner_index.hpp"
#include <cloakroom/session_store.hpp>

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace cloakroom {

/// What only sessions with an owner or a label have.
struct session_names {
    owner_link link;
    std::string label;
};

/// Gives back the owner, too.
struct names_disposer {
    owner_index* owners = nullptr;
    void operator()(session_names* which) const noexcept;
};
using held_names = std::unique_ptr<session_names, names_disposer>;

/// The names of a record for the session of that digest, the owner not listed yet; null if it has
/// none. `owners` and `digest` must outlive them.
///
/// @throws std::bad_alloc only.
[[nodiscard]] held_names make_names(owner_index& owners, const session_record& record,
                                    const session_token::digest_type& digest, session_time now);

/// One stored session. It must not move.
struct memory_session {
    // What a look-up reads, and expiry: one cache line.
    memory_session* next_in_bucket = nullptr;
    session_token::digest_type digest{};
    memory_session* newer = nullptr;
    memory_session* older = nullptr;
    session_time idle_deadline{};

    session_time absolute_deadline{};
    session_time issued{};
    session_time used{};
    session_version version = 1;
    session_values values;
    std::size_t values_bytes = 0;  // that they take on the heap
    held_names names;

    /// The digest is evenly distributed already.
    [[nodiscard]] std::size_t hash() const noexcept { return hash_of(digest); }
    [[nodiscard]] static std::size_t hash_of(const session_token::digest_type& digest) noexcept {
        std::size_t hash = 0;
        std::memcpy(&hash, digest.data(), sizeof hash);
        return hash;
    }

    [[nodiscard]] bool is_expired(session_time now) const noexcept {
        return now >= idle_deadline || now >= absolute_deadline;
    }

    /// Null without an owner.
    [[nodiscard]] owner_link* link() const noexcept {
        return names == nullptr || names->link.owner == nullptr ? nullptr : &names->link;
    }
    [[nodiscard]] std::string_view owner() const noexcept {
        const owner_link* const at = link();
        return at == nullptr ? std::string_view{} : std::string_view{at->owner->name};
    }
    [[nodiscard]] std::string_view label() const noexcept {
        return names == nullptr ? std::string_view{} : std::string_view{names->label};
    }
    [[nodiscard]] bool has_names_of(const session_record& record) const noexcept {
        return owner() == record.owner && label() == record.label;
    }

    void copy_to(session_record& into) const;

    /// Takes what a record says of time.
    void set_times(const session_record& record) noexcept;

    /// Takes other values. REQUIRES: they have no spare capacity, as a copy has none.
    void set_values(session_values fresh) noexcept;

    /// Takes other values into the block that is there. Does so only where it is large enough and
    /// not much too large, so that what is charged stays true.
    [[nodiscard]] bool reuse_for(const session_values& fresh);

    /// What the session takes in all: this, its values, its names, its share of tables. A session
    /// is charged for its owner's entry as if it were the owner's only one.
    [[nodiscard]] std::size_t charged_bytes() const noexcept;
    /// What charged_bytes() would be for that record, just made.
    [[nodiscard]] static std::size_t charged_bytes(const session_record& record) noexcept;
};

/// A session of that record, its owner not listed yet.
///
/// @throws std::bad_alloc only. `owners` must outlive it.
[[nodiscard]] std::unique_ptr<memory_session> make_session(owner_index& owners,
                                                           const session_record& record,
                                                           const session_token::digest_type& digest,
                                                           session_time now);

}  // namespace cloakroom
