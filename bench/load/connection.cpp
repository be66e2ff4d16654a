// SPDX-License-Identifier: MIT
#include "connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>

namespace cloakroom::load {
namespace asio = boost::asio;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

connection::connection(asio::io_context& io, thread_share& share, std::size_t index)
    : socket_(io.get_executor()),
      share_(share),
      index_(index),
      pending_(share.wanted.pipeline),
      reader_(share.known, share.wanted.keeps_cookies ? &cookies_ : nullptr) {}

void connection::open(time_point now) {
    error_code ec;
    socket_.open(share_.server.protocol(), ec);
    socket_.set_option(tcp::no_delay(true), ec);
    socket_.non_blocking(true, ec);  // whatever fails here makes the connect below fail
    state_ = state::opening;
    opening_since_ = now;
    was_answered_ = false;
    ++share_.opening;
    if (was_opened_) {
        share_.counts.reopened(now);
    }
    socket_.async_connect(share_.server, [this, life = ++life_](const error_code& failed) {
        if (life == life_) {
            on_connected(failed);
        }
    });
}

void connection::on_connected(const error_code& ec) {
    --share_.opening;
    const time_point now = clock::now();
    if (ec) {
        share_.connect_error = ec;
        share_.counts.failed(failure::connect, now);
        end_socket();
        return;
    }
    state_ = state::open;
    was_opened_ = true;
    read();
    if (share_.when != nullptr) {
        share_.when->on_room(*this, now);
    }
}

void connection::read() {
    socket_.async_read_some(asio::buffer(input_),
                            [this, life = life_](const error_code& ec, std::size_t count) {
                                if (life == life_) {
                                    on_received(ec, count);
                                }
                            });
}

void connection::on_received(const error_code& ec, std::size_t count) {
    const time_point now = clock::now();
    if (ec) {
        on_end(now);
        return;
    }
    if (!take({input_.data(), count}, now) || (count == input_.size() && !receive_rest(now))) {
        return;
    }
    if (share_.when != nullptr) {
        share_.when->on_room(*this, now);
    }
    read();
}

// A full buffer says that there may be more. @return False when the connection is closed.
bool connection::receive_rest(time_point now) {
    for (std::size_t count = share_.received.size(); count == share_.received.size();) {
        error_code ec;
        count = socket_.read_some(asio::buffer(share_.received), ec);
        if (ec == asio::error::would_block) {
            return true;
        }
        if (ec) {
            on_end(now);
            return false;
        }
        if (!take({share_.received.data(), count}, now)) {
            return false;
        }
    }
    return true;
}

// @return False when the connection is closed.
bool connection::take(std::string_view bytes, time_point now) {
    while (!bytes.empty()) {
        switch (reader_.next(bytes)) {
            case response_reader::outcome::incomplete:
                break;
            case response_reader::outcome::malformed:
                drop(failure::framing, now);
                return false;
            case response_reader::outcome::complete:
                if (!on_response(now)) {
                    return false;
                }
                break;
        }
    }
    return true;
}

bool connection::on_response(time_point now) {
    if (pending_.is_empty()) {  // nobody has asked; a server may say so why it hangs up
        drop(reader_.closes() ? failure::closed : failure::framing, now);
        return false;
    }
    const int status = reader_.status();
    if (status >= 200 && status < 300) {
        share_.counts.answered(pending_.front().start, now);
    } else {
        share_.counts.failed(failure::status, now);
    }
    pending_.pop();
    was_answered_ = true;
    if (unsent_.empty() && reader_.take_cookie_change()) {
        own_request_ = share_.request.with(cookies_.field_value());
    }
    if (reader_.closes()) {
        drop(failure::closed, now);
        return false;
    }
    return true;
}

void connection::on_end(time_point now) {
    if (reader_.end() == response_reader::outcome::complete && !pending_.is_empty()) {
        static_cast<void>(on_response(now));  // which closes, as such a response does
    } else {
        drop(failure::closed, now);
    }
}

void connection::flush() {
    if (asked_ == 1) {
        unsent_ = text();
    } else {
        batch_.clear();
        for (std::size_t i = 0; i < asked_; ++i) {
            batch_ += text();
        }
        unsent_ = batch_;
    }
    asked_ = 0;
    send_rest();
}

// An error shows up again when the connection is read.
void connection::send_rest() {
    if (unsent_.empty()) {
        return;
    }
    error_code ec;
    unsent_.remove_prefix(socket_.write_some(asio::buffer(unsent_.data(), unsent_.size()), ec));
    if (unsent_.empty()) {
        return;
    }
    socket_.async_wait(stream::wait_write, [this, life = life_](const error_code& failed) {
        if (life != life_ || failed) {
            return;
        }
        send_rest();
        if (unsent_.empty() && share_.when != nullptr) {
            share_.when->on_room(*this, clock::now());
        }
    });
}

std::string_view connection::text() {
    return own_request_.empty() ? share_.plain_request : own_request_;
}

void connection::check(time_point now) {
    const auto timeout = share_.wanted.timeout;
    if (state_ == state::opening && now - opening_since_ > timeout) {
        --share_.opening;
        share_.connect_error = asio::error::timed_out;
        share_.counts.failed(failure::connect, now);
        end_socket();
    }
    if (!pending_.is_empty() && now - pending_.front().sent > timeout) {
        drop(failure::timeout, now);
    }
    if (state_ == state::closed && share_.when != nullptr && share_.when->has_work(*this, now)) {
        open(now);
    }
}

// All that was asked for is lost: the oldest request in the way that is said, those behind it in
// the same way after a timeout, and else because the connection has ended.
void connection::drop(failure lost, time_point now) {
    if (lost == failure::framing) {
        share_.counts.failed(failure::framing, now);
        if (!pending_.is_empty()) {
            pending_.pop();
        }
        lost = failure::closed;
    }
    share_.counts.failed(lost, now, pending_.size());
    pending_.clear();
    // With a reset, so that no port is left waiting where thousands are opened a second.
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    end_socket();
    // Without an answer it is opened by check(), and not as fast as a server can refuse.
    if (was_answered_ && share_.when != nullptr && share_.when->has_work(*this, now)) {
        open(now);
    }
}

void connection::end_socket() noexcept {
    error_code ignored;
    socket_.close(ignored);
    ++life_;
    state_ = state::closed;
    asked_ = 0;
    unsent_ = {};
    reader_.reset();
}

void connection::close() noexcept {
    end_socket();
    pending_.clear();
}

}  // namespace cloakroom::load
