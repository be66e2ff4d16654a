// SPDX-License-Identifier: MIT
#include "redis/session_value.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace cloakroom::redis {
namespace {

using std::chrono::seconds;

constexpr session_time now{seconds{1'800'000'000}};

session_record sample() {
    session_record made;
    made.values.set("count", "7");
    made.values.set("name", "\"Alice\"");
    made.owner = "alice";
    made.label = "Firefox on Linux";
    made.issued = now - seconds{86'400};
    made.used = now - seconds{60};
    made.idle_deadline = now + seconds{86'400};
    made.absolute_deadline = now + seconds{2'592'000};
    return made;
}

// As the scripts put it together.
std::string encoded(const session_record& record, session_version version = 1) {
    return "\1" + encode_version(version) + encode_times(record) + std::string(64, 'i') +
           encode_contents(record);
}

TEST(SessionValue, ReadsWhatItWrote) {
    session_record anonymous = sample();
    anonymous.owner.clear();
    anonymous.label.clear();
    session_record empty = anonymous;
    empty.values.clear();
    session_record longest = sample();
    longest.owner.assign(session_record::max_name_bytes, 'o');
    longest.label.assign(session_record::max_name_bytes, '\0');
    longest.values.set("big", "\"" + std::string(100'000, 'x') + "\"");
    for (const session_record& record : {sample(), anonymous, empty, longest}) {
        stored_session into;
        into.wants_renewal = true;
        ASSERT_EQ(decode_value(encoded(record, 258), into), value_kind::session);
        EXPECT_EQ(into.record, record);
        EXPECT_EQ(into.version, 258U);
        EXPECT_FALSE(into.wants_renewal);
    }
}

TEST(SessionValue, HasTheLayoutThatTheScriptsRead) {
    session_record record;
    record.owner = "al";
    record.label = "pc";
    record.issued = session_time{seconds{1}};
    record.used = session_time{seconds{2}};
    record.idle_deadline = session_time{seconds{3}};
    record.absolute_deadline = session_time{seconds{256}};
    EXPECT_EQ(encode_version(0x0102030405060708), "\1\2\3\4\5\6\7\x8");
    EXPECT_EQ(encode_times(record), (std::string{"\0\0\0\0\1\0\0\0\0\2\0\0\0\0\3\0\0\0\1\0", 20}));
    EXPECT_EQ(encode_contents(record), (std::string{"\0\2al\0\2pc", 8}));
}

TEST(SessionValue, BringsTimesIntoItsRange) {
    EXPECT_EQ(encode_time(session_time{seconds{-5}}), std::string(5, '\0'));
    EXPECT_EQ(encode_time(session_time::max()), std::string(5, '\xff'));
    EXPECT_EQ(encode_time(session_time::min()), std::string(5, '\0'));
    session_record record;
    record.absolute_deadline = session_time::max();
    session_record into;
    decode_times(encode_times(record), into);
    EXPECT_EQ(into.absolute_deadline, session_time{seconds{(std::int64_t{1} << 40) - 1}});
}

TEST(SessionValue, KnowsTombstones) {
    stored_session into;
    EXPECT_EQ(decode_value("x", into), value_kind::tombstone);
    EXPECT_EQ(decode_value("x12345678", into), value_kind::tombstone);
}

TEST(SessionValue, KnowsNotWhatAnotherVersionWrote) {
    std::string value = encoded(sample());
    stored_session into;
    for (const char first : {'\0', '\2', '\x7f', 'X', '{'}) {
        value.front() = first;
        EXPECT_EQ(decode_value(value, into), value_kind::unknown);
    }
    EXPECT_EQ(decode_value("", into), value_kind::unknown);
}

TEST(SessionValue, RefusesNamesThatAreTooLong) {
    session_record record = sample();
    record.owner.assign(session_record::max_name_bytes + 1, 'o');
    stored_session into;
    EXPECT_EQ(decode_value(encoded(record), into), value_kind::unknown);
    record = sample();
    record.label.assign(session_record::max_name_bytes + 1, 'l');
    EXPECT_EQ(decode_value(encoded(record), into), value_kind::unknown);
}

TEST(SessionValue, RefusesWhatIsCutShort) {
    const session_record record = sample();
    const std::string whole = encoded(record);
    const std::size_t without_values = whole.size() - record.values.encoded().size();
    const std::size_t first_value_only = without_values + std::string_view{"lcountl7"}.size();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        stored_session into;
        const bool is_encoding = size == without_values || size == first_value_only;
        EXPECT_EQ(decode_value(std::string_view{whole}.substr(0, size), into),
                  is_encoding ? value_kind::session : value_kind::unknown)
            << size;
    }
}

TEST(SessionValue, SurvivesEveryChangeOfItsBytes) {
    const std::string whole = encoded(sample());
    std::minstd_rand random{1};
    for (int round = 0; round < 100'000; ++round) {
        std::string changed = whole;
        for (std::size_t changes = 1 + random() % 4; changes > 0; --changes) {
            changed[random() % changed.size()] = static_cast<char>(random());
        }
        changed.resize(random() % 4 == 0 ? random() % changed.size() : changed.size());
        stored_session into;
        if (decode_value(changed, into) == value_kind::session) {
            ASSERT_LE(into.record.owner.size(), session_record::max_name_bytes);
            ASSERT_LE(into.record.label.size(), session_record::max_name_bytes);
            ASSERT_LE(into.record.values.encoded().size(), changed.size());
        }
    }
}

}  // namespace
}  // namespace cloakroom::redis
