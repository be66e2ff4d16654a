// SPDX-License-Identifier: MIT
// Many threads at one store in memory; ThreadSanitizer watches.
#include "store_steps.hpp"
#include <cloakroom/memory_sessions.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

// Adds one to the session's count, by load and replace until it succeeds.
void count_up(session_store& store, const session_token& token) {
    stored_session stored;
    if (store.load(token, now, stored) != session_load::found) {
        return;
    }
    for (;;) {
        session_record next = stored.record;
        next.values.set("count",
                        std::to_string(std::stoi(std::string{*next.values.find("count")}) + 1));
        session_committed into;
        if (store.commit({operation::replace, token, stored.version, next}, now, into) !=
            session_commit::conflict) {
            return;
        }
        stored = into.current;
    }
}

TEST(MemorySessions, LoseNoUpdateOfEightThreads) {
    constexpr int threads = 8;
    constexpr int rounds = 2000;
    const auto store = memory_sessions();
    const std::vector<session_token> shared{insert(*store, record_with("0")),
                                            insert(*store, record_with("0"))};
    run_in_threads(threads, [&](int) {
        const std::vector<session_token> mine{session_token{std::string{shared[0].text()}},
                                              session_token{std::string{shared[1].text()}}};
        for (int round = 0; round < rounds; ++round) {
            count_up(*store, mine[static_cast<std::size_t>(round % 2)]);
        }
    });
    for (const session_token& token : shared) {
        stored_session into;
        ASSERT_EQ(store->load(token, now, into), session_load::found);
        EXPECT_EQ(into.record.values.find("count"), std::to_string(threads * rounds / 2));
        EXPECT_EQ(into.version, 1U + threads * rounds / 2);
    }
}

// All operations at once on a store that is always at its bound; the sanitizers watch.
TEST(MemorySessions, SurviveEverythingAtOnce) {
    const auto store = memory_sessions({.capacity_bytes = 64UL * 1024, .session_bytes = 4096});
    std::atomic<int> found = 0;
    run_in_threads(8, [&](int thread) {
        std::vector<session_token> tokens;
        for (int round = 0; round < 1500; ++round) {
            const session_time when = now + seconds{round / 4};
            const auto size = static_cast<std::size_t>(1 + round * 37 % 4000);
            const session_record record = record_with(std::string(size, '1'), when);
            tokens.push_back(insert(*store, record, when));
            const session_token& token = tokens[tokens.size() / 2];
            stored_session into;
            if (store->load(token, when, into) == session_load::found) {
                ++found;
                const operation what = (round + thread) % 3 == 0   ? operation::erase
                                       : (round + thread) % 3 == 1 ? operation::touch
                                                                   : operation::replace;
                // Other threads may have pushed it out meanwhile.
                const session_commit outcome =
                    commit(*store, what, token, into.version, record, when);
                EXPECT_TRUE(outcome == session_commit::committed ||
                            outcome == session_commit::gone);
            }
            if (tokens.size() > 6) {
                tokens.erase(tokens.begin());
            }
        }
    });
    EXPECT_GT(found, 0);
}

// Gives the session new tokens until it is gone. @return The last token it had.
session_token rename_until_gone(session_store& store, session_token token) {
    const session_record record = owned_by("Alice");
    for (session_version version = 1;;) {
        session_committed into;
        if (store.commit({operation::rename, token, version, record}, now, into) !=
            session_commit::committed) {
            return token;
        }
        version = into.version;
        token = into.token;
    }
}

TEST(MemorySessions, LetNoRenamedSessionGetAwayWhenAllEnd) {
    constexpr int rounds = 100;
    constexpr std::size_t renamers = 4;
    const auto store = memory_sessions();
    for (int round = 0; round < rounds; ++round) {
        const std::vector<session_token> begun = insert_many(*store, renamers, owned_by("Alice"));
        std::vector<session_token> last(renamers);
        std::atomic<std::size_t> started = 0;
        run_in_threads(static_cast<int>(renamers) + 1, [&](int thread) {
            const auto index = static_cast<std::size_t>(thread);
            if (index < renamers) {
                ++started;
                last[index] = rename_until_gone(*store, begun[index]);
                return;
            }
            while (started < renamers) {
                std::this_thread::yield();
            }
            EXPECT_EQ(store->end_all("Alice", nullptr, now), session_commit::committed);
            EXPECT_EQ(store->metrics().sessions, 0U);
        });
        for (const session_token& token : last) {
            ASSERT_EQ(load(*store, token), session_load::absent);
        }
    }
}

