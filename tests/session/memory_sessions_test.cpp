// SPDX-License-Identifier: MIT
#include "store_steps.hpp"
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cloakroom {
namespace {

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

TEST(MemorySessions, RefuseACapacityUnder64KiB) {
    EXPECT_NO_THROW(static_cast<void>(memory_sessions({.capacity_bytes = 65'536})));
    EXPECT_THROW(static_cast<void>(memory_sessions({.capacity_bytes = 65'535})), setup_error);
}

TEST(MemorySessions, RefuseToGiveAnOwnerNoSession) {
    EXPECT_NO_THROW(static_cast<void>(memory_sessions({.sessions_per_owner = 1})));
    EXPECT_THROW(static_cast<void>(memory_sessions({.sessions_per_owner = 0})), setup_error);
}

TEST(MemorySessions, PromiseAllCapabilities) {
    EXPECT_EQ(memory_sessions()->capabilities(), (session_capabilities{.compare_and_swap = true,
                                                                       .revocable = true,
                                                                       .ends_by_owner = true,
                                                                       .owner_index = true,
                                                                       .confidential = true,
                                                                       .bounded = true}));
}

TEST(MemorySessions, RenameTheVersionThatIsExpected) {
    const auto store = memory_sessions();
    for (int round = 0; round < 200; ++round) {  // within a shard and from one to another
        const session_token token = insert(*store, record_with("7"));
        const session_record eight = record_with("8");
        session_committed into;
        ASSERT_EQ(store->commit({operation::rename, token, 1, eight}, now, into),
                  session_commit::committed);
        EXPECT_EQ(into.version, 2U);
        EXPECT_NE(into.token.text(), token.text());
        EXPECT_EQ(load(*store, token), session_load::absent);
        stored_session stored;
        ASSERT_EQ(store->load(into.token, now, stored), session_load::found);
        EXPECT_EQ(stored.record, eight);
        EXPECT_EQ(stored.version, 2U);
    }
    EXPECT_EQ(store->metrics().sessions, 200U);
}

TEST(MemorySessions, RenameNothingElse) {
    const auto store = memory_sessions();
    const session_token token = insert(*store, record_with("7"));
    const session_record nine = record_with("9");
    session_committed into;
    ASSERT_EQ(store->commit({operation::rename, token, 2, nine}, now, into),
              session_commit::conflict);
    EXPECT_TRUE(into.token.empty());
    EXPECT_EQ(into.current.record, record_with("7"));
    EXPECT_EQ(into.current.version, 1U);
    EXPECT_EQ(load(*store, token), session_load::found);
    EXPECT_EQ(commit(*store, operation::rename, session_token::random(), 1, nine),
              session_commit::gone);
    EXPECT_EQ(commit(*store, operation::rename, token, 1, nine, now + seconds{100}),
              session_commit::gone);
    EXPECT_EQ(store->metrics().sessions, 0U);
}

TEST(MemorySessions, RefuseNamesThatAreTooLong) {
    const auto store = memory_sessions();
    const session_token token = insert(*store, record_with("7"));
    for (std::string session_record::*const name :
         {&session_record::owner, &session_record::label}) {
        session_record record = record_with("8");
        record.*name = std::string(session_record::max_name_bytes, 'x');
        EXPECT_EQ(commit(*store, operation::insert, {}, 0, record), session_commit::committed);
        record.*name += 'x';
        for (const operation what : {operation::insert, operation::replace, operation::rename}) {
            EXPECT_EQ(commit(*store, what, token, 1, record), session_commit::too_large);
        }
    }
}

TEST(MemorySessions, TouchTheTimeOfUse) {
    const auto store = memory_sessions();
    const session_token token = insert(*store, record_with("7"));
    session_record later = record_with("8");
    later.used = now + seconds{9};
    ASSERT_EQ(commit(*store, operation::touch, token, 0, later), session_commit::committed);
    stored_session into;
    ASSERT_EQ(store->load(token, now, into), session_load::found);
    EXPECT_EQ(into.record.used, now + seconds{9});
}

TEST(MemorySessions, CountWhatBecomesOfThem) {
    const auto store = memory_sessions(one_shard);
    const session_token token = insert(*store, record_with("7"));
    const session_token renamed = insert(*store, record_with("7"));
    const session_token expired = insert(*store, record_with("7"));
    EXPECT_EQ(commit(*store, operation::replace, token, 2, record_with("8")),
              session_commit::conflict);
    EXPECT_EQ(commit(*store, operation::rename, renamed, 1, record_with("8")),
              session_commit::committed);
    EXPECT_EQ(commit(*store, operation::erase, token, 0, {}), session_commit::committed);
    EXPECT_EQ(commit(*store, operation::erase, token, 0, {}), session_commit::committed);
    EXPECT_EQ(load(*store, renamed), session_load::absent);
    EXPECT_EQ(load(*store, session_token::random()), session_load::absent);
    EXPECT_EQ(load(*store, session_token{"no token"}), session_load::invalid);
    session_metrics counted = store->metrics();
    EXPECT_EQ(counted.sessions, 2U);
    EXPECT_EQ(counted.inserted, 4U);
    EXPECT_EQ(counted.ended, 2U);
    EXPECT_EQ(counted.conflicts, 1U);
    EXPECT_EQ(counted.unknown_tokens, 2U);
    EXPECT_EQ(counted.invalid_tokens, 1U);
    EXPECT_EQ(counted.expired + counted.evicted, 0U);
    EXPECT_EQ(load(*store, expired, now + seconds{100}), session_load::absent);
    insert_many(*store, 2000, record_with("7"));
    counted = store->metrics();
    EXPECT_EQ(counted.expired, 2U);
    EXPECT_GT(counted.evicted, 1000U);
    EXPECT_EQ(counted.inserted,
              counted.sessions + counted.ended + counted.expired + counted.evicted);
}

}  // namespace
}  // namespace cloakroom
