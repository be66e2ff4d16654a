// SPDX-License-Identifier: MIT
#include "redis/command.hpp"
#include "redis/loop_clients.hpp"
#include "redis/session_commits.hpp"
#include "redis/session_place.hpp"
#include "redis/session_value.hpp"
#include <cloakroom/async_session_store.hpp>
#include <cloakroom/redis_sessions.hpp>
#include <cloakroom/setup_error.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace cloakroom {
namespace redis {
namespace {

using operation = session_change::operation;

// Handles of session_summary are so much of the digest.
constexpr std::size_t handle_characters = 22;

// What one reply can carry: list() takes three elements a session.
constexpr std::size_t most_sessions_per_owner = 20'000;
constexpr std::size_t most_session_bytes = 32UL * 1024 * 1024;
static_assert(3 * most_sessions_per_owner <= reply_reader::max_elements);
static_assert(2 * most_session_bytes <= reply_reader::max_reply_bytes);

class redis_session_store final : public async_session_store {
public:
    redis_session_store(client_settings client, session_keeping keeping)
        : roster_(std::make_shared<client_roster>(std::move(client))),
          keeping_(std::move(keeping)) {}
    ~redis_session_store() override { roster_->close_all(); }
    redis_session_store(const redis_session_store&) = delete;
    redis_session_store& operator=(const redis_session_store&) = delete;

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return {.compare_and_swap = true,
                .revocable = true,
                .ends_by_owner = true,
                .owner_index = true,
                .confidential = true};
    }

    [[nodiscard]] task<session_load> load(const session_token& token, session_time now,
                                          stored_session& into) override {
        if (!is_well_formed(token.text())) {
            count(invalid_tokens_);
            co_return session_load::invalid;
        }
        const session_place place = place_of(keeping_.prefix, token);
        client& redis = client_on(co_await boost::asio::this_coro::executor);
        std::optional<session_cache::load> kept;
        if (const std::shared_ptr<session_cache> cache = redis.cache()) {
            if (const stored_session* const known = cache->find(place.key)) {
                into = *known;
                into.may_be_stale = true;
                co_return found_at(now, into);
            }
            kept.emplace(cache, place.key);
        }
        std::string command = make_command({"GET", place.key});
        const reply answer = co_await redis.run(place.slot, std::move(command));
        if (!is_session(answer, into)) {
            count(unknown_tokens_);
            co_return session_load::absent;
        }
        if (kept) {
            kept->keep(into);
        }
        co_return found_at(now, into);
    }

    [[nodiscard]] task<session_commit> commit(session_change change, session_time now,
                                              session_committed& into) override {
        const bool has_token = change.what != operation::insert;
        if (has_token && !is_well_formed(change.token.text())) {
            co_return change.what == operation::erase ? session_commit::committed
                                                      : session_commit::gone;
        }
        client& redis = client_on(co_await boost::asio::this_coro::executor);
        const std::string key =
            has_token && redis.has_cache() ? place_of(keeping_.prefix, change.token).key : "";
        const session_commit outcome = co_await redis::commit(redis, keeping_, change, now, into);
        redis.changes(key);
        count(change.what, outcome);
        co_return outcome;
    }

    [[nodiscard]] task<session_load> list(std::string_view owner, const session_token& current,
                                          session_time now,
                                          std::vector<session_summary>& into) override {
        const owner_place place = place_of_owner(keeping_.prefix, owner);
        const std::string at = std::to_string(now.time_since_epoch().count());
        const std::string own_digest = digest_of(current);
        script_call call = script_call{keeping_.scripts.list, 1, {place.key, at, place.base, owner}}
                               .with_other_keys();
        client& redis = client_on(co_await boost::asio::this_coro::executor);
        const reply answer = co_await redis.run(place.slot, std::move(call));
        if (!answer.is(reply::kind::list)) {
            fail(answer);
        }
        for (std::size_t each = 0; each + 2 < answer.elements.size(); each += 3) {
            const std::string& digest = answer.elements[each].text;
            session_record record;
            decode_times(answer.elements[each + 1].text, record);
            into.push_back({.handle = digest.substr(0, handle_characters),
                            .label = answer.elements[each + 2].text,
                            .issued = record.issued,
                            .used = record.used,
                            .absolute_deadline = record.absolute_deadline,
                            .is_current = digest == own_digest});
        }
        co_return session_load::found;
    }

    [[nodiscard]] task<session_commit> end(std::string_view owner, std::string_view handle,
                                           session_time) override {
        if (handle.size() != handle_characters) {
            co_return session_commit::committed;
        }
        const owner_place place = place_of_owner(keeping_.prefix, owner);
        script_call call =
            script_call{keeping_.scripts.end, 1, {place.key, place.base, handle}}.with_other_keys();
        co_return co_await end_by(place.slot, std::move(call));
    }

    [[nodiscard]] task<session_commit> end_all(std::string_view owner, const session_token* spared,
                                               session_time) override {
        const owner_place place = place_of_owner(keeping_.prefix, owner);
        const std::string digest = spared == nullptr ? std::string{} : digest_of(*spared);
        script_call call = script_call{keeping_.scripts.end_all, 1, {place.key, place.base, digest}}
                               .with_other_keys();
        co_return co_await end_by(place.slot, std::move(call));
    }

