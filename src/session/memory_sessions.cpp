// SPDX-License-Identifier: MIT
#include "session/base64url.hpp"
#include "session/memory_session.hpp"
#include "session/owner_index.hpp"
#include "session/session_shard.hpp"
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/setup_error.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <new>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace cloakroom {
namespace {

constexpr std::size_t least_capacity_bytes = 64UL * 1024;
constexpr std::size_t most_shards = 64;

// Each shard bounds itself. So there are only as many as leave room for a few sessions of the
// largest size in each: a small store is one shard, and one large session can have all of it.
std::size_t shard_count(const memory_session_settings& settings) {
    const std::size_t largest = std::max<std::size_t>(settings.session_bytes, 1024);
    return std::bit_floor(
        std::clamp<std::size_t>(settings.capacity_bytes / 4 / largest, 1, most_shards));
}

// As session_token::random() makes them.
constexpr std::size_t id_bytes = 32;
constexpr std::size_t token_characters = base64url_size(id_bytes);

// REQUIRES: token_characters of them.
bool is_well_formed(std::string_view text) noexcept {
    std::array<char, id_bytes> id;
    return base64url_decode(text, id.data()).has_value();
}

class memory_session_store : public session_store {
public:
    explicit memory_session_store(const memory_session_settings& settings)
        : session_bytes_(settings.session_bytes),
          owners_(settings.sessions_per_owner),
          shards_(shard_count(settings)) {
        for (session_shard& shard : shards_) {
            shard.set_up(settings.capacity_bytes / shards_.size(), owners_);
        }
    }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return {.compare_and_swap = true,
                .revocable = true,
                .ends_by_owner = true,
                .owner_index = true,
                .confidential = true,
                .bounded = true};
    }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        if (token.text().size() != token_characters) {
            return refuse();
        }
        session_shard& shard = shard_of(token.digest());
        shard.prefetch(token.digest());
        try {
            const session_load outcome = shard.load(token.digest(), now, into);
            if (outcome != session_load::absent) {
                return outcome;
            }
            // Only a token of session_token::random() is ever found: so others are told apart here.
            if (!is_well_formed(token.text())) {
                return refuse();
            }
            shard.count_unknown();
            return outcome;
        } catch (const std::bad_alloc&) {
            return session_load::failed;
        }
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        try {
            session_shard::surplus_session surplus;
            const session_commit outcome = apply(change, now, into, surplus);
            if (surplus) {
                shard_of(*surplus).erase(*surplus, session_shard::cause::evicted);
            }
            return outcome;
        } catch (const std::bad_alloc&) {
            return session_commit::unavailable;
        } catch (const std::system_error&) {  // no random bytes
            return session_commit::unavailable;
        }
    }

    [[nodiscard]] session_load list(std::string_view owner, const session_token& current,
                                    session_time now, std::vector<session_summary>& into) override;
    [[nodiscard]] session_commit end(std::string_view owner, std::string_view handle,
                                     session_time now) override;
    [[nodiscard]] session_commit end_all(std::string_view owner, const session_token* spared,
                                         session_time now) override;
    [[nodiscard]] bool ping(session_time /*now*/) override { return true; }
    [[nodiscard]] session_metrics metrics() const override;

private:
    using digest_type = session_token::digest_type;

    session_load refuse() noexcept {
        invalid_tokens_.fetch_add(1, std::memory_order_relaxed);
        return session_load::invalid;
    }

    session_shard& shard_of(const digest_type& digest) {
        // The last byte: the shard's table hashes by the first ones.
        return shards_[digest.back() % shards_.size()];
    }

    [[nodiscard]] bool is_too_large(const session_change& change) const noexcept {
        using enum session_change::operation;
        const session_record& record = change.record;
        const bool is_stored =
            change.what == insert || change.what == replace || change.what == rename;
        return is_stored && (record.values.encoded().size() > session_bytes_ ||
                             record.owner.size() > session_record::max_name_bytes ||
                             record.label.size() > session_record::max_name_bytes);
    }

    session_commit apply(const session_change& change, session_time now, session_committed& into,
                         session_shard::surplus_session& surplus);
    session_commit insert_new(const session_change& change, session_time now,
                              session_committed& into, session_shard::surplus_session& surplus);

    std::size_t session_bytes_;
    owner_index owners_;
    std::vector<session_shard> shards_;
    // Malformed tokens have no shard, nor does any good client send them.
    alignas(64) std::atomic<std::uint64_t> invalid_tokens_ = 0;
};

