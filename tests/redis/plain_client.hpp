// SPDX-License-Identifier: MIT
// A blocking client on its own socket, for what a test looks at from outside. It has nothing in
// common with the store's connections.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::redis {

/// A command as Redis reads it: an array of bulk strings.
std::string encoded_command(const std::vector<std::string>& words);

/// One connection. Every wait is bounded: it throws when nothing comes.
class plain_client {
public:
    static constexpr std::chrono::seconds longest_wait{20};

    /// Connects to 127.0.0.1. @throws std::system_error when that is refused.
    explicit plain_client(std::uint16_t port);
    /// Connects to a socket file. @throws std::system_error when that is refused.
    explicit plain_client(const std::filesystem::path& socket_file);
    plain_client(const plain_client&) = delete;
    plain_client& operator=(const plain_client&) = delete;
    ~plain_client();

    /// Sends all of it. @return False when the connection is gone.
    bool send(std::string_view bytes);

    /// What one receive gives; empty at the end of the stream, be it clean or a reset.
    std::string receive();

    /// All that comes until the connection ends.
    std::string read_to_end();

    /// Whether the end that was received was a reset (RST).
    [[nodiscard]] bool was_reset() const noexcept { return was_reset_; }

    /// Waits until there is something to receive, or the end.
    [[nodiscard]] bool is_readable(std::chrono::milliseconds within) const;

    /// Runs a command.
    ///
    /// @return The reply as text: "(nil)" for none, an array as its elements, a line feed between.
    /// @throws std::runtime_error with an error reply's text, or when the connection ends.
    std::string command(const std::vector<std::string>& words);

    /// The next reply, as command() gives it.
    std::string reply();

private:
    void connect(int family, const void* address, std::size_t address_bytes);
    void receive_more();
    std::string line();
    std::string bytes(std::size_t count);

    int socket_ = -1;
    bool was_reset_ = false;
    std::string received_;
};

}  // namespace cloakroom::redis