    [[nodiscard]] task<bool> ping(session_time) override {
        client& redis = client_on(co_await boost::asio::this_coro::executor);
        std::string command = make_command({"PING"});
        const reply answer = co_await redis.run(0, std::move(command));
        if (!answer.is(reply::kind::status)) {
            fail(answer);
        }
        co_return true;
    }

    [[nodiscard]] session_metrics metrics() const override {
        return {.inserted = inserted_,
                .ended = ended_,
                .conflicts = conflicts_,
                .unknown_tokens = unknown_tokens_,
                .invalid_tokens = invalid_tokens_};
    }

private:
    using counter = std::atomic<std::uint64_t>;

    [[nodiscard]] client& client_on(const boost::asio::any_io_executor& executor) const {
        auto& loop = boost::asio::query(executor, boost::asio::execution::context);
        return boost::asio::use_service<loop_clients>(loop).of(roster_, executor);
    }

    [[nodiscard]] session_load found_at(session_time now, const stored_session& found) {
        if (!found.record.is_expired(now)) {
            return session_load::found;
        }
        count(unknown_tokens_);
        return session_load::absent;
    }

    [[nodiscard]] task<session_commit> end_by(std::uint16_t slot, script_call call) {
        client& redis = client_on(co_await boost::asio::this_coro::executor);
        const reply answer = co_await redis.run(slot, std::move(call));
        if (!answer.is(reply::kind::integer)) {
            fail(answer);
        }
        ended_.fetch_add(static_cast<std::uint64_t>(answer.number), std::memory_order_relaxed);
        redis.changes_others();
        co_return session_commit::committed;
    }

    // What GET answered. A tombstone is none.
    [[nodiscard]] static bool is_session(const reply& answer, stored_session& into) {
        if (answer.is(reply::kind::nil)) {
            return false;
        }
        if (!answer.is(reply::kind::text)) {
            fail(answer);
        }
        const value_kind kind = decode_value(answer.text, into);
        if (kind == value_kind::unknown) {
            throw std::runtime_error("Redis has a session that another version wrote");
        }
        return kind == value_kind::session;
    }

    [[nodiscard]] std::string digest_of(const session_token& token) const {
        return is_well_formed(token.text()) ? place_of(keeping_.prefix, token).digest
                                            : std::string{};
    }

    static void count(counter& which) noexcept { which.fetch_add(1, std::memory_order_relaxed); }

    void count(operation what, session_commit outcome) noexcept {
        if (outcome == session_commit::conflict) {
            count(conflicts_);
        } else if (outcome == session_commit::committed) {
            if (what == operation::insert || what == operation::rename) {
                count(inserted_);
            }
            if (what == operation::erase || what == operation::rename) {
                count(ended_);
            }
        }
    }

    std::shared_ptr<client_roster> roster_;
    session_keeping keeping_;
    counter inserted_ = 0;
    counter ended_ = 0;
    counter conflicts_ = 0;
    counter unknown_tokens_ = 0;
    counter invalid_tokens_ = 0;
};

void check(const redis_session_settings& settings, const std::string& prefix) {
    if (prefix.find_first_of("{}") != std::string::npos) {
        throw setup_error("the prefix of keys in Redis may not have \"{\" or \"}\"");
    }
    if (settings.sessions_per_owner == 0 || settings.sessions_per_owner > most_sessions_per_owner) {
        throw setup_error("redis_sessions: sessions_per_owner is 1 to 20000");
    }
    if (settings.session_bytes > most_session_bytes) {
        throw setup_error("redis_sessions: session_bytes is at most 32 MiB");
    }
    if (settings.connect_time.count() <= 0 || settings.answer_time.count() <= 0 ||
        settings.stale_time.count() <= 0) {
        throw setup_error(
            "redis_sessions: connect_time, answer_time and stale_time are more than 0");
    }
}

}  // namespace
}  // namespace redis

std::shared_ptr<async_session_store> redis_sessions(std::string_view url,
                                                    const redis_session_settings& settings) {
    redis::client_settings client{.url = redis::server_url::parse(url),
                                  .connect_time = settings.connect_time,
                                  .answer_time = settings.answer_time,
                                  .cache_bytes = settings.cache_bytes,
                                  .stale_time = settings.stale_time};
    const std::string& ca_file = client.url.ca_file.empty() ? settings.ca_file : client.url.ca_file;
    if (client.url.uses_tls) {
        client.tls = redis::make_tls_context(ca_file);
    }
    redis::session_keeping keeping{
        .prefix = client.url.prefix.empty() ? settings.prefix : client.url.prefix,
        .session_bytes = settings.session_bytes,
        .sessions_per_owner = settings.sessions_per_owner};
    redis::check(settings, keeping.prefix);
    client.prefix = keeping.prefix;
    return std::make_shared<redis::redis_session_store>(std::move(client), std::move(keeping));
}

}  // namespace cloakroom
