// SPDX-License-Identifier: MIT
#include "redis/session_commits.hpp"

#include "redis/session_place.hpp"
#include "redis/session_value.hpp"
#include "session/random_bytes.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>
#include <vector>

namespace cloakroom::redis {
namespace {

using operation = session_change::operation;

// How much longer than a session lives Redis keeps it: clocks differ.
constexpr std::chrono::seconds slack{60};

// How long, in milliseconds, the new half of a rename to another shard lasts if the other half does
// not come.
constexpr std::string_view provisional_ttl = "60000";

std::string text_of(session_time time) {
    return std::to_string(time.time_since_epoch().count());
}

// How many milliseconds a key is kept.
std::string ttl_of(session_time deadline, session_time now) {
    constexpr std::chrono::seconds longest = std::chrono::hours{24 * 366 * 100};
    const auto left =
        std::clamp<std::chrono::seconds>(deadline - now, std::chrono::seconds{0}, longest);
    return std::to_string(std::chrono::milliseconds{left + slack}.count());
}

std::string ttl_of(const session_record& record, session_time now) {
    return ttl_of(std::min(record.idle_deadline, record.absolute_deadline), now);
}

// Names one commit, so that Redis recognises it when it comes again.
std::string make_commit_id() {
    std::array<char, 8> id;
    fill_random(id);
    return {id.data(), id.size()};
}

// The current value, where that is what a script returned: another commit came first.
const std::string* conflict_in(const reply& answer) {
    return answer.is(reply::kind::list) && answer.elements.size() == 1 ? &answer.elements[0].text
                                                                       : nullptr;
}

// A commit that was sent twice may lie so far back that Redis has forgotten its id.
session_commit take_conflict(const reply& answer, const std::string& current,
                             const session_change& change, session_committed& into) {
    if (decode_value(current, into.current) != value_kind::session) {
        throw std::runtime_error("Redis has a session that another version wrote");
    }
    if (answer.sent > 1 && into.current.version - change.expected > remembered_commits) {
        throw std::runtime_error("Redis does not know any more whether a commit was made");
    }
    return session_commit::conflict;
}

// A session under a new token: what insert and rename tell their scripts.
struct fresh_session {
    fresh_session(const session_keeping& keeping, const session_record& record, session_time at,
                  const shard_name& shard, session_version first)
        : token(make_token(shard)),
          place(place_of(keeping.prefix, token)),
          now(text_of(at)),
          version(encode_version(first)),
          times(encode_times(record)),
          contents(encode_contents(record)),
          ttl(ttl_of(record, at)),
          owner(record.owner),
          absolute(text_of(record.absolute_deadline)),
          limit(std::to_string(keeping.sessions_per_owner)),
          index_ttl(ttl_of(record.absolute_deadline, at)) {}

    session_token token;
    session_place place;
    std::string id = make_commit_id();
    std::string now;
    std::string version;
    std::string times;
    std::string contents;
    std::string ttl;
    std::string_view owner;
    std::string absolute;
    std::string limit;
    std::string index_ttl;

