// SPDX-License-Identifier: MIT
// A server whose standard output and error are closed, full, without a reader, or not read: it
// serves on. The showcase example is that server.
#include "net/socket_client.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#ifdef CLOAKROOM_SHOWCASE

namespace cloakroom::hostile {
namespace {

// A port that was free a moment ago: the server cannot tell where it listens.
std::uint16_t free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(probe, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(probe);
    return ntohs(address.sin_port);
}

class server_process {
public:
    /// @param output, error  What it gets for standard output and error; -1 for nothing at all.
    server_process(int output, int error) : port_(free_port()) {
        const std::string port = std::to_string(port_);
        id_ = ::fork();
        if (id_ == 0) {
            for (int each = 0; each <= STDERR_FILENO; ++each) {
                ::close(each);
            }
            if (output >= 0) {
                ::dup2(output, STDOUT_FILENO);
            }
            if (error >= 0) {
                ::dup2(error, STDERR_FILENO);
            }
            ::execl(CLOAKROOM_SHOWCASE, "showcase", "--port", port.c_str(), "--threads", "1",
                    nullptr);
            ::_exit(127);
        }
    }
    server_process(const server_process&) = delete;
    server_process& operator=(const server_process&) = delete;
    ~server_process() {
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
    }

    /// Connects once it listens.
    [[nodiscard]] net::socket_client connect() const {
        while (::waitpid(id_, nullptr, WNOHANG) == 0) {
            try {
                return net::socket_client(port_);
            } catch (const std::system_error&) {
                ::usleep(10'000);
            }
        }
        throw std::runtime_error("the server has ended");
    }

private:
    std::uint16_t port_;
    pid_t id_ = -1;
};

void expect_service(const server_process& server) {
    net::socket_client client = server.connect();
    for (int turn = 0; turn < 250; ++turn) {  // over two seconds' worth of lines, and so on
        const net::socket_reply failed = client.get("/error?" + std::string(1'000, 'x'));
        ASSERT_EQ(failed.status, 500U);
        ASSERT_EQ(failed.body, R"({"title":"Internal Server Error","status":500})");
        ASSERT_EQ(client.get("/").body, "Hello, World!");
    }
    ASSERT_EQ(server.connect().get("/").body, "Hello, World!");
}

TEST(StandardDescriptors, MayBeClosed) {
    expect_service(server_process(-1, -1));
}

TEST(StandardDescriptors, MayBeOnAFullDisk) {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    expect_service(server_process(full, full));
    ::close(full);
}

TEST(StandardDescriptors, MayHaveNoReader) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    ::close(ends[0]);
    const server_process server(ends[1], ends[1]);
    ::close(ends[1]);
    expect_service(server);
}

TEST(StandardDescriptors, MayLoseTheirReader) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const server_process server(ends[1], ends[1]);
    ::close(ends[1]);
    static_cast<void>(server.connect());
    ::close(ends[0]);
    expect_service(server);
}

TEST(StandardDescriptors, MayBeAPipeThatNobodyEmpties) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    ASSERT_GT(::fcntl(ends[1], F_SETPIPE_SZ, 4'096), 0);
    {
        const server_process server(ends[1], ends[1]);
        expect_service(server);
    }
    ::close(ends[0]);
    ::close(ends[1]);
}

}  // namespace
}  // namespace cloakroom::hostile

#endif
