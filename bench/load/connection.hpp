// SPDX-License-Identifier: MIT
// One connection of the load: opens, sends what its pacing asks for, times the answers, and opens
// again after a failure. When to send is not decided here.
#pragma once

#include "cookie_jar.hpp"
#include "pending_requests.hpp"
#include "plan.hpp"
#include "request_text.hpp"
#include "response_reader.hpp"
#include "tally.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cloakroom::load {

using tcp = boost::asio::ip::tcp;

/// Without the type erasure of tcp::socket: it is called for each request.
using stream = boost::asio::basic_stream_socket<tcp, boost::asio::io_context::executor_type>;

class connection;

/// Decides when a connection sends.
class pacing {
public:
    virtual ~pacing() = default;

    /// The connection has come to be open, or has got answers.
    virtual void on_room(connection& peer, time_point now) = 0;

    /// Whether the connection is to send anything yet.
    [[nodiscard]] virtual bool has_work(const connection& peer, time_point now) const = 0;
};

/// What the connections of a thread share. Outlives them.
struct thread_share {
    const plan& wanted;
    const request_text& request;
    const std::string plain_request;  ///< Without cookies.
    const tcp::endpoint server;
    pacing* when = nullptr;  ///< None while the connections are being opened.
    std::size_t opening = 0;
    boost::system::error_code connect_error{};  ///< The last one.
    tally counts{};
    known_head known{};
    std::array<char, 64UL * 1024> received{};
};

/// Lives on one thread. Must not move, and outlives the run of its io_context.
class connection {
public:
    connection(boost::asio::io_context& io, thread_share& share, std::size_t index);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void open(time_point now);

    /// Whether a request can be sent now: open, not as many on their way as may be pipelined, and
    /// all earlier ones written.
    [[nodiscard]] bool has_room() const noexcept {
        return state_ == state::open && unsent_.empty() && !pending_.is_full();
    }
    [[nodiscard]] bool is_open() const noexcept { return state_ == state::open; }
    [[nodiscard]] bool is_idle() const noexcept { return pending_.is_empty(); }
    [[nodiscard]] std::size_t unanswered() const noexcept { return pending_.size(); }
    [[nodiscard]] std::size_t index() const noexcept { return index_; }

    /// Adds a request to those that flush() sends. REQUIRES: has_room().
    ///
    /// @param start  From when its answer is waited for.
    void ask(time_point start, time_point now) {
        pending_.push({start, now});
        ++asked_;
    }

    /// Sends what was asked for in one write.
    void flush();

    /// Gives up what takes longer than the timeout, and opens what is closed and has work.
    void check(time_point now);

    /// Ends the connection as a client does that has had enough.
    void close() noexcept;

private:
    enum class state { closed, opening, open };

    void on_connected(const boost::system::error_code& ec);
    void read();
    void on_received(const boost::system::error_code& ec, std::size_t count);
    bool receive_rest(time_point now);
    bool take(std::string_view bytes, time_point now);
    bool on_response(time_point now);
    void on_end(time_point now);
    void send_rest();
    void drop(failure lost, time_point now);
    void end_socket() noexcept;
    std::string_view text();

    stream socket_;
    thread_share& share_;
    const std::size_t index_;
    state state_ = state::closed;
    std::uint32_t life_ = 0;  // so that what an earlier socket still reports is known as such
    bool was_answered_ = false;
    bool was_opened_ = false;  // ever
    time_point opening_since_{};
    pending_requests pending_;
    std::size_t asked_ = 0;    // pushed to pending_, not written yet
    std::string_view unsent_;  // of own_request_, batch_, or the plain request
    std::string batch_;
    std::string own_request_;  // with cookies; empty without
    cookie_jar cookies_;
    response_reader reader_;
    std::array<char, 4096> input_;
};

}  // namespace cloakroom::load