// Sessions go from one owner to another and back while both are told to go.
TEST(MemorySessions, KeepTheIndexRightWhereOwnersChange) {
    constexpr int rounds = 300;
    const auto store = memory_sessions({.sessions_per_owner = 3});
    std::vector<session_token> shared = insert_many(*store, 4, owned_by("Alice"));
    run_in_threads(6, [&](int thread) {
        std::vector<session_token> mine;
        for (const session_token& token : shared) {
            mine.emplace_back(std::string{token.text()});
        }
        for (int round = 0; round < rounds; ++round) {
            session_token& token = mine[static_cast<std::size_t>(round) % mine.size()];
            stored_session stored;
            if (store->load(token, now, stored) != session_load::found) {
                token = insert(*store, owned_by(thread % 2 == 0 ? "Alice" : "Bob"));
                continue;
            }
            stored.record.owner = stored.record.owner == "Alice" ? "Bob" : "Alice";
            session_committed into;
            const operation what = round % 3 == 0 ? operation::rename : operation::replace;
            if (store->commit({what, token, stored.version, stored.record}, now, into) ==
                    session_commit::committed &&
                what == operation::rename) {
                token = into.token;
            }
            if (round % 50 == thread) {
                EXPECT_EQ(store->end_all("Alice", &token, now), session_commit::committed);
            }
        }
    });
    EXPECT_LE(store->metrics().sessions, 6U);
    for (const std::string_view owner : {"Alice", "Bob"}) {
        EXPECT_EQ(store->end_all(owner, nullptr, now), session_commit::committed);
    }
    EXPECT_EQ(store->metrics().sessions, 0U);
    EXPECT_EQ(store->metrics().bytes, 0U);
}

// What a page of "your devices" does while its sessions are used, renamed, erased and pushed out.
TEST(MemorySessions, SurviveTheirOwnersAtOnce) {
    constexpr std::array<std::string_view, 3> owners{"Alice", "Bob", ""};
    const auto store = memory_sessions(
        {.capacity_bytes = 64UL * 1024, .session_bytes = 4096, .sessions_per_owner = 20});
    run_in_threads(8, [&](int thread) {
        std::vector<session_token> tokens;
        for (int round = 0; round < 1000; ++round) {
            const session_time when = now + seconds{round / 8};
            const std::string_view owner =
                owners[static_cast<std::size_t>(round + thread) % owners.size()];
            tokens.push_back(insert(*store, owned_by(owner), when));
            session_token& token = tokens[tokens.size() / 2];
            std::vector<session_summary> devices;
            EXPECT_EQ(store->list(owner, token, when, devices), session_load::found);
            EXPECT_LE(devices.size(), 20U);
            if (round % 5 == 0 && !devices.empty()) {
                EXPECT_EQ(store->end(owner, devices.front().handle, when),
                          session_commit::committed);
            }
            session_committed into;
            const session_record record = owned_by(owners[static_cast<std::size_t>(round) % 3]);
            const operation what = static_cast<operation>(round % 5);
            static_cast<void>(store->commit({what, token, 1, record}, when, into));
            if (round % 100 == 0) {
                EXPECT_EQ(store->end_all(owner, &token, when), session_commit::committed);
            }
            if (tokens.size() > 8) {
                tokens.erase(tokens.begin());
            }
        }
    });
    const session_metrics counted = store->metrics();
    EXPECT_LE(counted.bytes, 64U * 1024);
    EXPECT_EQ(counted.inserted,
              counted.sessions + counted.ended + counted.expired + counted.evicted);
}

}  // namespace
}  // namespace cloakroom