    void hand_over(session_version made, session_committed& into) {
        into.token = std::move(token);
        into.version = made;
    }
};

task<reply> insert(client& redis, const session_keeping& keeping, const fresh_session& fresh,
                   std::string_view ttl) {
    script_call call{keeping.scripts.insert,
                     1,
                     {fresh.place.key, fresh.now, fresh.place.base, fresh.place.digest, fresh.id,
                      fresh.version, fresh.times, fresh.contents, ttl, fresh.owner, fresh.absolute,
                      fresh.limit, fresh.index_ttl}};
    return redis.run(fresh.place.slot,
                     fresh.owner.empty() ? std::move(call) : std::move(call).with_other_keys());
}

task<session_commit> insert(client& redis, const session_keeping& keeping,
                            const session_record& record, session_time now,
                            session_committed& into) {
    fresh_session fresh(keeping, record, now, choose_shard(record.owner), 1);
    const reply answer = co_await insert(redis, keeping, fresh, fresh.ttl);
    const session_commit outcome = outcome_of(answer);
    if (outcome == session_commit::committed) {
        fresh.hand_over(1, into);
    }
    co_return outcome;
}

task<session_commit> replace(client& redis, const session_keeping& keeping, session_change change,
                             session_time now, session_committed& into) {
    const session_place place = place_of(keeping.prefix, change.token);
    const std::string at = text_of(now);
    const std::string id = make_commit_id();
    const std::string expected = encode_version(change.expected);
    const std::string next = encode_version(change.expected + 1);
    const std::string times = encode_times(change.record);
    const std::string contents = encode_contents(change.record);
    const std::string ttl = ttl_of(change.record, now);
    script_call call{
        keeping.scripts.replace, 1, {place.key, at, id, expected, next, times, contents, ttl}};
    const reply answer = co_await redis.run(place.slot, std::move(call));
    if (const std::string* const current = conflict_in(answer)) {
        co_return take_conflict(answer, *current, change, into);
    }
    const session_commit outcome = outcome_of(answer);
    into.version = change.expected + 1;
    co_return outcome;
}

// Within a shard it is one step.
task<session_commit> rename_here(client& redis, const session_keeping& keeping,
                                 session_change change, const session_place& old,
                                 fresh_session& fresh, session_committed& into) {
    const std::string expected = encode_version(change.expected);
    script_call call{keeping.scripts.rename,
                     2,
                     {old.key, fresh.place.key, fresh.now, fresh.place.base, fresh.place.digest,
                      fresh.id, fresh.version, fresh.times, fresh.contents, fresh.ttl, fresh.owner,
                      fresh.absolute, fresh.limit, fresh.index_ttl, old.digest, expected}};
    const reply answer = co_await redis.run(fresh.place.slot, std::move(call));
    if (const std::string* const current = conflict_in(answer)) {
        co_return take_conflict(answer, *current, change, into);
    }
    const session_commit outcome = outcome_of(answer);
    if (outcome == session_commit::committed) {
        fresh.hand_over(change.expected + 1, into);
    }
    co_return outcome;
}

// To another shard it is three steps: the new session is made, for a minute; the old one is ended,
// if it is what was expected; the new one is made to last. Nobody knows the new token before the
// last, so what is seen is one step. If it stops between the first two, the old session goes on;
// between the last two, both are gone soon. Who ends the owner's sessions meanwhile ends the new
// one: that came after the rename, which is committed all the same, since the old one has ended.
task<session_commit> rename_away(client& redis, const session_keeping& keeping,
                                 session_change change, const session_place& old,
                                 fresh_session& fresh, session_committed& into) {
    const reply made = co_await insert(redis, keeping, fresh, provisional_ttl);
    if (outcome_of(made) != session_commit::committed) {
        co_return session_commit::gone;
    }
    const std::string expected = encode_version(change.expected);
    script_call retiring{
        keeping.scripts.retire, 1, {old.key, fresh.now, old.base, old.digest, fresh.id, expected}};
    const reply retired = co_await redis.run(old.slot, std::move(retiring));
    const std::string* const current = conflict_in(retired);
    if (current != nullptr || outcome_of(retired) != session_commit::committed) {
        script_call undoing{
            keeping.scripts.erase, 1, {fresh.place.key, fresh.place.base, fresh.place.digest}};
        co_await redis.run(fresh.place.slot, std::move(undoing));
        co_return current == nullptr ? session_commit::gone
                                     : take_conflict(retired, *current, change, into);
    }
    script_call confirming{
        keeping.scripts.confirm, 1, {fresh.place.key, fresh.now, fresh.id, fresh.ttl}};
    const reply confirmed = co_await redis.run(fresh.place.slot, std::move(confirming));
    if (confirmed.is(reply::kind::text) && confirmed.text == "lapsed") {
        throw std::runtime_error("a rename took Redis so long that the session has lapsed");
    }
    const session_commit outcome = outcome_of(confirmed);
    fresh.hand_over(change.expected + 1, into);
    co_return outcome;
}

task<session_commit> rename(client& redis, const session_keeping& keeping, session_change change,
                            session_time now, session_committed& into) {
    const session_place old = place_of(keeping.prefix, change.token);
    const std::string& owner = change.record.owner;
    fresh_session fresh(keeping, change.record, now,
                        owner.empty() ? old.shard : choose_shard(owner), change.expected + 1);
    if (fresh.place.shard == old.shard) {
        co_return co_await rename_here(redis, keeping, change, old, fresh, into);
    }
    co_return co_await rename_away(redis, keeping, change, old, fresh, into);
}

task<session_commit> touch(client& redis, const session_keeping& keeping, session_change change,
                           session_time now) {
    const session_place place = place_of(keeping.prefix, change.token);
    const std::string at = text_of(now);
    const std::string used = encode_time(change.record.used);
    const std::string idle = encode_time(change.record.idle_deadline);
    const std::string ttl = ttl_of(change.record.idle_deadline, now);
    script_call call{keeping.scripts.touch, 1, {place.key, at, used, idle, ttl}};
    co_return outcome_of(co_await redis.run(place.slot, std::move(call)));
}

task<session_commit> erase(client& redis, const session_keeping& keeping, session_change change) {
    const session_place place = place_of(keeping.prefix, change.token);
    script_call undoing{keeping.scripts.erase, 1, {place.key, place.base, place.digest}};
    co_return outcome_of(co_await redis.run(place.slot, std::move(undoing)));
}

}  // namespace

void fail(const reply& answer) {
    throw std::runtime_error(answer.is(reply::kind::none)    ? answer.text
                             : answer.is(reply::kind::error) ? "Redis refuses: " + answer.text
                                                             : "Redis answers something else");
}

session_commit outcome_of(const reply& answer) {
    if (!answer.is(reply::kind::text)) {
        fail(answer);
    }
    if (answer.text == "committed") {
        return session_commit::committed;
    }
    if (answer.text != "gone") {
        throw std::runtime_error("only a rename changes the owner of a session");
    }
    if (answer.sent > 1) {
        throw std::runtime_error("a commit was sent twice to Redis, and the session has ended");
    }
    return session_commit::gone;
}

task<session_commit> commit(client& redis, const session_keeping& keeping, session_change change,
                            session_time now, session_committed& into) {
    const bool has_record = change.what == operation::insert || change.what == operation::replace ||
                            change.what == operation::rename;
    if (has_record && change.record.values.encoded().size() > keeping.session_bytes) {
        co_return session_commit::too_large;
    }
    switch (change.what) {
        case operation::insert:
            co_return co_await insert(redis, keeping, change.record, now, into);
        case operation::replace:
            co_return co_await replace(redis, keeping, change, now, into);
        case operation::rename:
            co_return co_await rename(redis, keeping, change, now, into);
        case operation::touch:
            co_return co_await touch(redis, keeping, change, now);
        case operation::erase:
            break;
    }
    co_return co_await erase(redis, keeping, change);
}

}  // namespace cloakroom::redis
