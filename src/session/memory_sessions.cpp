// SPDX-License-Identifier: MIT
#include "session/base64url.hpp"
#include "session/session_shard.hpp"
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/setup_error.hpp>

#include <algorithm>
#include <array>
#include <bit>
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
bool is_well_formed(std::string_view text) noexcept {
    std::array<char, 32> id;
    return text.size() == base64url_size(id.size()) && base64url_decode(text, id.data());
}

class memory_session_store : public session_store {
public:
    explicit memory_session_store(const memory_session_settings& settings)
        : session_bytes_(settings.session_bytes), shards_(shard_count(settings)) {
        for (session_shard& shard : shards_) {
            shard.bound(settings.capacity_bytes / shards_.size());
        }
    }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return {.compare_and_swap = true, .revocable = true, .confidential = true, .bounded = true};
    }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        if (!is_well_formed(token.text())) {
            return session_load::invalid;
        }
        return shard_of(token).load(token.digest(), now, into);
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        using enum session_change::operation;
        if ((change.what == insert || change.what == replace) &&
            change.record.values.encoded().size() > session_bytes_) {
            return session_commit::too_large;
        }
        switch (change.what) {
            case insert:
                return insert_new(change.record, now, into);
            case replace:
                return shard_of(change.token).replace(change.token.digest(), change, now, into);
            case touch:
                return shard_of(change.token)
                    .touch(change.token.digest(), change.record.idle_deadline, now);
            case erase:
                shard_of(change.token).erase(change.token.digest());
                return session_commit::committed;
        }
        return session_commit::unavailable;
    }

private:
    session_shard& shard_of(const session_token& token) {
        // The last byte: the shard's map hashes by the first ones.
        return shards_[token.digest().back() % shards_.size()];
    }

    session_commit insert_new(const session_record& record, session_time now,
                              session_committed& into) {
        try {
            session_token token = session_token::random();
            const session_commit outcome = shard_of(token).insert(token.digest(), record, now);
            if (outcome == session_commit::committed) {
                into.token = std::move(token);
                into.version = 1;
            }
            return outcome;
        } catch (const std::system_error&) {  // no random bytes
            return session_commit::unavailable;
        }
    }

    std::size_t session_bytes_;
    std::vector<session_shard> shards_;
};

}  // namespace

std::unique_ptr<session_store> memory_sessions(memory_session_settings settings) {
    if (settings.capacity_bytes < least_capacity_bytes) {
        throw setup_error("memory_sessions: a capacity of " +
                          std::to_string(settings.capacity_bytes) +
                          " bytes is too small; give capacity_bytes at least 65536");
    }
    return std::make_unique<memory_session_store>(settings);
}

}  // namespace cloakroom
