// SPDX-License-Identifier: MIT
// Files that the system does not give, read or seal: the error says what failed, and no descriptor
// stays open.
#include "../refused_call.hpp"
#include <cloakroom/open_file.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

namespace cloakroom {
namespace {

// The lowest descriptor that is free: any that is left open makes it another one.
int free_descriptor() {
    const int next = ::dup(STDERR_FILENO);
    ::close(next);
    return next;
}

template <class Action>
std::string error_where(const refused_call& call, Action action) {
    const int before = free_descriptor();
    try {
        with_refused(call, action);
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code().value(), call.error);
        EXPECT_EQ(free_descriptor(), before);
        return error.what();
    }
    return "no error";
}

void expect_part(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
}

void make_file() {
    static_cast<void>(open_file::from_bytes("bytes"));
}

TEST(OpenFileFaults, OfMakingOneAreErrors) {
    expect_part(error_where({SYS_memfd_create, EMFILE}, make_file), "making a file in memory");
}

TEST(OpenFileFaults, OfWritingAreErrors) {
    expect_part(error_where({SYS_write, ENOSPC, {{2, 5}}}, make_file),
                "writing to a file in memory");
}

TEST(OpenFileFaults, OfSealingAreErrors) {
    const refused_call sealing{SYS_fcntl, EPERM, {{1, F_ADD_SEALS}}};
    expect_part(error_where(sealing, make_file), "sealing a file in memory");
}

TEST(OpenFileFaults, OfAskingAreErrors) {
    expect_part(error_where({SYS_newfstatat, EIO}, make_file), "asking about a file");
}

TEST(OpenFileFaults, OfReadingAreErrors) {
    const open_file file = open_file::from_bytes("bytes");
    std::array<char, 5> into{};
    const auto read = [&] { static_cast<void>(file.read(0, into.data(), into.size())); };
    expect_part(error_where({SYS_pread64, EIO}, read), "reading a file");
}

}  // namespace
}  // namespace cloakroom
