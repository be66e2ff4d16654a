// SPDX-License-Identifier: MIT
// Every allocation that reading a reply of Redis takes fails once: the reader says that it failed, or
// gives the whole reply, and keeps nothing.
#include "allocation_faults.hpp"
#include "redis/reply_reader.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <new>
#include <string>
#include <thread>

namespace cloakroom::hostile {
namespace {

enum class outcome { read, failed, threw };

const std::string text_bytes(1'000, 't');
const std::string nested_bytes =
    "*3\r\n$1000\r\n" + text_bytes + "\r\n*2\r\n:1\r\n+" + std::string(100, 's') + "\r\n*0\r\n";

outcome read(const std::string& bytes) {
    try {
        redis::reply_reader reader;
        reader.feed(bytes);
        redis::reply got;
        return reader.next(got) == redis::reply_reader::progress::complete ? outcome::read
                                                                           : outcome::failed;
    } catch (const std::bad_alloc&) {
        return outcome::threw;
    }
}

// On a thread that is not spared. Returns how many were tried.
std::size_t fail_each(const std::string& bytes) {
    std::size_t number = 0;
    std::thread([&] {
        for (bool has_failed = true; has_failed;) {
            const std::size_t before = held_bytes();
            fail_allocation(++number, outage::one);
            const outcome got = read(bytes);
            has_failed = end_outage() != 0;
            EXPECT_EQ(got == outcome::read, !has_failed) << number;
            EXPECT_EQ(held_bytes(), before) << number;
        }
    }).join();
    return number - 1;
}

TEST(ReplyFaults, OfATextAreFailures) {
    EXPECT_GE(fail_each("$1000\r\n" + text_bytes + "\r\n"), 2U);
}

TEST(ReplyFaults, OfANestedListAreFailures) {
    EXPECT_GE(fail_each(nested_bytes), 5U);
}

TEST(ReplyFaults, OfOtherKindsAreFailures) {
    for (const std::string bytes : {"*2\r\n:1\r\n:2\r\n", ":1\r\n", "$-1\r\n"}) {
        EXPECT_GE(fail_each(bytes), 1U);
    }
}

TEST(ReplyFaults, AListTakesNoRoomBeforeItsElementsCome) {
    std::string bytes;
    for (int depth = 0; depth < 7; ++depth) {
        bytes += "*65536\r\n";
    }
    std::thread([&] {
        const std::size_t before = held_bytes();
        redis::reply_reader reader;
        reader.feed(bytes);
        redis::reply got;
        EXPECT_EQ(reader.next(got), redis::reply_reader::progress::incomplete);
        EXPECT_GT(held_bytes(), before);
        EXPECT_LT(held_bytes() - before, 100 * bytes.size());
    }).join();
}

}  // namespace
}  // namespace cloakroom::hostile
