// SPDX-License-Identifier: MIT
#include "slow_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>

#include <string_view>
#include <utility>

namespace cloakroom::load {
namespace asio = boost::asio;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

namespace {
constexpr std::chrono::milliseconds before_next_attempt{100};
constexpr asio::use_awaitable_t<asio::io_context::executor_type> awaiting;
}  // namespace

slow_connection::slow_connection(asio::io_context& io, const thread_share& share, tally& counts)
    : socket_(io.get_executor()),
      timer_(io),
      share_(share),
      counts_(counts),
      reader_(known_, share.wanted.keeps_cookies ? &cookies_ : nullptr) {}

void slow_connection::start() {
    asio::co_spawn(socket_.get_executor(), run(), asio::detached);
}

slow_connection::awaited<void> slow_connection::run() {
    for (;;) {
        const bool is_open = co_await connect();
        if (is_open) {
            co_await ask_until_closed();
        }
        error_code ignored;
        socket_.close(ignored);
        co_await wait(before_next_attempt);
    }
}

slow_connection::awaited<bool> slow_connection::connect() {
    error_code ec;
    socket_.open(share_.server.protocol(), ec);
    socket_.set_option(tcp::no_delay(true), ec);
    // So that the system does not read fast in our place.
    socket_.set_option(asio::socket_base::receive_buffer_size(1), ec);
    auto token = asio::redirect_error(awaiting, ec);
    co_await socket_.async_connect(share_.server, token);
    const time_point now = clock::now();
    if (ec) {
        counts_.failed(failure::connect, now);
    } else if (std::exchange(was_opened_, true)) {
        counts_.reopened(now);
    }
    co_return !ec;
}

slow_connection::awaited<void> slow_connection::ask_until_closed() {
    reader_.reset();
    for (bool goes_on = true; goes_on;) {
        const time_point start = clock::now();
        std::string text = share_.request.with(cookies_.field_value());
        // An answer may have come before the request was whole: why it was refused.
        static_cast<void>(co_await send(std::move(text)));
        const answer got = co_await receive();
        goes_on = count(got, start);
    }
}

// @return Whether the connection is good for another request.
bool slow_connection::count(answer got, time_point start) {
    const time_point now = clock::now();
    switch (got) {
        case answer::good:
            counts_.answered(start, now);
            return true;
        case answer::last_good:
            counts_.answered(start, now);
            return false;
        case answer::bad:
            counts_.failed(failure::status, now);
            return false;
        case answer::none:
            break;
    }
    counts_.failed(failure::closed, now);
    return false;
}

// @return False when the connection is gone.
slow_connection::awaited<bool> slow_connection::send(std::string text) {
    for (const char& byte : text) {
        error_code ec;
        auto token = asio::redirect_error(awaiting, ec);
        const auto one = asio::buffer(&byte, 1);
        co_await asio::async_write(socket_, one, token);
        if (ec) {
            co_return false;
        }
        co_await wait(pause);
    }
    co_return true;
}

slow_connection::awaited<slow_connection::answer> slow_connection::receive() {
    for (;;) {
        error_code ec;
        auto token = asio::redirect_error(awaiting, ec);
        const auto space = asio::buffer(input_);
        const std::size_t size = co_await socket_.async_read_some(space, token);
        std::string_view bytes(input_.data(), size);
        const auto outcome = ec ? reader_.end() : reader_.next(bytes);
        if (outcome == response_reader::outcome::complete) {
            const bool is_good = reader_.status() >= 200 && reader_.status() < 300;
            const answer fine = ec || reader_.closes() ? answer::last_good : answer::good;
            co_return is_good ? fine : answer::bad;
        }
        if (ec || outcome == response_reader::outcome::malformed) {
            co_return answer::none;
        }
        co_await wait(pause);
    }
}

slow_connection::awaited<void> slow_connection::wait(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    co_await timer_.async_wait(awaiting);
}

}  // namespace cloakroom::load
