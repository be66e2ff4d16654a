// SPDX-License-Identifier: MIT
// What tests of the store in Redis do again and again.
#pragma once

#include "redis/faulty_proxy.hpp"
#include "redis/redis_server.hpp"
#include "redis/store_on_loop.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>

namespace cloakroom {

// GoogleTest calls it by this name.
inline void PrintTo(session_commit outcome, std::ostream* to) {  // NOLINT
    constexpr const char* names[] = {"committed", "conflict", "gone", "too_large", "unavailable"};
    *to << names[static_cast<int>(outcome)];
}

}  // namespace cloakroom

namespace cloakroom::redis {

using operation = session_change::operation;
using std::chrono::seconds;

inline constexpr session_time now{seconds{1'800'000'000}};

inline std::string url_of(std::uint16_t port) {
    return "redis://127.0.0.1:" + std::to_string(port);
}

inline session_record record_with(std::string_view count, std::string_view owner = {}) {
    session_record made;
    made.values.set("count", count);
    made.owner = owner;
    made.issued = now;
    made.used = now;
    made.idle_deadline = now + seconds{100};
    made.absolute_deadline = now + seconds{1000};
    return made;
}

inline store_on_loop::committed insert(store_on_loop& store, const session_record& record) {
    return store.commit(operation::insert, session_token{}, 0, record, now);
}

/// The token of a new session.
inline session_token token_of(store_on_loop& store, const session_record& record) {
    store_on_loop::committed made = insert(store, record);
    EXPECT_EQ(made.outcome, session_commit::committed) << made.error;
    return made.token;
}

inline store_on_loop::committed replace(store_on_loop& store, const session_token& token,
                                        session_version expected, const session_record& record) {
    return store.commit(operation::replace, token, expected, record, now);
}

inline store_on_loop::committed rename(store_on_loop& store, const session_token& token,
                                       session_version expected, const session_record& record) {
    return store.commit(operation::rename, token, expected, record, now);
}

inline store_on_loop::committed erase(store_on_loop& store, const session_token& token) {
    return store.commit(operation::erase, token, 0, {}, now);
}

inline session_load outcome_of_load(store_on_loop& store, const session_token& token) {
    return store.load(token, now).outcome;
}

/// The count and version of a session, as "7 v2"; what is wrong where there is none.
inline std::string seen(store_on_loop& store, const session_token& token) {
    const store_on_loop::loaded found = store.load(token, now);
    if (found.outcome != session_load::found) {
        return found.outcome == session_load::absent ? "absent" : "failed: " + found.error;
    }
    return std::string{found.session.record.values.find("count").value_or("-")} + " v" +
           std::to_string(found.session.version);
}

/// Whether a text has that part.
inline ::testing::AssertionResult has_part(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos
               ? ::testing::AssertionSuccess()
               : ::testing::AssertionFailure() << '"' << text << "\" has no \"" << part << '"';
}

/// Whether a condition comes true before long. For what another process or a retry in the
/// background brings about: there is no event to wait for.
template <class Condition>
bool comes_true(Condition condition, std::chrono::seconds within = std::chrono::seconds{20}) {
    const auto deadline = std::chrono::steady_clock::now() + within;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
}

}  // namespace cloakroom::redis
