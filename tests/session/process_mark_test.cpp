// SPDX-License-Identifier: MIT
#include "session/process_mark.hpp"

#include "../refused_call.hpp"

#include <gtest/gtest.h>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <system_error>

namespace cloakroom {
namespace {

TEST(ProcessMark, IsTheSameEachTime) {
    process_mark process;
    const std::uint64_t mark = process.value();
    EXPECT_NE(mark, 0U);
    EXPECT_EQ(process.value(), mark);
}

TEST(ProcessMark, IsTheProcessIdWhereTheSystemWipesNoPages) {
    std::optional<process_mark> process;
    with_refused({SYS_madvise, EINVAL, {{2, MADV_WIPEONFORK}}}, [&] { process.emplace(); });
    EXPECT_EQ(process->value(), static_cast<std::uint64_t>(::getpid()));
}

TEST(ProcessMark, IsAnErrorWithoutAPage) {
    std::optional<process_mark> process;
    const refused_call no_page{SYS_mmap, ENOMEM, {{1, sizeof(std::uint64_t)}}};
    EXPECT_THROW(with_refused(no_page, [&] { process.emplace(); }), std::system_error);
}

TEST(ProcessMark, IsAnErrorWithoutRandomBytes) {
    process_mark process;
    const auto ask = [&] { static_cast<void>(process.value()); };
    EXPECT_THROW(with_refused({SYS_getrandom, ENOSYS}, ask), std::system_error);
    EXPECT_NE(process.value(), 0U);
}

}  // namespace
}  // namespace cloakroom
