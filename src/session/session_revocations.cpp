// SPDX-License-Identifier: MIT
#include "session/expiring_map.hpp"
#include <cloakroom/session_revocations.hpp>
#include <cloakroom/setup_error.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

namespace cloakroom {
namespace {

// Longer than what an app makes of ids and owners; bounds the memory of an entry.
constexpr std::size_t most_name_bytes = session_record::max_name_bytes;

// Callers' clocks differ a little: what one of them takes for over may not be for another.
constexpr std::chrono::seconds clock_slack = std::chrono::minutes{1};

constexpr std::size_t most_revocation_shards = 64;
constexpr std::size_t least_shard_capacity = 1024;

struct nothing {};

// What end_all() said of an owner.
struct owner_end {
    session_time last_ended{};   // sessions that were issued then or before have ended
    session_time last_issued{};  // what issue_time() gave since
    std::string spared{};        // the id of one that has not
};

// The latest of the times that were shown to it.
class latest_time {
public:
    void show(session_time time) noexcept {
        session_time known = time_.load();
        while (known < time && !time_.compare_exchange_weak(known, time)) {}
    }
    [[nodiscard]] session_time get() const noexcept { return time_.load(); }

private:
    std::atomic<session_time> time_{session_time{}};
};

// Some of the ids and owners, under one lock, on a cache line of its own.
struct alignas(64) revocation_shard {
    explicit revocation_shard(std::size_t capacity) : ids(capacity), owners(capacity) {}

    std::mutex mutex;
    expiring_map<nothing> ids;
    expiring_map<owner_end> owners;
};

class revocations_in_memory : public session_revocations {
public:
    explicit revocations_in_memory(std::size_t capacity) {
        const std::size_t count = std::bit_floor(
            std::clamp<std::size_t>(capacity / least_shard_capacity, 1, most_revocation_shards));
        for (std::size_t made = 0; made < count; ++made) {
            shards_.emplace_back((capacity + count - 1) / count);
        }
    }

    void prepare(std::chrono::seconds longest) override {
        longest_ = std::max(longest_.load(), longest);
    }

    [[nodiscard]] answer has_ended(std::string_view id, std::string_view owner, session_time issued,
                                   session_time /*now*/) override {
        if (has_ids_) {
            revocation_shard& shard = shard_of(id);
            const std::scoped_lock lock{shard.mutex};
            if (shard.ids.find(id) != nullptr) {
                return answer::yes;
            }
        }
        if (has_owners_) {
            revocation_shard& shard = shard_of(owner);
            const std::scoped_lock lock{shard.mutex};
            const owner_end* const end = shard.owners.find(owner);
            if (end != nullptr && issued <= end->last_ended && id != end->spared) {
                return answer::yes;
            }
        }
        return answer::no;
    }

    [[nodiscard]] outcome end(std::string_view id, session_time until, session_time now) override {
        if (id.size() > most_name_bytes) {
            return outcome::unavailable;
        }
        revocation_shard& shard = shard_of(id);
        const std::scoped_lock lock{shard.mutex};
        has_ids_ = true;
        const auto [kept, is_new] = shard.ids.put(id, until + clock_slack, now);
        if (kept == nullptr) {
            return outcome::unavailable;
        }
        return is_new ? outcome::ended : outcome::was_ended;
    }

    [[nodiscard]] outcome end_all(std::string_view owner, std::string_view spared,
                                  session_time now) override {
        if (owner.size() > most_name_bytes || spared.size() > most_name_bytes) {
            return outcome::unavailable;
        }
        std::string spared_id{spared};  // first: what follows must not end halfway
        revocation_shard& shard = shard_of(owner);
        const std::scoped_lock lock{shard.mutex};
        has_owners_ = true;
        // Whoever was given a time of issue before this began before this, even if it is of a clock
        // that is ahead of ours.
        session_time last_ended = std::max(now, latest_issue_.get());
        if (const owner_end* const before = shard.owners.find(owner)) {
            last_ended = std::max({last_ended, before->last_ended, before->last_issued});
        }
        const session_time until = last_ended + longest_.load() + clock_slack;
        owner_end* const kept = shard.owners.put(owner, until, now).first;
        if (kept == nullptr) {
            return outcome::unavailable;
        }
        kept->last_ended = last_ended;
        kept->spared = std::move(spared_id);
        return outcome::ended;
    }

    [[nodiscard]] std::optional<session_time> issue_time(std::string_view owner,
                                                         session_time wanted) override {
        latest_issue_.show(wanted);  // before the lock: who comes after us sees it
        revocation_shard& shard = shard_of(owner);
        const std::scoped_lock lock{shard.mutex};
        owner_end* const end = shard.owners.find(owner);
        if (end == nullptr) {
            return wanted;
        }
        const session_time issued = std::max(wanted, end->last_ended + std::chrono::seconds{1});
        end->last_issued = std::max(end->last_issued, issued);
        return issued;
    }

private:
    revocation_shard& shard_of(std::string_view name) {
        return shards_[std::hash<std::string_view>{}(name) % shards_.size()];
    }

    std::deque<revocation_shard> shards_;  // it never moves one
    latest_time latest_issue_;
    std::atomic<std::chrono::seconds> longest_{std::chrono::seconds{0}};
    // So that nothing is looked up before the first log-out.
    std::atomic<bool> has_ids_ = false;
    std::atomic<bool> has_owners_ = false;
};

}  // namespace

std::unique_ptr<session_revocations> memory_revocations(memory_revocation_settings settings) {
    if (settings.capacity == 0) {
        throw setup_error("memory_revocations: with a capacity of 0 no session can be ended");
    }
    return std::make_unique<revocations_in_memory>(settings.capacity);
}

}  // namespace cloakroom
