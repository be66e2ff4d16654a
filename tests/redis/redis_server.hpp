// SPDX-License-Identifier: MIT
// A real Redis of the test's own, on 127.0.0.1, which can also fail: die, come back, stand still.
#pragma once

#include "child_process.hpp"
#include "temporary_directory.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cloakroom::redis {

struct redis_server_settings {
    bool append_only = false;  ///< Keeps what was acknowledged over kill() and start().
    std::string password{};    ///< Empty for none.
    std::string user{};        ///< When set: the one user, with that password; `default` is off.
    bool unix_socket = false;  ///< Listens on unix_path() alone: port() is 0.
    bool tls = false;          ///< port() talks TLS alone; clients need no certificate.
    bool cluster = false;      ///< A node alone, without slots. With them: ok after 2 s.
    bool sentinel = false;     ///< A sentinel; `extra` says what it watches.
    std::optional<std::uint16_t> replica_of{};  ///< Port of its master, with the same password.
    std::string extra{};                        ///< More lines of configuration; the last one wins.
};

/// A redis-server process with an empty database and a directory of its own. Not thread-safe.
///
/// DEBUG is allowed. The system kills the server when the thread that started it ends.
class redis_server {
public:
    /// Starts it and waits until it answers; not until a replica has its master's data.
    ///
    /// @throws std::runtime_error with its log when it does not answer within 20 s, and when Redis
    ///         is not installed.
    explicit redis_server(redis_server_settings settings = {});

    /// Kills it, paused or not, and removes its directory.
    ~redis_server() = default;
    redis_server(const redis_server&) = delete;
    redis_server& operator=(const redis_server&) = delete;

    /// The same over all starts.
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// Where the other nodes of a cluster reach it; 0 without one.
    [[nodiscard]] std::uint16_t cluster_port() const noexcept { return cluster_port_; }
    /// A socket file on which it always listens too, without TLS.
    [[nodiscard]] std::string unix_path() const { return directory_.path() / "redis.sock"; }
    /// The authority that has signed its certificate, as PEM, with `tls`.
    [[nodiscard]] std::string ca_file() const { return directory_.path() / "ca.pem"; }
    /// All that it has logged.
    [[nodiscard]] std::string log() const;

    /// Ends it in good order (SIGTERM). @throws std::runtime_error when it has not ended in 20 s.
    void stop();
    /// Ends it at once (SIGKILL). Without `append_only` what it stored is lost.
    void kill();
    /// Starts it again after stop() or kill(), on the same port, with what it has on disk.
    ///
    /// @throws std::runtime_error as the constructor does.
    void start();
    /// Makes it stand still (SIGSTOP): the system still accepts connections, nothing is answered.
    void pause();
    /// Lets it go on after pause(); what clients had sent is then run.
    void resume();

    /// Runs a command over a new connection to unix_path(), as `user` with `password`.
    ///
    /// @return The reply as text: "(nil)" for none, an array as its elements, a line feed between.
    /// @throws std::runtime_error with an error reply's text, or when there is no reply in 20 s.
    std::string command(const std::vector<std::string>& words) const;

private:
    void write_configuration() const;
    void wait_until_it_answers();
    [[nodiscard]] bool answers() const;

    temporary_directory directory_;  // outlives the process
    redis_server_settings settings_;
    std::uint16_t port_ = 0;
    std::uint16_t cluster_port_ = 0;
    std::optional<child_process> process_;  // none while it is down
};

}  // namespace cloakroom::redis
