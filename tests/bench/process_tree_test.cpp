// SPDX-License-Identifier: MIT
#include "process_tree.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <stdexcept>
#include <thread>
#include <vector>

namespace cloakroom::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds busy_time = 20ms;

/// Returns when this process has used that much CPU time.
void be_busy() {
    timespec used{};
    do {
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    } while (used.tv_sec == 0 && used.tv_nsec < busy_time.count());
}

/// A child process with a child of its own, which has been busy and does not heed SIGTERM.
class family {
public:
    /// @param by_thread  Whether the grandchild is forked by another thread than the child's first.
    explicit family(bool by_thread = false) {
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        const descriptor reader(ends[0]);
        const descriptor writer(ends[1]);
        parent_ = ::fork();
        if (parent_ == 0) {
            by_thread ? std::thread(beget, writer.value()).join() : beget(writer.value());
        }
        EXPECT_EQ(::read(reader.value(), &child_, sizeof child_), ssize_t{sizeof child_});
    }
    family(const family&) = delete;
    family& operator=(const family&) = delete;
    ~family() {
        if (parent_ > 0) {
            const descriptor child(::pidfd_open(child_, 0));
            end_parent();
            end_by({}, child);
        }
    }

    pid_t parent() const { return parent_; }

    void end_parent() {
        ::kill(parent_, SIGKILL);
        ::waitpid(parent_, nullptr, 0);
        parent_ = 0;
    }

    /// Returns when its parent has seen it end, so that no process has its id.
    void end_child() {
        ::kill(child_, SIGKILL);
        siginfo_t stopped{};  // as the parent does then
        ::waitid(P_PID, static_cast<id_t>(parent_), &stopped, WSTOPPED);
    }

private:
    [[noreturn]] static void beget(int writer) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::signal(SIGTERM, SIG_IGN);
            be_busy();
            const pid_t self = ::getpid();
            ::_exit(::write(writer, &self, sizeof self) == sizeof self ? ::pause() : 1);
        }
        ::waitpid(child, nullptr, 0);
        ::raise(SIGSTOP);
        ::_exit(0);
    }

    pid_t parent_ = 0;
    pid_t child_ = 0;
};

TEST(ProcessTree, CountsTheCpuTimeOfAGrandchild) {
    const family family;
    process_tree tree(family.parent());
    const auto used = tree.cpu_time();
    EXPECT_GE(used, busy_time);
    EXPECT_LT(used, 50 * busy_time);
}

TEST(ProcessTree, FindsWhatAnotherThreadHasForked) {
    const family family(true);
    EXPECT_GE(process_tree(family.parent()).cpu_time(), busy_time);
}

TEST(ProcessTree, StillCountsAProcessThatHasEnded) {
    family family;
    process_tree tree(family.parent());
    tree.cpu_time();
    family.end_child();
    EXPECT_GE(tree.cpu_time(), busy_time);
}

TEST(ProcessTree, SaysThatTheRootIsGone) {
    family family;
    process_tree tree(family.parent());
    const std::vector<descriptor> left = tree.open_descendants();
    family.end_parent();
    EXPECT_THROW(tree.cpu_time(), std::runtime_error);
    end_by({}, left.front());
}

TEST(ProcessTree, EndsWhatOutlivesTheRoot) {
    family family;
    const std::vector<descriptor> left = process_tree(family.parent()).open_descendants();
    ASSERT_EQ(left.size(), 1U);
    family.end_parent();

    end_by(std::chrono::steady_clock::now(), left.front());

    pollfd ended{left.front().value(), POLLIN, 0};
    EXPECT_EQ(::poll(&ended, 1, 0), 1);
}

}  // namespace
}  // namespace cloakroom::bench
