// SPDX-License-Identifier: MIT
// What needs a process of its own: signals, and running out of descriptors. The showcase example is
// that process.
#include "socket_client.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#ifdef CLOAKROOM_SHOWCASE

namespace cloakroom::net {
namespace {

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
    int result() {
        int status = 0;
        ::waitpid(std::exchange(id_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

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

TEST(Process, RestsWhileOutOfDescriptorsAndRecovers) {
    showcase_process server(32);
    std::vector<socket_client> clients;
    for (int each = 0; each < 40; ++each) {
        clients.emplace_back(server.port());
        clients.back().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    EXPECT_EQ(clients.front().reply().status, 200U);
    EXPECT_EQ(clients.front().get("/").status, 200U);
    const std::chrono::nanoseconds before = server.used_time();

    EXPECT_FALSE(clients.back().is_readable(std::chrono::seconds{1}));  // has to wait

    EXPECT_LT(server.used_time() - before, std::chrono::milliseconds{300});  // it does not spin
    EXPECT_EQ(clients.front().get("/").status, 200U);
    socket_client last = std::move(clients.back());
    clients.clear();
    EXPECT_EQ(last.reply().status, 200U);
    EXPECT_EQ(socket_client(server.port()).get("/").status, 200U);
    server.signal(SIGTERM);
    EXPECT_EQ(server.result(), 0);
}

}  // namespace
}  // namespace cloakroom::net

#endif
