// SPDX-License-Identifier: MIT
#include "app/error_log.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>

namespace cloakroom {
namespace {

// Two connected descriptors, the second of which is written to.
class channel {
public:
    enum class kind { pipe, socket };

    explicit channel(kind what) {
        if (what == kind::socket) {
            EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_), 0);
        } else {
            EXPECT_EQ(::pipe2(ends_, O_CLOEXEC), 0);
        }
    }
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;
    ~channel() {
        close_reader();
        ::close(ends_[1]);
    }

    [[nodiscard]] int writer() const noexcept { return ends_[1]; }
    void close_reader() {
        if (ends_[0] >= 0) {
            ::close(std::exchange(ends_[0], -1));
        }
    }

    /// What can be read now.
    [[nodiscard]] std::string read() const {
        ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
        std::string text;
        char part[4096];
        ssize_t count = 0;
        while ((count = ::read(ends_[0], part, sizeof part)) > 0) {
            text.append(part, static_cast<std::size_t>(count));
        }
        return text;
    }

private:
    int ends_[2]{-1, -1};
};

class ErrorLog : public ::testing::TestWithParam<channel::kind> {
protected:
    channel to{GetParam()};
    error_log log{to.writer()};
};

INSTANTIATE_TEST_SUITE_P(All, ErrorLog,
                         ::testing::Values(channel::kind::pipe, channel::kind::socket),
                         [](const auto& each) {
                             return each.param == channel::kind::pipe ? "Pipe" : "Socket";
                         });

TEST_P(ErrorLog, WritesLines) {
    log.write("one");
    log.write("");
    EXPECT_EQ(to.read(), "cloakroom: one\ncloakroom: \n");
}

TEST_P(ErrorLog, CutsALineToWhatAPipeTakesAtOnce) {
    log.write(std::string(10'000, 'x'));
    EXPECT_EQ(to.read(), "cloakroom: " + std::string(4'096 - 12, 'x') + "\n");
}

TEST_P(ErrorLog, LosesLinesThatNobodyTakesAndTellsHowMany) {
    const std::string line(1'000, 'x');
    for (int each = 0; each < 1'000; ++each) {
        log.write(line);  // without waiting: nobody reads
    }
    const std::string taken = to.read();
    const std::size_t lines = taken.size() / (line.size() + 12);
    EXPECT_LT(lines, 1'000U);
    EXPECT_EQ(taken.size() % (line.size() + 12), 0U);

    log.write("next");

    EXPECT_EQ(to.read(), "cloakroom: " + std::to_string(1'000 - lines) +
                             " lines are not in this log: standard error did not take them\n"
                             "cloakroom: next\n");
}

TEST_P(ErrorLog, OutlivesItsReaderWithoutASignal) {
    to.close_reader();
    log.write("one");
    log.write("two");
    sigset_t pending;
    ::sigpending(&pending);
    EXPECT_EQ(::sigismember(&pending, SIGPIPE), 0);
}

TEST(ErrorLogFile, MayBeOnAFullDisk) {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    error_log log(full);
    log.write("one");
    log.write("two");
    ::close(full);
}

TEST(ErrorLogFile, MayBeClosed) {
    error_log log(-1);
    log.write("one");
}

}  // namespace
}  // namespace cloakroom
