// SPDX-License-Identifier: MIT
// A part of memory_sessions: some of the sessions under one lock, bounded in bytes.
#pragma once

#include "session/growing_table.hpp"
#include "session/memory_session.hpp"
#include "session/owner_index.hpp"
#include "session/use_order.hpp"
#include <cloakroom/session_store.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

namespace cloakroom {

/// Sessions by the digest of their token. Thread-safe, but for set_up(). On cache lines of its own,
/// so that threads at neighbouring shards do not slow each other down.
///
/// Each call takes the same short time at most, whatever the shard holds: it drops a few sessions
/// that have expired, and where it evicts many to make room for a large one, it lets others in
/// between. Locks are taken in this order: those of shards, two at a time by std::lock; then one of
/// the owner index.
class alignas(64) session_shard {
public:
    using digest_type = session_token::digest_type;
    /// A session that went beyond its owner's limit; its caller ends it, for it may be of another
    /// shard.
    using surplus_session = std::optional<digest_type>;

    session_shard() = default;
    session_shard(const session_shard&) = delete;
    session_shard& operator=(const session_shard&) = delete;
    ~session_shard();

    /// To be called once, before all else. `owners` must outlive the shard.
    ///
    /// @param capacity_bytes  What all sessions may take together, their overhead included.
    void set_up(std::size_t capacity_bytes, owner_index& owners) noexcept;

    /// Has the CPU fetch what the next call for that digest reads first: all at once, where the call
    /// would wait for one after the other.
    void prefetch(const digest_type& digest) const noexcept;

    [[nodiscard]] session_load load(const digest_type& digest, session_time now,
                                    stored_session& into);

    /// A load found nothing for a token that looked like one.
    void count_unknown();

    /// REQUIRES: its digest is not there, as that of a token that was just made.
    [[nodiscard]] session_commit insert(std::unique_ptr<memory_session> fresh, session_time now,
                                        session_committed& into, surplus_session& surplus);

    /// As session_change::operation::replace. @throws std::bad_alloc only, with no effect.
    [[nodiscard]] session_commit replace(const session_change& change, session_time now,
                                         session_committed& into, surplus_session& surplus);

    /// As session_change::operation::rename: `fresh` takes the place of the session of
    /// `change.token`. The shards may be one.
    [[nodiscard]] static session_commit rename(session_shard& from, session_shard& to,
                                               const session_change& change,
                                               std::unique_ptr<memory_session> fresh,
                                               session_time now, session_committed& into,
                                               surplus_session& surplus);

    [[nodiscard]] session_commit touch(const digest_type& digest, const session_record& record,
                                       session_time now);

    /// Why a session is dropped at a caller's word.
    enum class cause : std::uint8_t { ended, evicted };

    /// Nothing happens where it is not there.
    void erase(const digest_type& digest, cause why);

    /// Describes the session if it is there, of that owner and alive; `is_current` is left alone.
    [[nodiscard]] bool describe(const digest_type& digest, std::string_view owner, session_time now,
                                session_summary& into) const;

    /// Adds what this shard has counted.
    void add_to(session_metrics& sum) const;

private:
    [[nodiscard]] memory_session* find(const digest_type& digest) const noexcept;
    [[nodiscard]] memory_session* use(const digest_type& digest, session_time now);
    [[nodiscard]] memory_session* use(const session_change& change, session_time now,
                                      session_committed& into, session_commit& outcome);
    [[nodiscard]] bool make_room(std::size_t bytes, session_time now, const memory_session* spared);
    [[nodiscard]] memory_session& victim(session_time now, const memory_session* spared) const;
    [[nodiscard]] session_commit rewrite(memory_session& which, const session_record& record,
                                         session_time now, surplus_session& surplus);
    [[nodiscard]] use_order<memory_session>& order_of(const memory_session& which) noexcept;
    void keep(std::unique_ptr<memory_session> fresh) noexcept;
    void drop_expired(session_time now) noexcept;
    void drop(memory_session& which, std::uint64_t& count) noexcept;

    // What each call needs: two cache lines, and a bucket behind them.
    mutable std::mutex mutex_;
    std::size_t capacity_bytes_ = 0;
    owner_index* owners_ = nullptr;
    session_time quiet_at_{};  // then none of the oldest had expired: not to be looked at again
    use_order<memory_session> anonymous_;
    use_order<memory_session> owned_;
    growing_table<memory_session> sessions_;

    session_metrics counts_;  // but for `sessions` and what the store counts
};

}  // namespace cloakroom
