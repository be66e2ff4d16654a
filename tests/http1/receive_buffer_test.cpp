// SPDX-License-Identifier: MIT
#include "http1/receive_buffer.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <utility>

namespace cloakroom::http1 {
namespace {

TEST(ReceiveBuffer, IsEmptyAndHoldsNothingAtFirst) {
    receive_buffer buffer;

    EXPECT_EQ(buffer.size(), 0U);
    EXPECT_EQ(buffer.capacity(), 0U);
    EXPECT_EQ(buffer.free_bytes(), 0U);
    EXPECT_EQ(buffer.view(), "");
}

TEST(ReceiveBuffer, GivesBackWhatWasAppended) {
    receive_buffer buffer(8);

    buffer.append("abc");
    buffer.append("de");

    EXPECT_EQ(buffer.view(), "abcde");
    EXPECT_EQ(buffer.free_bytes(), 3U);
    EXPECT_EQ(buffer.capacity(), 8U);
}

TEST(ReceiveBuffer, TakesBytesWrittenIntoItsFreeRoom) {
    receive_buffer buffer(8);

    std::memcpy(buffer.free_begin(), "abc", 3);
    buffer.added(3);

    EXPECT_EQ(buffer.view(), "abc");
}

TEST(ReceiveBuffer, AppendsNothing) {
    receive_buffer none;
    none.append("");
    EXPECT_EQ(none.size(), 0U);

    receive_buffer full(2);
    full.append("ab");
    full.append("");
    EXPECT_EQ(full.view(), "ab");
}

TEST(ReceiveBuffer, HasAllItsRoomAgainOnceAllIsConsumed) {
    receive_buffer buffer(4);
    buffer.append("abcd");

    buffer.consume(1);
    EXPECT_EQ(buffer.view(), "bcd");
    EXPECT_EQ(buffer.free_bytes(), 0U);
    buffer.consume(3);

    EXPECT_EQ(buffer.view(), "");
    EXPECT_EQ(buffer.free_bytes(), 4U);
}

TEST(ReceiveBuffer, MovesItsBytesToTheFrontWhenMostOfItIsConsumed) {
    receive_buffer buffer(8);
    buffer.append("abcdefgh");
    buffer.consume(6);

    buffer.reserve_free(1);

    EXPECT_EQ(buffer.view(), "gh");
    EXPECT_EQ(buffer.capacity(), 8U);
    EXPECT_EQ(buffer.free_bytes(), 6U);
}

TEST(ReceiveBuffer, GrowsWhenFull) {
    receive_buffer buffer(4);
    buffer.append("abcd");

    buffer.reserve_free(1);

    EXPECT_EQ(buffer.view(), "abcd");
    EXPECT_EQ(buffer.capacity(), 8U);
}

TEST(ReceiveBuffer, GrowsToWhatIsAskedFor) {
    receive_buffer buffer;

    buffer.append(std::string(1'000, 'x'));

    EXPECT_EQ(buffer.view(), std::string(1'000, 'x'));
}

TEST(ReceiveBuffer, KeepsItsBytesWhateverTheOrderOfGrowthAndConsumption) {
    receive_buffer buffer(1);
    std::string expected;
    for (unsigned round = 0; round < 2'000; ++round) {
        const std::string more(round % 13, static_cast<char>('a' + round % 26));
        buffer.append(more);
        expected += more;
        const std::size_t used = std::min<std::size_t>(expected.size(), round % 11);
        buffer.consume(used);
        expected.erase(0, used);
        ASSERT_EQ(buffer.view(), expected) << round;
    }
}

TEST(ReceiveBuffer, DoesNotGrowWithWhatPassesThroughIt) {
    receive_buffer buffer(64);
    for (unsigned round = 0; round < 10'000; ++round) {
        buffer.append("0123456789");
        buffer.consume(round == 0 ? 5 : 10);  // never empty
    }

    EXPECT_LE(buffer.capacity(), 128U);
}

TEST(ReceiveBuffer, KeepsTheAddressOfItsBytesWhenMoved) {
    receive_buffer buffer(8);
    buffer.append("abc");
    const char* const where = buffer.data();

    receive_buffer other = std::move(buffer);

    EXPECT_EQ(other.data(), where);
    EXPECT_EQ(other.view(), "abc");
}

}  // namespace
}  // namespace cloakroom::http1
