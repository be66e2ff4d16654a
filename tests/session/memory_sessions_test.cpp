// SPDX-License-Identifier: MIT
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

using operation = session_change::operation;
using std::chrono::seconds;

constexpr session_time now{seconds{1'800'000'000}};

// With 64 KiB and sessions of up to 1 MiB, a store is one shard.
constexpr memory_session_settings one_shard{.capacity_bytes = 64UL * 1024};

session_record record_with(std::string_view json, session_time from = now) {
    session_record made;
    made.values.set("count", json);
    made.issued = from;
    made.idle_deadline = from + seconds{100};
    made.absolute_deadline = from + seconds{1000};
    return made;
}

session_token insert(session_store& store, const session_record& record, session_time when = now) {
    const session_token none;
    session_committed into;
    EXPECT_EQ(store.commit({operation::insert, none, 0, record}, when, into),
              session_commit::committed);
    EXPECT_EQ(into.version, 1U);
    return into.token;
}

std::vector<session_token> insert_many(session_store& store, std::size_t count,
                                       const session_record& record) {
    std::vector<session_token> tokens(count);
    std::generate(tokens.begin(), tokens.end(), [&] { return insert(store, record); });
    return tokens;
}

session_load load(session_store& store, const session_token& token, session_time when = now) {
    stored_session into;
    return store.load(token, when, into);
}

session_commit commit(session_store& store, operation what, const session_token& token,
                      session_version expected, const session_record& record,
                      session_time when = now) {
    session_committed into;
    return store.commit({what, token, expected, record}, when, into);
}

TEST(MemorySessions, LoadWhatWasInserted) {
    const auto store = memory_sessions();
    const session_token token = insert(*store, record_with("7"));
    EXPECT_EQ(token.text().size(), 43U);
    stored_session into;
    into.wants_renewal = true;
    ASSERT_EQ(store->load(token, now, into), session_load::found);
    EXPECT_EQ(into.record, record_with("7"));
    EXPECT_EQ(into.version, 1U);
    EXPECT_FALSE(into.wants_renewal);
}

TEST(MemorySessions, GiveEverySessionItsOwnToken) {
    const auto store = memory_sessions();
    const session_token mine = insert(*store, record_with("7"));
    const session_token theirs = insert(*store, record_with("8"));
    EXPECT_NE(mine.text(), theirs.text());
    stored_session into;
    ASSERT_EQ(store->load(mine, now, into), session_load::found);
    EXPECT_EQ(into.record, record_with("7"));
}

TEST(MemorySessions, TellUnknownTokensFromMalformedOnes) {
    const auto store = memory_sessions();
    EXPECT_EQ(load(*store, session_token::random()), session_load::absent);
    const std::string good(43, 'A');
    EXPECT_EQ(load(*store, session_token{good}), session_load::absent);
    for (const std::string& text :
         {std::string{}, good + 'A', good.substr(1), good.substr(1) + '=', good.substr(1) + '.',
          good.substr(1) + 'B' /* bits that the 32 bytes do not have */, std::string(100'000, 'A'),
          std::string(43, '\0')}) {
        EXPECT_EQ(load(*store, session_token{text}), session_load::invalid) << text.size();
    }
}

TEST(MemorySessions, ReplaceTheVersionThatIsExpected) {
    const auto store = memory_sessions();
    const session_token token = insert(*store, record_with("7"));
    const session_record eight = record_with("8");
    session_committed into;
    ASSERT_EQ(store->commit({operation::replace, token, 1, eight}, now, into),
              session_commit::committed);
    EXPECT_EQ(into.version, 2U);
    EXPECT_TRUE(into.token.empty());
    stored_session stored;
    ASSERT_EQ(store->load(token, now, stored), session_load::found);
    EXPECT_EQ(stored.record, eight);
    EXPECT_EQ(stored.version, 2U);
}

TEST(MemorySessions, AnswerAnotherVersionWithWhatIsThere) {
    const auto store = memory_sessions();
    const session_token token = insert(*store, record_with("7"));
    ASSERT_EQ(commit(*store, operation::replace, token, 1, record_with("8")),
              session_commit::committed);
    for (const session_version expected : {0U, 1U, 3U}) {
        session_committed into;
        const session_record nine = record_with("9");
        ASSERT_EQ(store->commit({operation::replace, token, expected, nine}, now, into),
                  session_commit::conflict);
        EXPECT_EQ(into.current.record, record_with("8"));
        EXPECT_EQ(into.current.version, 2U);
    }
}

TEST(MemorySessions, NeverBringBackWhatIsGone) {
    const auto store = memory_sessions();
    const session_token token = insert(*store, record_with("7"));
    EXPECT_EQ(commit(*store, operation::erase, token, 0, {}), session_commit::committed);
    EXPECT_EQ(commit(*store, operation::erase, token, 0, {}), session_commit::committed);
    EXPECT_EQ(commit(*store, operation::replace, token, 1, record_with("8")), session_commit::gone);
    EXPECT_EQ(commit(*store, operation::touch, token, 0, record_with("8")), session_commit::gone);
    EXPECT_EQ(load(*store, token), session_load::absent);
}

TEST(MemorySessions, NeverAdoptATokenOfTheClient) {
    const auto store = memory_sessions();
    const session_token chosen = session_token::random();
    for (const operation what : {operation::replace, operation::touch}) {
        EXPECT_EQ(commit(*store, what, chosen, 0, record_with("7")), session_commit::gone);
    }
    const session_record record = record_with("7");
    session_committed into;
    ASSERT_EQ(store->commit({operation::insert, chosen, 0, record}, now, into),
              session_commit::committed);
    EXPECT_NE(into.token.text(), chosen.text());
    EXPECT_EQ(load(*store, chosen), session_load::absent);
}

TEST(MemorySessions, TouchTheIdleDeadlineAlone) {
    const auto store = memory_sessions();
    const session_token token = insert(*store, record_with("7"));
    session_record later = record_with("8");
    later.issued += seconds{1};
    later.idle_deadline += seconds{50};
    later.absolute_deadline += seconds{5000};
    ASSERT_EQ(commit(*store, operation::touch, token, 0, later), session_commit::committed);
    stored_session into;
    ASSERT_EQ(store->load(token, now + seconds{149}, into), session_load::found);
    session_record expected = record_with("7");
    expected.idle_deadline += seconds{50};
    EXPECT_EQ(into.record, expected);
    EXPECT_EQ(into.version, 1U);
}

TEST(MemorySessions, TouchNotBeyondTheAbsoluteDeadline) {
    const auto store = memory_sessions();
    const session_token token = insert(*store, record_with("7"));
    ASSERT_EQ(commit(*store, operation::touch, token, 0, record_with("7", now + seconds{5000})),
              session_commit::committed);
    EXPECT_EQ(load(*store, token, now + seconds{999}), session_load::found);
    EXPECT_EQ(load(*store, token, now + seconds{1000}), session_load::absent);
}

TEST(MemorySessions, KnowNothingAfterADeadline) {
    for (const bool is_idle : {true, false}) {
        session_record record = record_with("7");
        (is_idle ? record.idle_deadline : record.absolute_deadline) = now + seconds{10};
        const session_time ended = now + seconds{10};
        const auto store = memory_sessions();
        const session_token loaded = insert(*store, record);
        const session_token replaced = insert(*store, record);
        const session_token touched = insert(*store, record);
        EXPECT_EQ(load(*store, loaded, ended - seconds{1}), session_load::found);
        EXPECT_EQ(load(*store, loaded, ended), session_load::absent);
        EXPECT_EQ(commit(*store, operation::replace, replaced, 1, record_with("8"), ended),
                  session_commit::gone);
        EXPECT_EQ(commit(*store, operation::touch, touched, 0, record_with("8"), ended),
                  session_commit::gone);
        // Gone for good, also for a clock that goes back.
        EXPECT_EQ(load(*store, touched), session_load::absent);
    }
}

TEST(MemorySessions, DropTheLeastRecentlyUsedAtTheBound) {
    const auto store = memory_sessions(one_shard);
    const session_record record = record_with(std::string(1000, '1'));  // some 1.2 KB with overhead
    const std::vector<session_token> tokens = insert_many(*store, 50, record);
    // The first one is used by a load, the second by a commit; the third is not.
    ASSERT_EQ(load(*store, tokens[0]), session_load::found);
    ASSERT_EQ(commit(*store, operation::touch, tokens[1], 0, record), session_commit::committed);
    for (int count = 0; count < 20; ++count) {
        insert(*store, record);
    }
    EXPECT_EQ(load(*store, tokens[0]), session_load::found);
    EXPECT_EQ(load(*store, tokens[1]), session_load::found);
    EXPECT_EQ(load(*store, tokens[2]), session_load::absent);
    EXPECT_EQ(load(*store, tokens[49]), session_load::found);
}

TEST(MemorySessions, HoldWhatTheCapacityAllowsAndNoMore) {
    for (const std::size_t size : {1U, 100U, 1000U}) {
        const auto store = memory_sessions(one_shard);
        const std::vector<session_token> tokens =
            insert_many(*store, 2000, record_with(std::string(size, '1')));
        std::size_t held = 0;
        for (const session_token& token : tokens) {
            held += load(*store, token) == session_load::found ? 1U : 0U;
        }
        // Each takes its contents and an overhead between 100 and 250 bytes.
        EXPECT_LE(held * (size + 100), one_shard.capacity_bytes);
        EXPECT_GE((held + 1) * (size + 250), one_shard.capacity_bytes);
    }
}

TEST(MemorySessions, DropExpiredSessionsBeforeLiveOnes) {
    const auto store = memory_sessions(one_shard);
    const std::string json(20'000, '1');
    const session_token oldest = insert(*store, record_with(json));
    session_record brief = record_with(json);
    brief.absolute_deadline = now + seconds{1};
    const session_token expired = insert(*store, brief);
    const session_token newest = insert(*store, record_with(json));
    const session_time later = now + seconds{2};
    insert(*store, record_with(json, later), later);
    EXPECT_EQ(load(*store, oldest, later), session_load::found);
    EXPECT_EQ(load(*store, newest, later), session_load::found);
    EXPECT_EQ(load(*store, expired), session_load::absent);
}

// Seen from outside by a clock that goes back: what has been dropped stays away.
TEST(MemorySessions, DropExpiredSessionsInPassing) {
    const auto store = memory_sessions(one_shard);
    const std::vector<session_token> tokens = insert_many(*store, 20, record_with("7"));
    const session_time later = now + seconds{100};
    const session_token other = insert(*store, record_with("8", later), later);
    for (int count = 0; count < 20; ++count) {
        ASSERT_EQ(load(*store, other, later), session_load::found);
    }
    for (const session_token& token : tokens) {
        EXPECT_EQ(load(*store, token), session_load::absent);
    }
}

TEST(MemorySessions, RefuseASessionThatIsTooLarge) {
    const auto store = memory_sessions({.capacity_bytes = 1024UL * 1024, .session_bytes = 1000});
    // 1 + 5 for the key and 2 for the length of the text
    const session_record largest = record_with(std::string(992, '1'));
    const session_record larger = record_with(std::string(993, '1'));
    ASSERT_EQ(largest.values.encoded().size(), 1000U);
    const session_token token = insert(*store, largest);
    EXPECT_EQ(commit(*store, operation::insert, {}, 0, larger), session_commit::too_large);
    EXPECT_EQ(commit(*store, operation::replace, token, 1, larger), session_commit::too_large);
    stored_session into;
    ASSERT_EQ(store->load(token, now, into), session_load::found);
    EXPECT_EQ(into.record, largest);
}

TEST(MemorySessions, GiveOneSessionAllOfASmallStore) {
    const auto store = memory_sessions(one_shard);
    const session_token small = insert(*store, record_with("7"));
    const session_token large = insert(*store, record_with(std::string(65'250, '1')));
    EXPECT_EQ(load(*store, small), session_load::absent);
    EXPECT_EQ(load(*store, large), session_load::found);
    EXPECT_EQ(commit(*store, operation::insert, {}, 0, record_with(std::string(66'000, '1'))),
              session_commit::too_large);
    EXPECT_EQ(commit(*store, operation::replace, large, 1, record_with(std::string(66'000, '1'))),
              session_commit::too_large);
    EXPECT_EQ(load(*store, large), session_load::found);
}

TEST(MemorySessions, MakeRoomForASessionThatGrows) {
    const auto store = memory_sessions(one_shard);
    const session_token growing = insert(*store, record_with("7"));
    const session_token other = insert(*store, record_with(std::string(30'000, '1')));
    const session_record large = record_with(std::string(60'000, '2'));
    ASSERT_EQ(commit(*store, operation::replace, growing, 1, large), session_commit::committed);
    EXPECT_EQ(load(*store, other), session_load::absent);
    stored_session into;
    ASSERT_EQ(store->load(growing, now, into), session_load::found);
    EXPECT_EQ(into.record, large);
}

TEST(MemorySessions, GiveBackTheRoomOfASessionThatShrinks) {
    const auto store = memory_sessions(one_shard);
    const session_token shrinking = insert(*store, record_with(std::string(60'000, '1')));
    ASSERT_EQ(commit(*store, operation::replace, shrinking, 1, record_with("7")),
              session_commit::committed);
    const session_token other = insert(*store, record_with(std::string(60'000, '2')));
    EXPECT_EQ(load(*store, shrinking), session_load::found);
    EXPECT_EQ(load(*store, other), session_load::found);
}

TEST(MemorySessions, RefuseACapacityUnder64KiB) {
    EXPECT_NO_THROW(static_cast<void>(memory_sessions({.capacity_bytes = 65'536})));
    EXPECT_THROW(static_cast<void>(memory_sessions({.capacity_bytes = 65'535})), setup_error);
}

TEST(MemorySessions, PromiseAllCapabilities) {
    const session_capabilities can = memory_sessions()->capabilities();
    EXPECT_TRUE(can.compare_and_swap && can.revocable && can.confidential && can.bounded);
}

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

void run_in_threads(int count, const std::function<void(int)>& work) {
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(count));
    for (int thread = 0; thread < count; ++thread) {
        threads.emplace_back(work, thread);
    }
    for (std::thread& thread : threads) {
        thread.join();
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

}  // namespace
}  // namespace cloakroom
