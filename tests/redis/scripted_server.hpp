// SPDX-License-Identifier: MIT
// A server that reads commands as Redis does and answers what a test says. It stores nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::redis {

/// An answer that closes the connection, also at the end of another: then after that one.
inline constexpr std::string_view hang_up{"\0hang up\0", 9};

/// Listens on a port of 127.0.0.1, on a thread of its own.
class scripted_server {
public:
    using words = std::vector<std::string>;

    /// Gives the bytes with which a command is answered, such as "-LOADING\r\n"; none for silence.
    /// Runs on the server's thread, one command at a time; what it throws closes the connection.
    using script = std::function<std::string(const words& command)>;

    /// @throws boost::system::system_error when there is no port.
    explicit scripted_server(script answer);
    /// Closes all connections.
    ~scripted_server();
    scripted_server(const scripted_server&) = delete;
    scripted_server& operator=(const scripted_server&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;

    /// The commands so far, over all connections, in the order of their coming. Thread-safe.
    [[nodiscard]] std::vector<words> commands() const;

    /// How many connections it has accepted. Thread-safe.
    [[nodiscard]] std::size_t connections() const noexcept;

private:
    class listener;
    class connection;
    std::unique_ptr<listener> listener_;
};

}  // namespace cloakroom::redis
