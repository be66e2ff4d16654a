// SPDX-License-Identifier: MIT
// A connection that is slow on purpose: it sends its request a byte at a time, and reads the answer
// in small pieces. What it meets is counted apart.
#pragma once

#include "connection.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

namespace cloakroom::load {

/// Runs on one thread until its io_context ends; must not move meanwhile.
class slow_connection {
public:
    static constexpr std::chrono::milliseconds pause{10};  // after each byte, and each read
    static constexpr std::size_t piece_bytes = 64;         // of one read

    /// @param counts  Of the slow ones; latency counts from the first byte sent. Outlives this.
    slow_connection(boost::asio::io_context& io, const thread_share& share, tally& counts);
    slow_connection(const slow_connection&) = delete;
    slow_connection& operator=(const slow_connection&) = delete;

    void start();

private:
    using executor = boost::asio::io_context::executor_type;
    template <class Result>
    using awaited = boost::asio::awaitable<Result, executor>;

    enum class answer { good, bad, last_good, none };

    awaited<void> run();
    awaited<bool> connect();
    awaited<void> ask_until_closed();
    awaited<bool> send(std::string text);
    awaited<answer> receive();
    awaited<void> wait(std::chrono::milliseconds time);
    bool count(answer got, time_point start);

    stream socket_;
    boost::asio::steady_timer timer_;
    const thread_share& share_;
    tally& counts_;
    known_head known_;
    cookie_jar cookies_;
    response_reader reader_;
    std::array<char, piece_bytes> input_{};
    bool was_opened_ = false;
};

}  // namespace cloakroom::load
