// SPDX-License-Identifier: MIT
// A bare epoll loop on one thread that finds the blank line of each request and answers a fixed
// text: about the least that HTTP over TCP can cost, as the limit to compare with. It checks
// nothing, so it is no HTTP server.
#include <CLI/CLI.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

constexpr std::string_view blank_line = "\r\n\r\n";
constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 13\r\n"
    "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\nHello, World!";
constexpr std::size_t answers_per_write = 512;
constexpr std::size_t tail_bytes = blank_line.size() - 1;
constexpr std::size_t read_bytes = 64 * 1024;

/// All that is remembered between two reads; nothing is read while an answer is unsent.
struct connection {
    std::uint32_t unsent_bytes = 0;  // the answers are all alike, so their length is enough
    std::uint8_t tail_size = 0;      // how many of the last bytes may begin a blank line
    std::array<char, tail_bytes> tail{};
};

struct server {
    std::string answers;            // answers_per_write of them
    std::chrono::nanoseconds work;  // CPU time, for each request
};

enum class outcome { done, blocked, closed };

int check(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
    return result;
}

outcome send_answers(int socket, connection& peer, const std::string& answers) {
    while (peer.unsent_bytes > 0) {
        const std::size_t sent_of_first =
            (answer.size() - peer.unsent_bytes % answer.size()) % answer.size();
        const std::size_t size =
            std::min<std::size_t>(peer.unsent_bytes, answers.size() - sent_of_first);
        const ssize_t sent = ::send(socket, answers.data() + sent_of_first, size, MSG_NOSIGNAL);
        if (sent < 0) {
            return errno == EAGAIN ? outcome::blocked : outcome::closed;
        }
        peer.unsent_bytes -= static_cast<std::uint32_t>(sent);
    }
    return outcome::done;
}

/// Counts the blank lines in `bytes` and keeps what may be the beginning of the next one.
std::uint32_t count_requests(std::string_view bytes, connection& peer) {
    std::uint32_t count = 0;
    for (auto at = bytes.find(blank_line); at != std::string_view::npos;
         at = bytes.find(blank_line)) {
        bytes.remove_prefix(at + blank_line.size());
        ++count;
    }
    bytes.remove_prefix(bytes.size() - std::min(bytes.size(), tail_bytes));
    peer.tail_size = static_cast<std::uint8_t>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), peer.tail.begin());
    return count;
}

/// Uses up that much CPU time.
void work(std::chrono::nanoseconds time) {
    if (time.count() == 0) {
        return;
    }
    const auto used = [] {
        timespec now{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
    };
    for (const auto end = used() + time; used() < end;) {}
}

/// Reads until the socket is empty (a short read says so, unless the peer has hung up) and answers.
outcome serve(int socket, connection& peer, const server& served, bool hung_up) {
    static std::array<char, tail_bytes + read_bytes> buffer;
    outcome state = send_answers(socket, peer, served.answers);
    while (state == outcome::done) {
        char* const begin = buffer.data() + tail_bytes - peer.tail_size;
        std::memcpy(begin, peer.tail.data(), peer.tail_size);
        const ssize_t got = ::recv(socket, buffer.data() + tail_bytes, read_bytes, 0);
        if (got <= 0) {
            return got < 0 && errno == EAGAIN ? outcome::done : outcome::closed;
        }
        const auto size = static_cast<std::size_t>(got);
        const std::uint32_t requests = count_requests({begin, peer.tail_size + size}, peer);
        work(served.work * requests);
        peer.unsent_bytes = requests * static_cast<std::uint32_t>(answer.size());
        state = send_answers(socket, peer, served.answers);
        if (size < read_bytes && !hung_up) {
            break;
        }
    }
    return state;
}

int listen_on(std::uint16_t port) {
    const int listener =
        check(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    const int on = 1;
    check(::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "SO_REUSEADDR");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    check(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), "bind");
    check(::listen(listener, SOMAXCONN), "listen");
    check(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    std::cout << "listening on http://127.0.0.1:" << ntohs(address.sin_port) << std::endl;
    return listener;
}

void watch(int epoll, int socket, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = socket;
    check(::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event), "epoll_ctl");
}

void accept_all(int epoll, int listener, std::vector<connection>& connections) {
    int socket = 0;
    while ((socket = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        const int on = 1;
        check(::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
        const auto index = static_cast<std::size_t>(socket);
        connections.resize(std::max(connections.size(), index + 1));
        connections[index] = {};
        watch(epoll, socket, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
    }
}

void run(std::uint16_t port, std::chrono::microseconds work_each) {
    server served{{}, work_each};
    for (std::size_t i = 0; i < answers_per_write; ++i) {
        served.answers += answer;
    }
    const int listener = listen_on(port);
    const int epoll = check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    watch(epoll, listener, EPOLLIN);
    std::vector<connection> connections;  // by file descriptor
    std::array<epoll_event, 512> events;
    for (;;) {
        const int ready = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < ready; ++i) {
            const epoll_event& event = events[static_cast<std::size_t>(i)];
            const int socket = event.data.fd;
            const bool hung_up = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
            if (socket == listener) {
                accept_all(epoll, listener, connections);
            } else if (serve(socket, connections[static_cast<std::size_t>(socket)], served,
                             hung_up) == outcome::closed) {
                ::close(socket);
            }
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App cli{"A bare epoll loop that answers Hello, World! to whatever ends in a blank line."};
    std::uint16_t port = 8080;
    int threads = 1;
    int work_us = 0;
    cli.add_option("--port", port, "0 picks a free one");
    cli.add_option("--threads", threads, "must be 1")->check(CLI::Range(1, 1));
    cli.add_option("--work-us", work_us, "CPU time that each request is to take more")
        ->check(CLI::Range(0, 1'000'000));
    CLI11_PARSE(cli, argc, argv);
    try {
        run(port, std::chrono::microseconds(work_us));
    } catch (const std::exception& error) {
        std::cerr << "epoll_hello: " << error.what() << '\n';
        return 1;
    }
}
