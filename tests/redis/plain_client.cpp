// SPDX-License-Identifier: MIT
#include "plain_client.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace cloakroom::redis {

std::string encoded_command(const std::vector<std::string>& words) {
    std::string bytes = "*" + std::to_string(words.size()) + "\r\n";
    for (const std::string& word : words) {
        bytes += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
    }
    return bytes;
}

plain_client::plain_client(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(AF_INET, &address, sizeof address);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

plain_client::plain_client(const std::filesystem::path& socket_file) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string& name = socket_file.native();
    if (name.size() >= sizeof address.sun_path) {
        throw std::runtime_error("too long for a socket file: " + name);
    }
    std::memcpy(address.sun_path, name.data(), name.size());
    connect(AF_UNIX, &address, sizeof address);
}

plain_client::~plain_client() {
    ::close(socket_);
}

void plain_client::connect(int family, const void* address, std::size_t address_bytes) {
    socket_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval wait{longest_wait.count(), 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (::connect(socket_, static_cast<const sockaddr*>(address),
                  static_cast<socklen_t>(address_bytes)) != 0) {
        const int error = errno;
        ::close(socket_);
        throw std::system_error(error, std::generic_category(), "connect");
    }
}

bool plain_client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

std::string plain_client::receive() {
    char part[16'384];
    const ssize_t count = ::recv(socket_, part, sizeof part, 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        throw std::runtime_error("nothing was received for a long time");
    }
    was_reset_ = was_reset_ || (count < 0 && errno == ECONNRESET);
    return {part, count < 0 ? 0 : static_cast<std::size_t>(count)};
}

std::string plain_client::read_to_end() {
    std::string all;
    for (std::string part = receive(); !part.empty(); part = receive()) {
        all += part;
    }
    return all;
}

bool plain_client::is_readable(std::chrono::milliseconds within) const {
    pollfd one{socket_, POLLIN, 0};
    return ::poll(&one, 1, static_cast<int>(within.count())) > 0;
}

std::string plain_client::command(const std::vector<std::string>& words) {
    send(encoded_command(words));
    return reply();
}

std::string plain_client::reply() {
    const std::string head = line();
    const std::string rest = head.empty() ? "" : head.substr(1);
    switch (head.empty() ? '\0' : head.front()) {
        case '+':
        case ':':
            return rest;
        case '-':
            throw std::runtime_error(rest);
        case '$':
            return rest == "-1" ? "(nil)" : bytes(std::stoul(rest));
        case '*': {
            if (rest == "-1") {
                return "(nil)";
            }
            std::string all;
            for (std::size_t left = std::stoul(rest); left > 0; --left) {
                all += reply() + (left > 1 ? "\n" : "");
            }
            return all;
        }
        default:
            throw std::runtime_error("this is no reply of Redis: " + head);
    }
}

void plain_client::receive_more() {
    const std::string part = receive();
    if (part.empty()) {
        throw std::runtime_error("the connection ended before a reply");
    }
    received_ += part;
}

std::string plain_client::line() {
    std::size_t end = 0;
    while ((end = received_.find("\r\n")) == std::string::npos) {
        receive_more();
    }
    std::string text = received_.substr(0, end);
    received_.erase(0, end + 2);
    return text;
}

std::string plain_client::bytes(std::size_t count) {
    while (received_.size() < count + 2) {
        receive_more();
    }
    std::string text = received_.substr(0, count);
    received_.erase(0, count + 2);
    return text;
}

}  // namespace cloakroom::redis
