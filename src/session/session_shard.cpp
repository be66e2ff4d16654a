// SPDX-License-Identifier: MIT
#include "session/session_shard.hpp"

#include <algorithm>

namespace cloakroom {
namespace {

// How many sessions one call looks at in passing for expiry. More than one, so that expiry keeps up
// with a steady stream of new sessions.
constexpr int expiry_steps = 2;

// How far from the least recently used session an expired one is looked for at the bound.
constexpr int victim_steps = 8;

// What a copy of the values takes on the heap: nothing when the string keeps them within itself,
// else one byte for the terminator and what malloc adds.
std::size_t heap_bytes_of(const session_values& values) noexcept {
    const std::size_t size = values.encoded().size();
    return size <= std::string{}.capacity() ? 0 : size + 1 + 2 * sizeof(void*);
}

}  // namespace

session_load session_shard::load(const digest_type& digest, session_time now,
                                 stored_session& into) {
    const std::scoped_lock lock{mutex_};
    const node* const found = use(digest, now);
    if (found == nullptr) {
        return session_load::absent;
    }
    into.record = found->second.record;
    into.version = found->second.version;
    into.wants_renewal = false;
    return session_load::found;
}

session_commit session_shard::insert(const digest_type& digest, const session_record& record,
                                     session_time now) {
    const std::scoped_lock lock{mutex_};
    drop_expired(now);
    const std::size_t heap_bytes = heap_bytes_of(record.values);
    if (overhead_bytes + heap_bytes > capacity_bytes_) {
        return session_commit::too_large;
    }
    entry made{.record = record, .heap_bytes = heap_bytes};  // a copy has no spare capacity
    make_room(overhead_bytes + heap_bytes, now);
    const auto [at, is_new] = entries_.try_emplace(digest, std::move(made));
    if (!is_new) {
        return session_commit::unavailable;
    }
    used_bytes_ += overhead_bytes + heap_bytes;
    link(*at);
    return session_commit::committed;
}

session_commit session_shard::replace(const digest_type& digest, const session_change& change,
                                      session_time now, session_committed& into) {
    const std::scoped_lock lock{mutex_};
    node* const found = use(digest, now);
    if (found == nullptr) {
        return session_commit::gone;
    }
    entry& stored = found->second;
    if (stored.version != change.expected) {
        into.current = {stored.record, stored.version};
        return session_commit::conflict;
    }
    if (overhead_bytes + heap_bytes_of(change.record.values) > capacity_bytes_) {
        return session_commit::too_large;
    }
    assign(stored, change.record, now);
    into.version = ++stored.version;
    return session_commit::committed;
}

session_commit session_shard::touch(const digest_type& digest, session_time idle_deadline,
                                    session_time now) {
    const std::scoped_lock lock{mutex_};
    node* const found = use(digest, now);
    if (found == nullptr) {
        return session_commit::gone;
    }
    session_record& record = found->second.record;
    record.idle_deadline = std::min(idle_deadline, record.absolute_deadline);
    return session_commit::committed;
}

void session_shard::erase(const digest_type& digest) {
    const std::scoped_lock lock{mutex_};
    if (const auto found = entries_.find(digest); found != entries_.end()) {
        drop(*found);
    }
}

// Finds a session that has not expired and makes it the most recently used one.
session_shard::node* session_shard::use(const digest_type& digest, session_time now) {
    drop_expired(now);
    const auto found = entries_.find(digest);
    if (found == entries_.end()) {
        return nullptr;
    }
    if (found->second.record.is_expired(now)) {
        drop(*found);
        return nullptr;
    }
    if (&*found != newest_) {
        unlink(*found);
        link(*found);
    }
    return &*found;
}

// REQUIRES: `to` is the most recently used one and has not expired, and `record` fits in alone. So
// making room never drops `to` itself.
void session_shard::assign(entry& to, const session_record& record, session_time now) {
    // A block that is much too large is given back, so that used_bytes_ stays true.
    const std::size_t needed = heap_bytes_of(record.values);
    if (needed <= to.heap_bytes && needed >= to.heap_bytes / 2) {
        to.record = record;
        return;
    }
    session_record fresh = record;
    used_bytes_ -= to.heap_bytes;
    make_room(needed, now);
    used_bytes_ += needed;
    to.heap_bytes = needed;
    std::swap(to.record, fresh);  // a move could keep the old block
}

void session_shard::make_room(std::size_t bytes, session_time now) {
    while (used_bytes_ + bytes > capacity_bytes_) {
        drop(*victim(now));
    }
}

session_shard::node* session_shard::victim(session_time now) const noexcept {
    node* each = oldest_;
    for (int step = 0; step < victim_steps && each != nullptr; ++step) {
        if (each->second.record.is_expired(now)) {
            return each;
        }
        each = each->second.newer;
    }
    return oldest_;
}

// Idle deadlines follow the order of use but for the touch interval, so the expired ones are at the
// old end. A session that has reached its absolute deadline may be anywhere; its next use drops it,
// or without one it ages and is dropped here when its idle deadline would have been.
void session_shard::drop_expired(session_time now) {
    for (int step = 0; step < expiry_steps; ++step) {
        if (oldest_ == nullptr || !oldest_->second.record.is_expired(now)) {
            return;
        }
        drop(*oldest_);
    }
}

void session_shard::drop(node& which) {
    unlink(which);
    used_bytes_ -= overhead_bytes + which.second.heap_bytes;
    entries_.erase(entries_.find(which.first));
}

void session_shard::link(node& which) noexcept {
    which.second.older = newest_;
    which.second.newer = nullptr;
    (newest_ == nullptr ? oldest_ : newest_->second.newer) = &which;
    newest_ = &which;
}

void session_shard::unlink(node& which) noexcept {
    node* const older = which.second.older;
    node* const newer = which.second.newer;
    (older == nullptr ? oldest_ : older->second.newer) = newer;
    (newer == nullptr ? newest_ : newer->second.older) = older;
}

}  // namespace cloakroom
