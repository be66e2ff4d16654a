// SPDX-License-Identifier: MIT
#include "child_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <system_error>
#include <thread>

namespace cloakroom::redis {
namespace {

// Where the child says why it could not become the program; closed when it has.
constexpr int failure_descriptor = STDERR_FILENO + 1;

// Runs in the child of a process that may have threads: calls only what is async-signal-safe.
[[noreturn]] void become(const char* program, char* const* words, int log, int failure,
                         pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {  // it died before
        ::_exit(127);
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::dup2(failure, failure_descriptor);
    ::fcntl(failure_descriptor, F_SETFD, FD_CLOEXEC);
    // A listener kept open here would still listen.
    ::close_range(failure_descriptor + 1, ~0U, 0);
    ::execv(program, words);
    const int error = errno;
    if (::write(failure_descriptor, &error, sizeof error) < 0) {
        ::_exit(126);
    }
    ::_exit(127);
}

}  // namespace

child_process::child_process(const std::filesystem::path& program,
                             const std::vector<std::string>& words,
                             const std::filesystem::path& log) {
    const int descriptor = ::open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        throw std::system_error(errno, std::generic_category(), "open " + log.string());
    }
    std::vector<char*> arguments;
    for (const std::string& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    int failure[2];
    if (::pipe2(failure, O_CLOEXEC) != 0) {
        ::close(descriptor);
        throw std::system_error(errno, std::generic_category(), "pipe2");
    }
    const pid_t parent = ::getpid();
    id_ = ::fork();
    if (id_ == 0) {
        become(program.c_str(), arguments.data(), descriptor, failure[1], parent);
    }
    int error = id_ < 0 ? errno : 0;
    ::close(failure[1]);
    // Ends once the program runs: from then on nothing of this process is open in it.
    if (id_ > 0 && ::read(failure[0], &error, sizeof error) > 0) {
        ::waitpid(id_, nullptr, 0);
    }
    ::close(failure[0]);
    ::close(descriptor);
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), "run " + program.string());
    }
}

child_process::~child_process() {
    kill();
}

bool child_process::has_ended() {
    if (id_ > 0 && ::waitpid(id_, nullptr, WNOHANG) != 0) {
        id_ = -1;
    }
    return id_ < 0;
}

void child_process::signal(int number) {
    if (!has_ended()) {
        ::kill(id_, number);
    }
}

bool child_process::wait(std::chrono::milliseconds longest) {
    const auto deadline = std::chrono::steady_clock::now() + longest;
    while (!has_ended()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
}

void child_process::kill() {
    signal(SIGKILL);
    if (id_ > 0) {
        ::waitpid(id_, nullptr, 0);
        id_ = -1;
    }
}

void child_process::pause() {
    signal(SIGSTOP);
    int status = 0;
    if (id_ > 0 && ::waitpid(id_, &status, WUNTRACED) == id_ && !WIFSTOPPED(status)) {
        id_ = -1;
    }
}

void child_process::resume() {
    signal(SIGCONT);
}

std::filesystem::path program_path(const std::string& name) {
    const char* const search = std::getenv("PATH");
    std::istringstream directories{search != nullptr ? search : "/usr/bin:/bin"};
    std::string directory;
    while (std::getline(directories, directory, ':')) {
        const std::filesystem::path candidate = std::filesystem::path{directory} / name;
        if (!directory.empty() && ::access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
    }
    return {};
}

}  // namespace cloakroom::redis
