// SPDX-License-Identifier: MIT
#include "app/error_log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <ctime>

namespace cloakroom {
namespace {

// What a pipe that is ready for writing takes without waiting.
constexpr std::size_t most_bytes = PIPE_BUF;

// Keeps the SIGPIPE of a write from ending the process, whatever that does with the signal.
class broken_pipe_guard {
public:
    broken_pipe_guard() noexcept {
        sigset_t pending;
        ::sigpending(&pending);
        was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
        ::sigemptyset(&broken_pipe_);
        ::sigaddset(&broken_pipe_, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &broken_pipe_, &before_);
    }
    broken_pipe_guard(const broken_pipe_guard&) = delete;
    broken_pipe_guard& operator=(const broken_pipe_guard&) = delete;
    ~broken_pipe_guard() {
        const int error = errno;
        const timespec at_once{};
        while (!was_pending_ && error == EPIPE &&
               ::sigtimedwait(&broken_pipe_, nullptr, &at_once) < 0 && errno == EINTR) {}
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
        errno = error;
    }

private:
    sigset_t broken_pipe_{};
    sigset_t before_{};
    bool was_pending_ = false;
};

}  // namespace

void error_log::write(std::string_view line) {
    const std::lock_guard lock(mutex_);
    if (lost_ != 0) {
        text_ = "cloakroom: " + std::to_string(lost_) +
                " lines are not in this log: standard error did not take them\n";
        if (write_at_once(descriptor_, text_)) {
            lost_ = 0;
        }
    }
    text_ = "cloakroom: ";
    text_ += line.substr(0, most_bytes - text_.size() - 1);
    text_ += '\n';
    lost_ += lost_ == 0 && write_at_once(descriptor_, text_) ? 0U : 1U;
}

// One write, so that lines of several processes do not mix.
bool write_at_once(int descriptor, std::string_view text) noexcept {
    pollfd ready{descriptor, POLLOUT, 0};
    if (::poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) {
        return false;
    }
    const broken_pipe_guard guard;
    ssize_t count = -1;
    do {  // of a socket, such as journald's, that it is ready does not say for how much
        count = ::send(descriptor, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && errno == ENOTSOCK) {
            count = ::write(descriptor, text.data(), text.size());
        }
    } while (count < 0 && errno == EINTR);
    return count == static_cast<ssize_t>(text.size());
}

void keep_standard_descriptors() noexcept {
    for (int descriptor = 0; descriptor <= STDERR_FILENO; ++descriptor) {
        if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
            // The lowest that is free, and all below are open.
            static_cast<void>(::open("/dev/null", O_RDWR));
        }
    }
}

}  // namespace cloakroom
