// SPDX-License-Identifier: MIT
// One open connection to a Redis server: bytes of commands go out, replies come in. Which reply is
// whose, and what happens when it breaks, is node's.
#pragma once

#include "redis/reply_reader.hpp"
#include "redis/transport.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace cloakroom::redis {

/// How to introduce oneself to a server.
struct login {
    std::string user{};  ///< Empty: the default user.
    std::string password{};
    unsigned database = 0;
    bool wants_master = false;  ///< Refuse a server that says it is a replica.
};

/// Used by one event loop.
class link : public std::enable_shared_from_this<link> {
public:
    link(boost::asio::any_io_executor executor, const server_address& to,
         const std::shared_ptr<boost::asio::ssl::context>& tls);

    /// Connects and logs in, and waits until the server answers.
    ///
    /// @param most_time  It breaks when that takes longer.
    /// @throws broken
    [[nodiscard]] task<void> open(std::chrono::milliseconds most_time, const login& as);

    /// Sends a command and takes the next reply. Not beside send() and next_reply(). @throws broken
    [[nodiscard]] task<reply> ask(std::string command);

    /// Sends, some time after all that was sent before.
    void send(std::string_view bytes);

    /// The next reply. @throws broken
    [[nodiscard]] task<reply> next_reply();

    /// As transport::abort().
    void abort() noexcept { transport_->abort(); }

    /// Why a connection is of no use, as a sentence for the operator.
    class broken;

private:
    task<void> log_in(login as);
    task<void> expect(std::string command, std::string_view what_for);
    static task<void> write_all(std::shared_ptr<link> self);

    boost::asio::any_io_executor executor_;
    server_address address_;
    std::unique_ptr<transport> transport_;
    reply_reader reader_;
    std::array<char, 16UL * 1024> input_{};
    std::string output_;   // to be sent
    std::string sending_;  // being sent
    bool is_writing_ = false;
};

class link::broken : public std::exception {
public:
    explicit broken(std::string why) : why_(std::move(why)) {}
    [[nodiscard]] const char* what() const noexcept override { return why_.c_str(); }

private:
    std::string why_;
};

}  // namespace cloakroom::redis
