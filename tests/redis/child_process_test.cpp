// SPDX-License-Identifier: MIT
#include "child_process.hpp"

#include "temporary_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace cloakroom::redis {
namespace {

using namespace std::chrono_literals;

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(ChildProcess, WritesItsOutputIntoItsLog) {
    const temporary_directory directory;
    const auto log = directory.path() / "log";
    child_process process{program_path("sh"), {"sh", "-c", "echo out; echo error >&2"}, log};
    EXPECT_TRUE(process.wait(20s));
    EXPECT_TRUE(process.has_ended());
    EXPECT_EQ(text_of(log), "out\nerror\n");
}

TEST(ChildProcess, HasNoDescriptorOfTheTest) {
    const temporary_directory directory;
    const auto log = directory.path() / "log";
    const std::ofstream open_file{directory.path() / "open"};
    child_process process{program_path("sh"), {"sh", "-c", "ls -l /proc/$$/fd"}, log};
    EXPECT_TRUE(process.wait(20s));
    EXPECT_EQ(text_of(log).find("/open"), std::string::npos) << text_of(log);
}

TEST(ChildProcess, IsKilledWhilePaused) {
    const temporary_directory directory;
    child_process process{program_path("sleep"), {"sleep", "60"}, directory.path() / "log"};
    process.pause();
    EXPECT_FALSE(process.has_ended());
    process.kill();
    EXPECT_TRUE(process.has_ended());
    process.signal(0);
}

TEST(ChildProcess, SaysThatAProgramCannotBeRun) {
    const temporary_directory directory;
    EXPECT_THROW((child_process{directory.path() / "none", {"none"}, directory.path() / "log"}),
                 std::system_error);
    EXPECT_EQ(program_path("no-such-program"), "");
}

}  // namespace
}  // namespace cloakroom::redis