session_commit memory_session_store::apply(const session_change& change, session_time now,
                                           session_committed& into,
                                           session_shard::surplus_session& surplus) {
    if (is_too_large(change)) {
        return session_commit::too_large;
    }
    using enum session_change::operation;
    switch (change.what) {
        case insert:
        case rename:
            return insert_new(change, now, into, surplus);
        case replace:
            return shard_of(change.token.digest()).replace(change, now, into, surplus);
        case touch:
            return shard_of(change.token.digest()).touch(change.token.digest(), change.record, now);
        case erase:
            shard_of(change.token.digest())
                .erase(change.token.digest(), session_shard::cause::ended);
            return session_commit::committed;
    }
    return session_commit::unavailable;
}

session_commit memory_session_store::insert_new(const session_change& change, session_time now,
                                                session_committed& into,
                                                session_shard::surplus_session& surplus) {
    session_token token = session_token::random();
    std::unique_ptr<memory_session> fresh =
        make_session(owners_, change.record, token.digest(), now);
    session_shard& to = shard_of(token.digest());
    const session_commit outcome =
        change.what == session_change::operation::insert
            ? to.insert(std::move(fresh), now, into, surplus)
            : session_shard::rename(shard_of(change.token.digest()), to, change, std::move(fresh),
                                    now, into, surplus);
    if (outcome == session_commit::committed) {
        into.token = std::move(token);
    }
    return outcome;
}

// A session that is just being renamed may be missed: it has its new digest only when its old one
// has been looked for.
session_load memory_session_store::list(std::string_view owner, const session_token& current,
                                        session_time now, std::vector<session_summary>& into) {
    try {
        for (const digest_type& digest : owners_.find_all(owner)) {
            session_summary summary;
            if (shard_of(digest).describe(digest, owner, now, summary)) {
                summary.is_current = !current.empty() && digest == current.digest();
                into.push_back(std::move(summary));
            }
        }
        return session_load::found;
    } catch (const std::bad_alloc&) {
        return session_load::failed;
    }
}

session_commit memory_session_store::end(std::string_view owner, std::string_view handle,
                                         session_time /*now*/) {
    owner_index::handle_type bytes{};
    std::array<char, bytes.size()> decoded{};
    if (handle.size() != base64url_size(bytes.size()) ||
        !base64url_decode(handle, decoded.data())) {
        return session_commit::committed;
    }
    std::copy(decoded.begin(), decoded.end(), bytes.begin());
    if (const auto digest = owners_.take(owner, bytes)) {
        shard_of(*digest).erase(*digest, session_shard::cause::ended);
    }
    return session_commit::committed;
}

// From the moment that they are taken out of the index, none of them can be renamed nor given to
// another owner. So they are still found by the digests taken.
session_commit memory_session_store::end_all(std::string_view owner, const session_token* spared,
                                             session_time /*now*/) {
    try {
        const digest_type* const kept = spared == nullptr ? nullptr : &spared->digest();
        for (const digest_type& digest : owners_.take_all(owner, kept)) {
            shard_of(digest).erase(digest, session_shard::cause::ended);
        }
        return session_commit::committed;
    } catch (const std::bad_alloc&) {  // before the first was ended
        return session_commit::unavailable;
    }
}

session_metrics memory_session_store::metrics() const {
    session_metrics sum;
    for (const session_shard& shard : shards_) {
        shard.add_to(sum);
    }
    sum.invalid_tokens = invalid_tokens_.load(std::memory_order_relaxed);
    return sum;
}

}  // namespace

std::unique_ptr<session_store> memory_sessions(memory_session_settings settings) {
    if (settings.capacity_bytes < least_capacity_bytes) {
        throw setup_error("memory_sessions: a capacity of " +
                          std::to_string(settings.capacity_bytes) +
                          " bytes is too small; give capacity_bytes at least 65536");
    }
    if (settings.sessions_per_owner == 0) {
        throw setup_error(
            "memory_sessions: no session for an owner; give sessions_per_owner at least 1");
    }
    return std::make_unique<memory_session_store>(settings);
}

}  // namespace cloakroom
