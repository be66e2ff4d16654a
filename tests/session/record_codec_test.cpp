// SPDX-License-Identifier: MIT
#include "session/record_codec.hpp"

#include "now.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace cloakroom {
namespace {

using std::chrono::seconds;

session_record sample() {
    session_record made;
    made.values.set("count", "7");
    made.owner = "alice";
    made.label = "Firefox on Linux";
    made.issued = now - seconds{86'400};
    made.used = now - seconds{60};
    made.idle_deadline = now + seconds{86'400};
    made.absolute_deadline = now + seconds{2'592'000};
    return made;
}

std::string encoded(const session_record& record) {
    std::string bytes(4096, '\0');
    bytes.resize(encode_record(record, bytes));
    return bytes;
}

session_load decode(std::string_view bytes, session_record& into, session_time when = now) {
    return decode_record(bytes, when, into);
}

TEST(RecordCodec, ReadsWhatItWrote) {
    session_record anonymous = sample();
    anonymous.owner.clear();
    anonymous.label.clear();
    session_record longest = sample();
    longest.owner.assign(session_record::max_name_bytes, 'o');
    longest.label.assign(session_record::max_name_bytes, '\0');
    session_record odd = sample();  // times in no sensible order
    odd.issued = now + seconds{1000};
    odd.used = now - seconds{1'000'000};
    odd.absolute_deadline = now + seconds{1};
    for (const session_record& record : {sample(), anonymous, longest, odd}) {
        session_record into;
        ASSERT_EQ(decode(encoded(record), into), session_load::found);
        EXPECT_EQ(into, record);
    }
}

TEST(RecordCodec, TakesFewBytesForACounter) {
    session_record counter = sample();
    counter.owner.clear();
    counter.label.clear();
    EXPECT_LE(encoded(counter).size(), 17 + counter.values.encoded().size());
}

TEST(RecordCodec, BringsTimesIntoItsRange) {
    session_record record = sample();
    record.issued = session_time{seconds{-5}};
    record.absolute_deadline = session_time::max();
    session_record into;
    ASSERT_EQ(decode(encoded(record), into), session_load::found);
    EXPECT_EQ(into.issued, session_time{});
    EXPECT_EQ(into.absolute_deadline, session_time{seconds{(std::int64_t{1} << 40) - 1}});
}

TEST(RecordCodec, WritesAllOrNothing) {
    const std::string whole = encoded(sample());
    std::string room(whole.size(), '\0');
    EXPECT_EQ(encode_record(sample(), room), whole.size());
    EXPECT_EQ(room, whole);
    room.pop_back();
    EXPECT_EQ(encode_record(sample(), room), 0U);
}

TEST(RecordCodec, KnowsExpiredRecords) {
    session_record into;
    const session_record record = sample();
    EXPECT_EQ(decode(encoded(record), into, record.idle_deadline - seconds{1}),
              session_load::found);
    EXPECT_EQ(decode(encoded(record), into, record.idle_deadline), session_load::absent);
    session_record brief = record;
    brief.absolute_deadline = now;
    EXPECT_EQ(decode(encoded(brief), into), session_load::absent);
}

TEST(RecordCodec, RefusesWhatIsCutOff) {
    const std::string whole = encoded(sample());
    const std::size_t head = whole.size() - sample().values.encoded().size();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        session_record into;
        const session_load outcome = decode(whole.substr(0, size), into);
        EXPECT_EQ(outcome, size == head ? session_load::found : session_load::invalid) << size;
    }
}

// Whatever comes in, comes out as a record that encodes to the same bytes, or is refused.
TEST(RecordCodec, HasOneEncodingForARecord) {
    const std::string whole = encoded(sample());
    for (std::size_t index = 0; index < whole.size(); ++index) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string other = whole;
            other[index] = static_cast<char>(byte);
            session_record into;
            if (decode(other, into) == session_load::found) {
                EXPECT_EQ(encoded(into), other);
            }
        }
    }
}

}  // namespace
}  // namespace cloakroom
