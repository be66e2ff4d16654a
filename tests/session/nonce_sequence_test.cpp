// SPDX-License-Identifier: MIT
#include "session/nonce_sequence.hpp"

#include "sanitizers.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace cloakroom {
namespace {

using nonce = std::array<char, nonce_sequence::bytes>;

nonce next(nonce_sequence& from) {
    nonce made;
    from.next(made);
    return made;
}

std::string prefix_of(const nonce& of) {
    return {of.data(), 8};
}

std::uint32_t count_of(const nonce& of) {
    std::uint32_t count = 0;
    std::memcpy(&count, &of[8], sizeof count);
    return count;
}

// What `from` gives next in a forked child.
nonce next_in_child(nonce_sequence& from) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const nonce made = next(from);
        ::_exit(::write(ends[1], made.data(), made.size()) == ssize_t{made.size()} ? 0 : 1);
    }
    nonce got{};
    EXPECT_EQ(::read(ends[0], got.data(), got.size()), ssize_t{got.size()});
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    ::close(ends[0]);
    ::close(ends[1]);
    return got;
}

TEST(NonceSequence, CountsBehindOnePrefix) {
    process_mark process;
    nonce_sequence sequence(process);
    const nonce first = next(sequence);
    for (std::uint32_t step = 1; step < 1000; ++step) {
        const nonce later = next(sequence);
        EXPECT_EQ(prefix_of(later), prefix_of(first));
        EXPECT_EQ(count_of(later), count_of(first) + step);
    }
}

TEST(NonceSequence, DrawsAnewBeforeTheCountComesRound) {
    process_mark process;
    nonce_sequence sequence(process, 3);
    const nonce first = next(sequence);
    EXPECT_EQ(prefix_of(next(sequence)), prefix_of(first));
    EXPECT_EQ(prefix_of(next(sequence)), prefix_of(first));
    EXPECT_NE(prefix_of(next(sequence)), prefix_of(first));
}

TEST(NonceSequence, BeginsAtRandom) {
    process_mark process;
    nonce_sequence one(process);
    nonce_sequence other(process);
    const nonce of_one = next(one);
    const nonce of_other = next(other);
    EXPECT_NE(prefix_of(of_one), prefix_of(of_other));
    EXPECT_NE(count_of(of_one), count_of(of_other));
}

TEST(NonceSequence, DoesNotGoOnInAForkedProcess) {
    process_mark process;
    nonce_sequence sequence(process);
    const nonce before = next(sequence);
    const nonce of_child = next_in_child(sequence);
    const nonce of_other_child = next_in_child(sequence);
    const nonce after = next(sequence);
    EXPECT_EQ(prefix_of(after), prefix_of(before));
    EXPECT_EQ(count_of(after), count_of(before) + 1);
    EXPECT_NE(prefix_of(of_child), prefix_of(before));
    EXPECT_NE(prefix_of(of_other_child), prefix_of(before));
    EXPECT_NE(prefix_of(of_other_child), prefix_of(of_child));
}

// A tenth of it where sanitizers look, which look for something else.
TEST(NonceSequence, DoesNotRepeatInAMillion) {
    constexpr int copies = has_sanitizers || has_thread_sanitizer ? 100 : 1000;
    process_mark process;
    std::vector<nonce> nonces;
    for (int copy = 0; copy < copies; ++copy) {
        nonce_sequence sequence(process, 500);
        for (int step = 0; step < 1000; ++step) {
            nonces.push_back(next(sequence));
        }
    }
    std::sort(nonces.begin(), nonces.end());
    EXPECT_EQ(std::adjacent_find(nonces.begin(), nonces.end()), nonces.end());
}

TEST(ProcessMark, StaysTheSameInAProcess) {
    process_mark process;
    EXPECT_NE(process.value(), 0U);
    EXPECT_EQ(process.value(), process.value());
}

}  // namespace
}  // namespace cloakroom
