// SPDX-License-Identifier: MIT
// A blocking HTTP client on a real socket, which can also misbehave: send by pieces, stop reading,
// end half a connection, reset it.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace cloakroom::net {

/// Bytes, of a client that reads slowly: what is on the way is soon more.
inline constexpr int small_buffer = 16 * 1024;

/// A response as it came.
struct socket_reply {
    unsigned status = 0;
    std::string head;  ///< Status line and fields, without the blank line.
    std::string body;

    [[nodiscard]] bool has(std::string_view text) const {
        return head.find(text) != std::string::npos;
    }
};

/// One connection to 127.0.0.1. Every wait is bounded: it throws when nothing comes.
class socket_client {
public:
    static constexpr std::chrono::seconds longest_wait{30};
    static constexpr std::size_t most_received = 256UL * 1024;  ///< At once.

    /// @param receive_bytes  Bound on what the system receives unread; 0 leaves it to the system.
    /// @throws std::system_error when the connection is refused.
    explicit socket_client(std::uint16_t port, int receive_bytes = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (receive_bytes != 0) {
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
        }
        const timeval wait{longest_wait.count(), 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            const int error = errno;
            ::close(socket_);
            throw std::system_error(error, std::system_category(), "connect");
        }
    }

    socket_client(socket_client&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)),
          received_(std::move(other.received_)),
          receive_count_(other.receive_count_),
          was_reset_(other.was_reset_) {}
    socket_client& operator=(socket_client&&) = delete;
    ~socket_client() { close(); }

    /// Sends all of it.
    ///
    /// @return False when the connection is gone.
    bool try_send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    void send(std::string_view bytes) {
        if (!try_send(bytes)) {
            throw std::system_error(errno, std::system_category(), "send");
        }
    }

    /// Sends what the system takes at once. @return How many bytes.
    std::size_t send_some(std::string_view bytes) {
        const ssize_t count =
            ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return count < 0 ? 0 : static_cast<std::size_t>(count);
    }

    /// What one receive gives; empty at the end of the stream, be it clean or a reset.
    std::string receive(std::size_t most = most_received) {
        // One for all: where sanitizers watch, to allocate so much costs more than to receive it.
        thread_local std::array<char, most_received> bytes;
        const ssize_t count = ::recv(socket_, bytes.data(), std::min(most, bytes.size()), 0);
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            throw std::runtime_error("nothing was received for a long time");
        }
        ++receive_count_;
        was_reset_ = was_reset_ || count < 0;
        return {bytes.data(), count < 0 ? 0 : static_cast<std::size_t>(count)};
    }

    /// How often receive() was called, be it by the functions below.
    [[nodiscard]] unsigned receive_count() const noexcept { return receive_count_; }

    /// Whether the end that was received was no clean one.
    [[nodiscard]] bool was_reset() const noexcept { return was_reset_; }

    /// The next response; none when the connection ended before its first byte.
    ///
    /// @param has_body  False for the answer to HEAD.
    /// @throws std::runtime_error when it ended within the response.
    std::optional<socket_reply> try_reply(bool has_body = true) {
        const std::optional<std::size_t> end = receive_head();
        if (!end) {
            return std::nullopt;
        }
        socket_reply reply;
        reply.head = received_.substr(0, *end);
        reply.status = static_cast<unsigned>(std::atoi(reply.head.c_str() + 9));
        received_.erase(0, *end + 4);
        const std::size_t length = reply.head.find("\r\nContent-Length: ");
        if (has_body && length != std::string::npos) {
            const std::size_t bytes = std::stoul(reply.head.substr(length + 18));
            while (received_.size() < bytes) {
                if (!receive_more()) {
                    throw std::runtime_error("the connection ended within a body");
                }
            }
            reply.body = received_.substr(0, bytes);
            received_.erase(0, bytes);
        }
        return reply;
    }

    socket_reply reply(bool has_body = true) {
        std::optional<socket_reply> next = try_reply(has_body);
        if (!next) {
            throw std::runtime_error("the connection ended before a response");
        }
        return std::move(*next);
    }

    socket_reply get(std::string_view target, std::string_view fields = {}) {
        send("GET " + std::string{target} + " HTTP/1.1\r\nHost: test\r\n" + std::string{fields} +
             "\r\n");
        return reply();
    }

    /// All that comes until the connection ends.
    std::string read_to_end() {
        while (receive_more()) {}
        return std::exchange(received_, {});
    }

    /// Waits for the end of the connection. @return Whether nothing came before it.
    bool has_ended() { return read_to_end().empty(); }

    /// Waits until there is something to receive, or the end.
    [[nodiscard]] bool is_readable(std::chrono::milliseconds within) const {
        pollfd one{socket_, POLLIN, 0};
        return ::poll(&one, 1, static_cast<int>(within.count())) > 0;
    }

    /// Whether more can be sent, now or within that time; false when the connection is gone.
    [[nodiscard]] bool is_writable(std::chrono::milliseconds within) const {
        pollfd one{socket_, POLLOUT, 0};
        return ::poll(&one, 1, static_cast<int>(within.count())) > 0 &&
               (one.revents & (POLLERR | POLLHUP)) == 0;
    }

    /// Ends this side: the server sees the end of the stream.
    void end_sending() { ::shutdown(socket_, SHUT_WR); }

    /// Closes with a reset (RST).
    void reset() {
        const linger at_once{1, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close();
    }

    void close() {
        if (socket_ >= 0) {
            ::close(std::exchange(socket_, -1));
        }
    }

private:
    bool receive_more() {
        const std::string more = receive();
        received_ += more;
        return !more.empty();
    }

    std::optional<std::size_t> receive_head() {
        while (true) {
            const std::size_t end = received_.find("\r\n\r\n");
            if (end != std::string::npos) {
                return end;
            }
            if (!receive_more()) {
                if (received_.empty()) {
                    return std::nullopt;
                }
                throw std::runtime_error("the connection ended within a head");
            }
        }
    }

    int socket_;
    std::string received_;
    unsigned receive_count_ = 0;
    bool was_reset_ = false;
};

}  // namespace cloakroom::net
