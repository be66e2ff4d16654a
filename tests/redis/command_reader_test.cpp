// SPDX-License-Identifier: MIT
#include "command_reader.hpp"

#include "plain_client.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace cloakroom::redis {
namespace {

using words = std::vector<std::string>;

TEST(CommandReader, GivesACommandOnceItIsWhole) {
    const std::string bytes = encoded_command({"SET", "", "a\r\nb"});
    command_reader reader;
    for (const char each : bytes) {
        EXPECT_EQ(reader.next(), std::nullopt);
        reader.add({&each, 1});
    }
    EXPECT_EQ(reader.next(), (words{"SET", "", "a\r\nb"}));
    EXPECT_EQ(reader.next(), std::nullopt);
}

TEST(CommandReader, GivesCommandsInTheirOrder) {
    command_reader reader;
    reader.add(encoded_command({"a"}) + encoded_command({"b", "c"}));
    EXPECT_EQ(reader.next(), words{"a"});
    EXPECT_EQ(reader.next(), (words{"b", "c"}));
}

TEST(CommandReader, RefusesWhatIsNoCommand) {
    for (const char* const bytes :
         {"PING\r\n", "*\r\n", "*x\r\n", "*-1\r\n", "*1x\r\n", "*1\r\n+a\r\n", "*1\r\n$-1\r\n",
          "*9999999999999999999999\r\n"}) {
        command_reader reader;
        reader.add(bytes);
        EXPECT_THROW(reader.next(), std::runtime_error) << bytes;
    }
}

TEST(CommandReader, RefusesMoreThanAMebibyte) {
    command_reader reader;
    reader.add("*2\r\n$1048576\r\n" + std::string(1'048'576, 'x') + "\r\n");
    EXPECT_THROW(reader.next(), std::runtime_error);
}

}  // namespace
}  // namespace cloakroom::redis
