// SPDX-License-Identifier: MIT
// What tests of session stores do again and again.
#pragma once

#include "now.hpp"
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/session_store.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cloakroom {

using operation = session_change::operation;
using std::chrono::seconds;

// With 64 KiB and sessions of up to 1 MiB, a store is one shard.
inline constexpr memory_session_settings one_shard{.capacity_bytes = 64UL * 1024};

inline session_record record_with(std::string_view json, session_time from = now) {
    session_record made;
    made.values.set("count", json);
    made.issued = from;
    made.idle_deadline = from + seconds{100};
    made.absolute_deadline = from + seconds{1000};
    return made;
}

inline session_record owned_by(std::string_view owner, std::string_view label = {}) {
    session_record made = record_with("7");
    made.owner = owner;
    made.label = label;
    return made;
}

inline session_token insert(session_store& store, const session_record& record,
                            session_time when = now) {
    const session_token none;
    session_committed into;
    EXPECT_EQ(store.commit({operation::insert, none, 0, record}, when, into),
              session_commit::committed);
    EXPECT_EQ(into.version, 1U);
    return into.token;
}

inline std::vector<session_token> insert_many(session_store& store, std::size_t count,
                                              const session_record& record) {
    std::vector<session_token> tokens(count);
    std::generate(tokens.begin(), tokens.end(), [&] { return insert(store, record); });
    return tokens;
}

inline session_load load(session_store& store, const session_token& token,
                         session_time when = now) {
    stored_session into;
    return store.load(token, when, into);
}

inline session_commit commit(session_store& store, operation what, const session_token& token,
                             session_version expected, const session_record& record,
                             session_time when = now) {
    session_committed into;
    return store.commit({what, token, expected, record}, when, into);
}

inline void run_in_threads(int count, const std::function<void(int)>& work) {
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(count));
    for (int thread = 0; thread < count; ++thread) {
        threads.emplace_back(work, thread);
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

}  // namespace cloakroom
