// SPDX-License-Identifier: MIT
#include "net/send_file.hpp"

#include <sys/sendfile.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>

namespace cloakroom::net {
namespace {

// As long as it lives, writing to a peer that has left gives EPIPE and no SIGPIPE: sendfile() has no
// MSG_NOSIGNAL. The disposition of the signal is the program's, and so is the thread's mask.
class without_pipe_signal {
public:
    without_pipe_signal() noexcept {
        ::sigemptyset(&pipe_);
        ::sigaddset(&pipe_, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    without_pipe_signal(const without_pipe_signal&) = delete;
    without_pipe_signal& operator=(const without_pipe_signal&) = delete;
    ~without_pipe_signal() {
        const int error = errno;
        if (::sigismember(&before_, SIGPIPE) == 0) {
            if (has_come_) {
                const timespec at_once{};
                static_cast<void>(::sigtimedwait(&pipe_, nullptr, &at_once));
            }
            ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
        }
        errno = error;
    }

    /// The signal is pending, and is to be forgotten.
    void has_come() noexcept { has_come_ = true; }

private:
    sigset_t pipe_;
    sigset_t before_;
    bool has_come_ = false;
};

}  // namespace

ssize_t send_file(int socket, const open_file& file, std::size_t from, std::size_t most) noexcept {
    without_pipe_signal guard;
    auto offset = static_cast<off_t>(file.offset() + from);
    const ssize_t count =
        ::sendfile(socket, file.descriptor(), &offset, std::min(most, file.size() - from));
    if (count < 0 && errno == EPIPE) {
        guard.has_come();
    }
    if (count == 0) {  // instead of the bytes that are to come
        errno = EIO;
        return -1;
    }
    return count;
}

}  // namespace cloakroom::net
