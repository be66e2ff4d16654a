// SPDX-License-Identifier: MIT
#include "net/listener.hpp"

#include "net/event_loop.hpp"
#include <cloakroom/request.hpp>
#include <cloakroom/setup_error.hpp>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

namespace cloakroom::net {
namespace {

// How many connections are accepted before those that are there get their turn.
constexpr int accepts_a_turn = 64;

constexpr std::chrono::milliseconds rest_time{100};

std::unique_ptr<addrinfo, void (*)(addrinfo*)> resolve(const std::string& host,
                                                       std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    addrinfo* found = nullptr;
    const std::string numeric = host == "localhost" ? "127.0.0.1" : host;
    // Of IPv4 addresses getaddrinfo also takes short forms, such as 1.2.3 for 1.2.0.3.
    in_addr v4{};
    const bool is_whole =
        host.find(':') != std::string::npos || ::inet_pton(AF_INET, numeric.c_str(), &v4) == 1;
    if (!is_whole ||
        ::getaddrinfo(numeric.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
        throw setup_error("cannot listen on \"" + host +
                          "\": give a numeric address of this machine, such as 127.0.0.1, 0.0.0.0 "
                          "(all IPv4 addresses) or :: (all addresses)");
    }
    return {found, &::freeaddrinfo};
}

bool is_loopback_address(const sockaddr& address) noexcept {
    if (address.sa_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        return (ntohl(v4.sin_addr.s_addr) >> 24U) == 127;
    }
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
}

void set_option(int socket, int level, int option) noexcept {
    const int on = 1;
    static_cast<void>(::setsockopt(socket, level, option, &on, sizeof on));
}

ip_address address_of(const sockaddr_storage& from) noexcept {
    ip_address result;
    if (from.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(from);
        result.size = 4;
        std::memcpy(result.bytes.data(), &v4.sin_addr, 4);
    } else if (from.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(from);
        result.size = 16;
        std::memcpy(result.bytes.data(), &v6.sin6_addr, 16);
    }
    return result;
}

[[noreturn]] void refuse(const std::string& host, std::uint16_t port, int error) {
    const bool is_v6 = host.find(':') != std::string::npos;
    const std::string where = (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
    if (error == EADDRINUSE) {
        throw setup_error("cannot listen on " + where +
                          ": the port is in use. Stop the program that serves it, or choose "
                          "another port (--port; 0 picks a free one)");
    }
    if (error == EACCES) {
        throw setup_error("cannot listen on " + where +
                          ": ports below 1024 need privileges. Choose another port");
    }
    if (error == EADDRNOTAVAIL || error == EAFNOSUPPORT) {
        throw setup_error("cannot listen on " + where +
                          ": this machine does not have that address. Use one of its own, "
                          "127.0.0.1, or 0.0.0.0 for all");
    }
    if (error == EMFILE || error == ENFILE) {
        throw setup_error("cannot listen on " + where +
                          ": too many open files. Allow more: ulimit -n");
    }
    throw setup_error("cannot listen on " + where + ": " + std::system_category().message(error));
}

}  // namespace

// Delegates, so that a socket is closed when what follows throws.
listening_socket::listening_socket(const std::string& host, std::uint16_t port, bool is_first)
    : listening_socket() {
    const auto address = resolve(host, port);
    if (is_first && port != 0) {
        // Without SO_REUSEPORT the port is refused when any other process has it.
        listening_socket probe;
        probe.open(host, port, *address);
        set_option(probe.socket_, SOL_SOCKET, SO_REUSEADDR);
        probe.bind(host, port, *address);
    }
    open(host, port, *address);
    set_option(socket_, SOL_SOCKET, SO_REUSEADDR);
    set_option(socket_, SOL_SOCKET, SO_REUSEPORT);
    set_option(socket_, IPPROTO_TCP, TCP_NODELAY);  // what is accepted inherits it
    bind(host, port, *address);
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (::listen(socket_, SOMAXCONN) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
        refuse(host, port, errno);
    }
    port_ =
        ntohs(bound.ss_family == AF_INET ? reinterpret_cast<const sockaddr_in&>(bound).sin_port
                                         : reinterpret_cast<const sockaddr_in6&>(bound).sin6_port);
    is_loopback_ = is_loopback_address(*address->ai_addr);
}

void listening_socket::open(const std::string& host, std::uint16_t port, const addrinfo& at) {
    socket_ = ::socket(at.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) {
        refuse(host, port, errno);
    }
}

void listening_socket::bind(const std::string& host, std::uint16_t port, const addrinfo& at) const {
    if (::bind(socket_, at.ai_addr, at.ai_addrlen) != 0) {
        refuse(host, port, errno);
    }
}

listening_socket::listening_socket(listening_socket&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      port_(other.port_),
      is_loopback_(other.is_loopback_) {}

listening_socket::~listening_socket() {
    close();
}

void listening_socket::close() noexcept {
    if (socket_ >= 0) {
        ::close(std::exchange(socket_, -1));
    }
}

listener::listener(event_loop& loop, listening_socket socket)
    : loop_(loop), socket_(std::move(socket)) {
    if (!loop_.sockets().watch_readable(socket_.descriptor(), *this)) {
        throw std::system_error(errno, std::system_category(), "epoll_ctl");
    }
}

void listener::on_ready(readiness /*now*/) noexcept {
    for (int count = 0; count < accepts_a_turn; ++count) {
        if (loop_.is_full()) {
            rest();
            return;
        }
        switch (accept_one()) {
            case accepted::one:
                break;
            case accepted::none:
                return;
            case accepted::refused:
                rest();
                loop_.set_deadline(*this, rest_time);
                return;
        }
    }
}

listener::accepted listener::accept_one() noexcept {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int socket = ::accept4(socket_.descriptor(), reinterpret_cast<sockaddr*>(&from), &size,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
        loop_.add_connection(socket, address_of(from));
        return accepted::one;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        return accepted::none;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        return accepted::refused;
    }
    return accepted::one;  // that one connection failed: the next may not
}

void listener::rest() noexcept {
    is_resting_ = true;
    loop_.sockets().pause(socket_.descriptor(), *this);
}

void listener::go_on() noexcept {
    if (is_resting_ && socket_.descriptor() >= 0) {
        is_resting_ = false;
        loop_.sockets().go_on(socket_.descriptor(), *this);
    }
}

void listener::close() noexcept {
    while (!loop_.is_full() && accept_one() == accepted::one) {}
    loop_.clear_deadline(*this);
    socket_.close();
}

}  // namespace cloakroom::net
