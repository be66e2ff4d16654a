// SPDX-License-Identifier: MIT
#include "session/session_shard.hpp"

#include "session/base64url.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <tuple>
#include <utility>

namespace cloakroom {
namespace {

// How many sessions of each order one call looks at in passing for expiry. More than one, so that
// expiry keeps up with a steady stream of new sessions.
constexpr int expiry_steps = 2;

// How far from the least recently used session of each order an expired one is looked for at the
// bound.
constexpr int victim_steps = 4;

// How many sessions are evicted before others are let in.
constexpr int eviction_steps = 32;

}  // namespace

session_shard::~session_shard() {
    for (use_order<memory_session>* const order : {&anonymous_, &owned_}) {
        for (memory_session* each = order->oldest(); each != nullptr;) {
            delete std::exchange(each, each->newer);
        }
    }
}

void session_shard::set_up(std::size_t capacity_bytes, owner_index& owners) noexcept {
    capacity_bytes_ = capacity_bytes;
    owners_ = &owners;
}

void session_shard::prefetch(const digest_type& digest) const noexcept {
    __builtin_prefetch(this, 1);  // the lock is written to
    sessions_.prefetch(memory_session::hash_of(digest));
}

session_load session_shard::load(const digest_type& digest, session_time now,
                                 stored_session& into) {
    const std::scoped_lock lock{mutex_};
    const memory_session* const found = use(digest, now);
    if (found == nullptr) {
        return session_load::absent;
    }
    found->copy_to(into.record);
    into.version = found->version;
    into.wants_renewal = false;
    return session_load::found;
}

void session_shard::count_unknown() {
    const std::scoped_lock lock{mutex_};
    ++counts_.unknown_tokens;
}

session_commit session_shard::insert(std::unique_ptr<memory_session> fresh, session_time now,
                                     session_committed& into, surplus_session& surplus) {
    const std::size_t bytes = fresh->charged_bytes();
    if (bytes > capacity_bytes_) {
        return session_commit::too_large;
    }
    for (;; std::this_thread::yield()) {
        const std::scoped_lock lock{mutex_};
        drop_expired(now);
        if (!make_room(bytes, now, nullptr)) {
            continue;
        }
        if (owner_link* const link = fresh->link()) {
            surplus = owners_->add(*link);
        }
        into.version = fresh->version;
        keep(std::move(fresh));
        return session_commit::committed;
    }
}

session_commit session_shard::replace(const session_change& change, session_time now,
                                      session_committed& into, surplus_session& surplus) {
    const session_record& record = change.record;
    for (;; std::this_thread::yield()) {
        const std::scoped_lock lock{mutex_};
        session_commit outcome = session_commit::gone;
        memory_session* const found = use(change, now, into, outcome);
        if (found == nullptr) {
            return outcome;
        }
        if (!found->has_names_of(record) || !found->reuse_for(record.values)) {
            const std::size_t before = found->charged_bytes();
            const std::size_t after = memory_session::charged_bytes(record);
            if (after > capacity_bytes_) {
                return session_commit::too_large;
            }
            if (after > before && !make_room(after - before, now, found)) {
                continue;
            }
            outcome = rewrite(*found, record, now, surplus);
            if (outcome != session_commit::committed) {
                return outcome;
            }
        }
        found->set_times(record);
        into.version = ++found->version;
        return session_commit::committed;
    }
}

session_commit session_shard::rename(session_shard& from, session_shard& to,
                                     const session_change& change,
                                     std::unique_ptr<memory_session> fresh, session_time now,
                                     session_committed& into, surplus_session& surplus) {
    const std::size_t bytes = fresh->charged_bytes();
    if (bytes > to.capacity_bytes_) {
        return session_commit::too_large;
    }
    for (;; std::this_thread::yield()) {
        std::unique_lock first{from.mutex_, std::defer_lock};
        std::unique_lock second{to.mutex_, std::defer_lock};
        const bool is_one_shard = &from == &to;
        if (is_one_shard) {
            first.lock();
        } else {
            std::lock(first, second);
        }
        session_commit outcome = session_commit::gone;
        memory_session* const found = from.use(change, now, into, outcome);
        if (found == nullptr) {
            return outcome;
        }
        // The old session makes room, too.
        const std::size_t freed = is_one_shard ? found->charged_bytes() : 0;
        if (bytes > freed && !to.make_room(bytes - freed, now, is_one_shard ? found : nullptr)) {
            continue;
        }
        if (!from.owners_->pass_on(found->link(), fresh->link(), surplus)) {
            from.drop(*found, from.counts_.ended);
            return session_commit::gone;
        }
        into.version = fresh->version = found->version + 1;
        from.drop(*found, from.counts_.ended);
        to.keep(std::move(fresh));
        return session_commit::committed;
    }
}

session_commit session_shard::touch(const digest_type& digest, const session_record& record,
                                    session_time now) {
    const std::scoped_lock lock{mutex_};
    memory_session* const found = use(digest, now);
    if (found == nullptr) {
        return session_commit::gone;
    }
    found->used = record.used;
    found->idle_deadline = std::min(record.idle_deadline, found->absolute_deadline);
    return session_commit::committed;
}

void session_shard::erase(const digest_type& digest, cause why) {
    const std::scoped_lock lock{mutex_};
    if (memory_session* const found = find(digest)) {
        drop(*found, why == cause::ended ? counts_.ended : counts_.evicted);
    }
}

bool session_shard::describe(const digest_type& digest, std::string_view owner, session_time now,
                             session_summary& into) const {
    const std::scoped_lock lock{mutex_};
    const memory_session* const found = find(digest);
    if (found == nullptr || found->is_expired(now) || found->owner() != owner) {
        return false;
    }
    std::array<char, std::tuple_size_v<owner_index::handle_type>> handle;
    std::copy_n(digest.begin(), handle.size(), handle.begin());
    into.handle.resize(base64url_size(handle.size()));
    base64url_encode({handle.data(), handle.size()}, into.handle.data());
    into.label = found->label();
    into.issued = found->issued;
    into.used = found->used;
    into.absolute_deadline = found->absolute_deadline;
    return true;
}

void session_shard::add_to(session_metrics& sum) const {
    const std::scoped_lock lock{mutex_};
    sum.sessions += sessions_.size();
    sum.bytes += counts_.bytes;
    sum.inserted += counts_.inserted;
    sum.ended += counts_.ended;
    sum.expired += counts_.expired;
    sum.evicted += counts_.evicted;
    sum.conflicts += counts_.conflicts;
    sum.unknown_tokens += counts_.unknown_tokens;
}

memory_session* session_shard::find(const digest_type& digest) const noexcept {
    return sessions_.find(memory_session::hash_of(digest),
                          [&](const memory_session& session) { return session.digest == digest; });
}

// Finds a session that has not expired and makes it the most recently used one.
memory_session* session_shard::use(const digest_type& digest, session_time now) {
    drop_expired(now);
    memory_session* const found = find(digest);
    if (found == nullptr) {
        return nullptr;
    }
    if (found->is_expired(now)) {
        drop(*found, counts_.expired);
        return nullptr;
    }
    order_of(*found).use(*found);
    if (owner_link* const link = found->link()) {
        owners_->use(*link, now);
    }
    return found;
}

// The session to be changed, if it is there in the version that is expected; else what to answer.
memory_session* session_shard::use(const session_change& change, session_time now,
                                   session_committed& into, session_commit& outcome) {
    memory_session* const found = use(change.token.digest(), now);
    if (found == nullptr) {
        outcome = session_commit::gone;
        return nullptr;
    }
    if (found->version != change.expected) {
        ++counts_.conflicts;
        found->copy_to(into.current.record);
        into.current.version = found->version;
        outcome = session_commit::conflict;
        return nullptr;
    }
    return found;
}

// Gives the session other contents, for which there is room. Once all memory is had nothing fails.
session_commit session_shard::rewrite(memory_session& which, const session_record& record,
                                      session_time now, surplus_session& surplus) {
    const bool keeps_names = which.has_names_of(record);
    session_values values = record.values;
    if (!keeps_names) {
        held_names names = make_names(*owners_, record, which.digest, now);
        if (!owners_->pass_on(which.link(), names == nullptr ? nullptr : &names->link, surplus)) {
            drop(which, counts_.ended);
            return session_commit::gone;
        }
        counts_.bytes -= which.charged_bytes();
        order_of(which).remove(which);
        std::swap(which.names, names);
        order_of(which).add(which);
    } else {
        counts_.bytes -= which.charged_bytes();
    }
    which.set_values(std::move(values));
    counts_.bytes += which.charged_bytes();
    return session_commit::committed;
}

// At most so many steps that others do not wait for long. REQUIRES: `bytes` fit in beside `spared`
// alone, which is the most recently used one.
//
// @return False when there is not room enough yet.
bool session_shard::make_room(std::size_t bytes, session_time now, const memory_session* spared) {
    for (int step = 0; counts_.bytes + bytes > capacity_bytes_; ++step) {
        if (step == eviction_steps) {
            return false;
        }
        memory_session& which = victim(now, spared);
        drop(which, which.is_expired(now) ? counts_.expired : counts_.evicted);
    }
    return true;
}

memory_session& session_shard::victim(session_time now, const memory_session* spared) const {
    for (const use_order<memory_session>* const order : {&anonymous_, &owned_}) {
        memory_session* each = order->oldest();
        for (int step = 0; step < victim_steps && each != nullptr; ++step, each = each->newer) {
            if (each->is_expired(now)) {
                return *each;
            }
        }
    }
    memory_session* const anonymous = anonymous_.oldest();
    return anonymous == nullptr || anonymous == spared ? *owned_.oldest() : *anonymous;
}

use_order<memory_session>& session_shard::order_of(const memory_session& which) noexcept {
    return which.link() == nullptr ? anonymous_ : owned_;
}

void session_shard::keep(std::unique_ptr<memory_session> fresh) noexcept {
    memory_session& kept = *fresh.release();
    sessions_.insert(kept);
    order_of(kept).add(kept);
    counts_.bytes += kept.charged_bytes();
    ++counts_.inserted;
}

// Idle deadlines follow the order of use but for the touch interval, so the expired ones are at the
// old ends. A session that has reached its absolute deadline may be anywhere; its next use drops it,
// or without one it ages and is dropped here when its idle deadline would have been.
void session_shard::drop_expired(session_time now) noexcept {
    if (now == quiet_at_) {
        return;
    }
    quiet_at_ = now;
    for (use_order<memory_session>* const order : {&anonymous_, &owned_}) {
        memory_session* each = order->oldest();
        for (int step = 0; step < expiry_steps; ++step) {
            if (each == nullptr || !each->is_expired(now)) {
                break;
            }
            drop(*std::exchange(each, each->newer), counts_.expired);
            quiet_at_ = {};  // there may be more
        }
    }
}

void session_shard::drop(memory_session& which, std::uint64_t& count) noexcept {
    ++count;
    counts_.bytes -= which.charged_bytes();
    order_of(which).remove(which);
    sessions_.erase(which);
    delete &which;
}

}  // namespace cloakroom
