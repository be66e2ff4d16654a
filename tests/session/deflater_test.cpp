// SPDX-License-Identifier: MIT
#include "session/deflater.hpp"

#include <gtest/gtest.h>

#include <zlib.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace cloakroom {
namespace {

std::string deflated(deflater& with, std::string_view bytes) {
    std::array<char, 1000> room;
    return {room.data(), with.deflate(bytes, room)};
}

// As Python's zlib.compress().
std::string expected(std::string_view bytes) {
    std::array<Bytef, 1000> room;
    uLongf size = room.size();
    EXPECT_EQ(compress2(room.data(), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                        static_cast<uLong>(bytes.size()), 6),
              Z_OK);
    return {room.begin(), room.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(Deflater, MakesTheSameOfATextWhateverCameBefore) {
    deflater with;
    for (const std::string& text :
         {std::string(300, 'x'), std::string{"{\"count\":1}"}, std::string{}, std::string(299, 'x'),
          std::string{"{\"count\":1,\"count\":1}"}}) {
        EXPECT_EQ(deflated(with, text), expected(text));
    }
}

TEST(Deflater, FitsItsRoomOrGivesNothing) {
    deflater with;
    const std::string text = "{\"count\":1,\"count\":1}";
    std::string room(expected(text).size(), '\0');
    EXPECT_EQ(with.deflate(text, std::span{room}.first(room.size() - 1)), 0U);
    EXPECT_EQ(with.deflate(text, {}), 0U);
    EXPECT_EQ(with.deflate(text, room), room.size());
    EXPECT_EQ(room, expected(text));
}

TEST(Deflater, ServesManyThreadsAtOnce) {
    deflater with;
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (std::size_t thread = 1; thread <= 8; ++thread) {
        threads.emplace_back([&, thread] {
            const std::string text(100 * thread, static_cast<char>('a' + thread));
            const std::string wanted = expected(text);
            for (int round = 0; round < 200; ++round) {
                wrong += deflated(with, text) == wanted ? 0 : 1;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace cloakroom
