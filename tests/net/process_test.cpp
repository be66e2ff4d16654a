// SPDX-License-Identifier: MIT
// What needs a process of its own: signals, and running out of descriptors. The showcase example is
// that process.
#include "sanitizers.hpp"
#include "socket_client.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#ifdef CLOAKROOM_SHOWCASE

namespace cloakroom::net {
namespace {

// What a process has said, and how it ended.
struct ended_process {
    int result = 0;  ///< The exit code; negative for the signal that ended it.
    std::string output;
    std::string errors;
};

int exit_code(pid_t id) {
    int status = 0;
    ::waitpid(id, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string read_all(int descriptor) {
    std::string text;
    char part[1'000];
    ssize_t count = 0;
    while ((count = ::read(descriptor, part, sizeof part)) > 0) {
        text.append(part, static_cast<std::size_t>(count));
    }
    ::close(descriptor);
    return text;
}

// Runs the showcase until it ends by itself, or, when it serves, is told to.
ended_process run_showcase(const std::vector<std::string>& arguments, rlim_t descriptors = 0) {
    int output[2];
    int errors[2];
    if (::pipe2(output, O_CLOEXEC) != 0 || ::pipe2(errors, O_CLOEXEC) != 0) {
        throw std::runtime_error("pipe2");
    }
    std::vector<char*> words{const_cast<char*>("showcase")};
    for (const std::string& each : arguments) {
        words.push_back(const_cast<char*>(each.c_str()));
    }
    words.push_back(nullptr);
    const pid_t id = ::fork();
    if (id == 0) {
        ::dup2(output[1], STDOUT_FILENO);
        ::dup2(errors[1], STDERR_FILENO);
        if (descriptors != 0) {
            const rlimit limit{descriptors, descriptors};
            ::setrlimit(RLIMIT_NOFILE, &limit);
        }
        ::execv(CLOAKROOM_SHOWCASE, words.data());
        ::_exit(127);
    }
    ::close(output[1]);
    ::close(errors[1]);
    ended_process ended;
    char first = 0;
    if (::read(output[0], &first, 1) == 1) {
        ended.output += first;
        if (first == 'l') {  // "listening on ..."
            ::kill(id, SIGTERM);
        }
    }
    ended.output += read_all(output[0]);
    ended.errors = read_all(errors[0]);
    ended.result = exit_code(id);
    return ended;
}

class showcase_process {
public:
    /// @param descriptors  How many the process may have open; 0 is as many as this one.
    explicit showcase_process(rlim_t descriptors = 0) {
        int output[2];
        if (::pipe2(output, O_CLOEXEC) != 0) {
            throw std::runtime_error("pipe2");
        }
        id_ = ::fork();
        if (id_ == 0) {
            ::dup2(output[1], STDOUT_FILENO);
            if (descriptors != 0) {
                const rlimit limit{descriptors, descriptors};
                ::setrlimit(RLIMIT_NOFILE, &limit);
            }
            ::execl(CLOAKROOM_SHOWCASE, "showcase", "--port", "0", "--threads", "1", nullptr);
            ::_exit(127);
        }
        ::close(output[1]);
        std::string line;
        char each = 0;
        while (::read(output[0], &each, 1) == 1 && each != '\n') {
            line += each;
        }
        ::close(output[0]);
        if (line.rfind(':') == std::string::npos) {
            throw std::runtime_error("the showcase does not serve: " + line);
        }
        port_ = static_cast<std::uint16_t>(std::stoul(line.substr(line.rfind(':') + 1)));
    }
    showcase_process(const showcase_process&) = delete;
    showcase_process& operator=(const showcase_process&) = delete;
    ~showcase_process() {
        if (id_ > 0) {
            ::kill(id_, SIGKILL);
            ::waitpid(id_, nullptr, 0);
        }
    }

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    void signal(int number) const { ::kill(id_, number); }

    /// Waits for its end. @return The exit code; negative for the signal that ended it.
    int result() { return exit_code(std::exchange(id_, -1)); }

    /// The processor time it has used.
    [[nodiscard]] std::chrono::nanoseconds used_time() const {
        clockid_t clock{};
        timespec time{};
        ::clock_getcpuclockid(id_, &clock);
        ::clock_gettime(clock, &time);
        return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
    }

private:
    pid_t id_ = -1;
    std::uint16_t port_ = 0;
};

// Whether connections are accepted: not once the server drains.
bool is_serving(std::uint16_t port) {
    try {
        const socket_client tries(port);
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

TEST(Process, DrainsAndExitsWith0OnSignals) {
    for (const int number : {SIGTERM, SIGINT}) {
        showcase_process server;
        socket_client idle(server.port());
        socket_client client(server.port());
        EXPECT_EQ(idle.get("/").body, "Hello, World!");
        client.send("GET /slow?ms=300 HTTP/1.1\r\nHost: h\r\n\r\n");
        // The loop serves this after it has begun with that.
        EXPECT_EQ(socket_client(server.port()).get("/").status, 200U);

        server.signal(number);

        const socket_reply reply = client.reply();
        EXPECT_EQ(reply.body, "Waited on the event loop.");
        EXPECT_TRUE(reply.has("\r\nConnection: close"));
        EXPECT_TRUE(idle.has_ended());
        client.close();
        EXPECT_EQ(server.result(), 0);
    }
}

TEST(Process, EndsAtOnceWithASecondSignal) {
    for (const int number : {SIGTERM, SIGINT}) {
        showcase_process server;
        socket_client client(server.port());
        client.send("GET /slow?ms=10000 HTTP/1.1\r\nHost: h\r\n\r\n");
        EXPECT_EQ(socket_client(server.port()).get("/").status, 200U);
        server.signal(number);
        while (is_serving(server.port())) {}

        server.signal(number);

        EXPECT_EQ(server.result(), -number);  // a drain would end with 0
        EXPECT_TRUE(client.has_ended());
    }
}

TEST(Process, HelpIsNoErrorAndGoesToStandardOutput) {
    const ended_process help = run_showcase({"--help"});
    EXPECT_EQ(help.result, 0);
    EXPECT_EQ(help.errors, "");
    for (const char* each :
         {"usage: ", "--host", "--port", "--threads", "--workers", "--deployment"}) {
        EXPECT_NE(help.output.find(each), std::string::npos) << help.output;
    }
}

TEST(Process, AWrongCommandLineIsTheUsersError) {
    const ended_process wrong = run_showcase({"--port", "http"});
    EXPECT_EQ(wrong.result, 2);
    EXPECT_EQ(wrong.output, "");
    EXPECT_NE(wrong.errors.find("--port takes a number"), std::string::npos) << wrong.errors;
    EXPECT_NE(wrong.errors.find("--deployment"), std::string::npos) << wrong.errors;
}

TEST(Process, AStartThatFailsExitsWith1) {
    const ended_process failed = run_showcase({"--port", "0", "--host", "192.0.2.1"});
    EXPECT_EQ(failed.result, 1);
    EXPECT_EQ(failed.output, "");
    EXPECT_NE(failed.errors.find("does not have that address"), std::string::npos) << failed.errors;
}

TEST(Process, SaysWhatToDoWhereItLacksDescriptors) {
    if (has_sanitizers) {
        GTEST_SKIP() << takes_descriptors_away;
    }
    // From a number that does not do for the first socket to one that does for all.
    unsigned refused = 0;
    bool serves = false;
    for (rlim_t descriptors = 4; descriptors < 60 && !serves; ++descriptors) {
        const ended_process ended = run_showcase({"--port", "0", "--threads", "4"}, descriptors);
        serves = ended.result == 0;
        if (!serves && ended.result != 127) {  // else not even the libraries could be loaded
            ++refused;
            EXPECT_EQ(ended.result, 1) << descriptors << ended.errors;
            EXPECT_NE(ended.errors.find("ulimit -n"), std::string::npos)
                << descriptors << ended.errors;
        }
    }
    EXPECT_GT(refused, 10U);
    EXPECT_TRUE(serves);
}

TEST(Process, RestsWhileOutOfDescriptorsAndRecovers) {
    if (has_sanitizers) {
        GTEST_SKIP() << takes_descriptors_away;
    }
    showcase_process server(64);
    std::vector<socket_client> clients;
    for (int each = 0; each < 200; ++each) {
        clients.emplace_back(server.port());
        clients.back().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    EXPECT_EQ(clients.front().reply().status, 200U);
    EXPECT_EQ(clients.front().get("/").status, 200U);
    const std::chrono::nanoseconds before = server.used_time();

    EXPECT_FALSE(clients.back().is_readable(std::chrono::seconds{1}));  // has to wait

    EXPECT_LT(server.used_time() - before, std::chrono::milliseconds{200});  // it does not spin
    EXPECT_EQ(clients.front().get("/").status, 200U);
    socket_client last = std::move(clients.back());
    clients.clear();
    EXPECT_TRUE(last.is_readable(std::chrono::seconds{1}));
    EXPECT_EQ(last.reply().status, 200U);
    EXPECT_EQ(socket_client(server.port()).get("/").status, 200U);
    server.signal(SIGTERM);
    EXPECT_EQ(server.result(), 0);
}

}  // namespace
}  // namespace cloakroom::net

#endif
