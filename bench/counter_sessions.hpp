// SPDX-License-Identifier: MIT
// The visit counter's session in any store: what one request to examples/visit_counter asks of it.
#pragma once

#include <cloakroom/session_store.hpp>
#include <cloakroom/session_token.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace counter_sessions {

using operation = cloakroom::session_change::operation;

inline constexpr cloakroom::session_time now{std::chrono::seconds{1'800'000'000}};

inline cloakroom::session_record counter(std::string_view owner = {}) {
    cloakroom::session_record made;
    made.values.set("count", "17");
    made.owner = owner;
    made.issued = now;
    made.used = now;
    made.idle_deadline = now + std::chrono::hours{24};
    made.absolute_deadline = now + std::chrono::hours{24 * 30};
    return made;
}

/// @return The cookie of a new session.
inline std::string insert(cloakroom::session_store& store,
                          const cloakroom::session_record& record = counter(),
                          cloakroom::session_time when = now) {
    const cloakroom::session_token none;
    cloakroom::session_committed into;
    benchmark::DoNotOptimize(store.commit({operation::insert, none, 0, record}, when, into));
    return std::string{into.token.text()};
}

inline std::vector<std::string> insert_many(cloakroom::session_store& store, std::int64_t count) {
    std::vector<std::string> cookies;
    for (std::int64_t made = 0; made < count; ++made) {
        cookies.push_back(insert(store));
    }
    return cookies;
}

inline void erase_all(cloakroom::session_store& store, const std::vector<std::string>& cookies) {
    cloakroom::session_token token;
    cloakroom::session_committed into;
    for (const std::string& cookie : cookies) {
        token.assign(cookie);
        benchmark::DoNotOptimize(store.commit({operation::erase, token, 0, {}}, now, into));
    }
}

/// One visitor at a time, with memory that is used again, as a connection does.
class visitor {
public:
    /// Takes the token anew, so that its digest is computed, then loads, changes and commits.
    /// @return What became of the commit; gone, too, where no session was found.
    cloakroom::session_commit visit(cloakroom::session_store& store, std::string_view cookie) {
        token_.assign(cookie);
        if (store.load(token_, now, stored_) != cloakroom::session_load::found) {
            return cloakroom::session_commit::gone;
        }
        stored_.record.values.set("count", stored_.version % 2 == 0 ? "18" : "17");
        committed_.token.clear();
        return store.commit({operation::replace, token_, stored_.version, stored_.record}, now,
                            committed_);
    }

private:
    cloakroom::session_token token_;
    cloakroom::stored_session stored_;
    cloakroom::session_committed committed_;
};

inline void visit_in_turn(benchmark::State& state, cloakroom::session_store& store,
                          const std::vector<std::string>& cookies) {
    visitor browser;
    std::size_t next = 0;
    for (auto _ : state) {
        if (browser.visit(store, cookies[next]) != cloakroom::session_commit::committed) {
            state.SkipWithError("the store failed");
            return;
        }
        next = next + 1 == cookies.size() ? 0 : next + 1;
    }
}

/// For a store that all threads share, each with 100 sessions of its own.
inline void visit_own_sessions(benchmark::State& state, cloakroom::session_store& store) {
    const std::vector<std::string> cookies = insert_many(store, 100);
    visit_in_turn(state, store, cookies);
    erase_all(store, cookies);
}

}  // namespace counter_sessions
