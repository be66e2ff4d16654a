// SPDX-License-Identifier: MIT
#include "net/connection.hpp"

#include "net/event_loop.hpp"
#include "net/send_file.hpp"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <iterator>
#include <utility>

namespace cloakroom::net {
namespace {

using http1::next_step;
using namespace std::chrono_literals;

// How often a connection receives, or serves what it has received, before others get their turn.
constexpr unsigned steps_a_turn = 8;

// How long a connection is kept after the last response, so that the peer can read that before an
// unread request makes the system reset the connection. Source: RFC 9112 section 9.6.
constexpr std::chrono::milliseconds linger_time{2'000};

// How long an idle connection stays when the server drains: a request may be on its way, and is
// answered still.
constexpr std::chrono::milliseconds last_request_time{250};

// So that sums of times do not overflow.
constexpr std::chrono::milliseconds longest_time = std::chrono::hours{24 * 365};

// How much of a file goes out before others get their turn, where the peer takes all at once.
constexpr std::size_t file_bytes_a_turn = 4UL * 1024 * 1024;

ssize_t send_some(int socket, const http1::desk& at) noexcept {
    if (at.file_bytes != 0) {
        if (at.sent < at.output.size()) {
            return ::send(socket, at.output.data() + at.sent, at.output.size() - at.sent,
                          MSG_NOSIGNAL | MSG_MORE);
        }
        return send_file(socket, at.file, at.sent - at.output.size(), file_bytes_a_turn);
    }
    if (at.content.empty()) {
        return ::send(socket, at.output.data() + at.sent, at.output.size() - at.sent, MSG_NOSIGNAL);
    }
    const std::size_t of_output = std::min(at.sent, at.output.size());
    const std::size_t of_content = at.sent - of_output;
    // Its type is not const, for recvmsg.
    iovec pieces[]{
        {const_cast<char*>(at.output.data()) + of_output, at.output.size() - of_output},
        {const_cast<char*>(at.content.data()) + of_content, at.content.size() - of_content}};
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = std::size(pieces);
    return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

}  // namespace

connection::connection(event_loop& loop, int socket, const ip_address& remote) noexcept
    : loop_(loop), socket_(socket), remote_(remote) {}

connection::~connection() {
    if (desk_) {
        desk_->on.abandon();
    }
    if (socket_ >= 0) {
        ::close(socket_);
    }
}

void connection::on_ready(readiness now) noexcept {
    if (phase_ == phase::closed) {
        return;
    }
    if (phase_ == phase::lingering) {
        return discard_input();  // finds out what has become of it, with nothing left unread
    }
    if (now.has_failed) {
        close();
        return;
    }
    may_have_input_ = may_have_input_ || now.is_readable;
    peer_has_ended_ = peer_has_ended_ || now.has_ended;
    if (phase_ == phase::handler) {
        return now.is_writable ? send_before_handler() : void();
    }
    if (phase_ == phase::writing ? now.is_writable : may_have_input_) {
        go_on();
    }
}

void connection::go_on() noexcept {
    switch (phase_) {
        case phase::closed:
        case phase::handler:
            return;
        case phase::lingering:
            return discard_input();
        case phase::idle:
        case phase::head:
        case phase::body:
        case phase::writing:
            break;
    }
    if (phase_ != phase::writing && !must_advance_) {
        return loop_.gather(*this);
    }
    if (!begin_turn()) {
        return;
    }
    next_step step = next_step::flush;
    if (closes_when_sent_) {
        step = next_step::close;
    } else if (!std::exchange(must_advance_, false)) {
        step = read_step();
    }
    serve({step, send_output(), false});
    leave_desk();
}

bool connection::begin_turn() noexcept {
    assert(!desk_);
    if (!take_desk()) {
        close();
        return false;
    }
    try {
        conversation_.unpark(*desk_);
        return true;
    } catch (...) {  // out of memory
        close();
    }
    leave_desk();
    return false;
}

bool connection::receive_first() noexcept {
    try {
        if (receive_more(read_step(), false)) {
            return true;
        }
    } catch (...) {
        close();
    }
    leave_desk();
    return false;
}

void connection::respond(turn& now) noexcept {
    try {
        now.step = conversation_.advance(*desk_, loop_.conversations(), circumstances());
        now.has_answered = !desk_->output.empty();
        if (now.step == next_step::wait) {
            wait_for_handler();  // now: a handler of another connection may end it
        }
    } catch (...) {  // out of memory
        close();
    }
}

void connection::send(turn& now) noexcept {
    if (now.step == next_step::wait) {
        send_before_handler();
    } else if (phase_ != phase::closed) {
        now.output = send_output();
    }
}

void connection::end_turn(const turn& now) noexcept {
    if (now.step == next_step::wait) {
        return;  // the desk is the handler's, or was left after it
    }
    if (phase_ != phase::closed) {
        serve(now);
    }
    leave_desk();
}

// What there is to wait for: the rest of a body, or a head.
next_step connection::read_step() const noexcept {
    return desk_->at.head_bytes != 0 ? next_step::read_body : next_step::read_head;
}

// Returns false when there is no memory for one.
bool connection::take_desk() noexcept {
    desk_ = loop_.take_desk();
    return desk_ != nullptr;
}

// A suspended handler keeps it.
void connection::leave_desk() noexcept {
    if (!desk_->on.is_suspended()) {
        loop_.give_back(std::move(desk_));
    }
}

void connection::serve(turn now) noexcept {
    try {
        for (unsigned count = 0;; ++count) {
            if (!deliver(now)) {
                return;
            }
            const bool is_long =
                count == steps_a_turn || desk_->served >= http1::conversation::requests_a_turn;
            if (is_long && (now.step == next_step::flush || may_have_input_)) {
                must_advance_ = now.step == next_step::flush;
                loop_.revisit(*this);
                return rest(now.step, now.has_answered);
            }
            if (now.step != next_step::flush && !receive_more(now.step, now.has_answered)) {
                return;
            }
            now.step = conversation_.advance(*desk_, loop_.conversations(), circumstances());
            now.has_answered = now.has_answered || !desk_->output.empty();
            now.output = send_output();
        }
    } catch (...) {  // out of memory
        close();
    }
}

// Of the output what is unsent is kept. Returns whether the conversation goes on at once.
bool connection::deliver(const turn& now) {
    if (now.step == next_step::wait) {
        wait_for_handler();  // also where the peer is gone: the handler works at the desk
        if (now.output == sent::failed) {
            close();
        }
        return false;
    }
    if (now.output == sent::failed) {
        close();
        return false;
    }
    if (now.output == sent::some) {
        closes_when_sent_ = now.step == next_step::close;
        must_advance_ = now.step == next_step::flush;
        const std::size_t bytes = desk_->unsent();
        conversation_.park(*desk_, loop_.conversations());
        enter(phase::writing, now.has_answered, bytes);
        return false;
    }
    if (now.step == next_step::close) {
        conversation_.park(*desk_, loop_.conversations());
        linger();
        return false;
    }
    return true;
}

// Receives, or leaves the desk where there is nothing.
bool connection::receive_more(next_step step, bool has_answered) {
    if (may_have_input_ && receive()) {
        return true;
    }
    if (phase_ != phase::closed) {
        rest(step, has_answered);
    }
    return false;
}

connection::sent connection::send_output() noexcept {
    http1::desk& at = *desk_;
    std::size_t unsent = at.unsent();
    if (unsent == 0) {
        return sent::all;
    }
    const std::size_t most = at.sent + at.output.size() + file_bytes_a_turn;
    do {
        if (at.file_bytes != 0 && at.sent > most) {
            loop_.revisit(*this);
            return sent::some;
        }
        const ssize_t count = send_some(socket_, at);
        if (count >= 0) {
            at.sent += static_cast<std::size_t>(count);
            unsent -= static_cast<std::size_t>(count);
        } else if (errno != EINTR) {
            return errno == EAGAIN || errno == EWOULDBLOCK ? sent::some : sent::failed;
        }
    } while (unsent != 0);
    at.clear_output();
    return sent::all;
}

// Whether something came. Closes the connection where nothing will come any more.
bool connection::receive() noexcept {
    http1::desk& at = *desk_;
    const ssize_t count = ::recv(socket_, at.input.free_begin(), at.input.free_bytes(), 0);
    if (count > 0) {
        // Less than there was room for means that no more is there now; what comes later is
        // reported. The end of the stream is reported with the data before it.
        may_have_input_ =
            peer_has_ended_ || static_cast<std::size_t>(count) == at.input.free_bytes();
        at.input.added(static_cast<std::size_t>(count));
        return true;
    }
    if (count < 0 && errno == EINTR) {
        loop_.revisit(*this);
        return false;
    }
    may_have_input_ = false;
    if (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
        close();
    }
    return false;
}

// Responses to the requests before that of a suspended handler need not wait for it.
void connection::send_before_handler() noexcept {
    if (phase_ == phase::handler && send_output() == sent::failed) {
        close();
    }
}

void connection::wait_for_handler() noexcept {
    phase_ = phase::handler;
    loop_.clear_deadline(*this);
    desk_->on.when_done([](void* owner) { static_cast<connection*>(owner)->answered(); }, this);
}

void connection::answered() noexcept {
    if (phase_ == phase::closed) {
        loop_.give_back(std::move(desk_));
        loop_.remove_connection(*this);
        return;
    }
    phase_ = phase::body;  // whatever comes next counts from here
    try {
        const next_step step =
            conversation_.answered(*desk_, loop_.conversations(), circumstances());
        serve({step, send_output(), true});
    } catch (...) {
        close();
    }
    leave_desk();
}

// Leaves the desk, until there is more to receive.
void connection::rest(next_step step, bool has_answered) {
    const http1::progress& message = desk_->at;
    const std::uint64_t body_bytes = message.body_framing == http1::progress::framing::length
                                         ? message.content_length
                                         : desk_->body_limit;
    conversation_.park(*desk_, loop_.conversations());
    if (!conversation_.is_parked()) {
        return enter(phase::idle, has_answered);
    }
    if (step == next_step::read_body) {
        return enter(phase::body, has_answered, body_bytes);
    }
    enter(phase::head, has_answered);
}

// `expected_bytes`: of a body or of the output, for which the peer has time at the least rate.
void connection::enter(phase to, bool is_anew, std::uint64_t expected_bytes) noexcept {
    if (phase_ == to && !is_anew) {
        return;  // the deadline is for the whole of it
    }
    phase_ = to;
    const limits& limit = loop_.limits();
    const auto transfer_time = [&](std::chrono::milliseconds base) {
        const std::uint64_t seconds = expected_bytes / limit.bytes_a_second;
        return std::min(base, longest_time) +
               std::chrono::seconds{std::min<std::uint64_t>(seconds, longest_time / 1s)};
    };
    switch (to) {
        case phase::idle:
            return loop_.set_deadline(*this,
                                      loop_.is_draining() ? last_request_time : limit.idle_time);
        case phase::head:
            return loop_.set_deadline(*this, limit.header_time);
        case phase::body:
            return loop_.set_deadline(*this, transfer_time(limit.body_time));
        case phase::writing:
            return loop_.set_deadline(*this, transfer_time(limit.write_time));
        case phase::lingering:
            return loop_.set_deadline(*this, linger_time);
        case phase::handler:
        case phase::closed:
            return loop_.clear_deadline(*this);
    }
}

void connection::on_deadline() noexcept {
    if (phase_ != phase::head && phase_ != phase::body) {
        return close();
    }
    if (!begin_turn()) {
        return;
    }
    try {
        conversation_.time_out(*desk_, loop_.conversations(), circumstances());
        serve({next_step::close, send_output(), true});
    } catch (...) {
        close();
    }
    leave_desk();
}

void connection::linger() noexcept {
    if (::shutdown(socket_, SHUT_WR) != 0) {
        return close();
    }
    enter(phase::lingering, true);
    discard_input();
}

void connection::discard_input() noexcept {
    char scratch[4096];
    for (unsigned count = 0; count < steps_a_turn; ++count) {
        const ssize_t got = ::recv(socket_, scratch, sizeof scratch, 0);
        if (got == 0) {
            return close();
        }
        if (got < 0) {
            const bool is_empty = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
            return is_empty ? void() : close();
        }
    }
    loop_.revisit(*this);
}

void connection::drain() noexcept {
    if (phase_ == phase::idle) {
        loop_.set_deadline(*this, last_request_time);
    }
}

void connection::close() noexcept {
    if (phase_ == phase::closed) {
        return;
    }
    const bool is_handler_running = phase_ == phase::handler;
    if (phase_ ==
        phase::writing) {  // cut short: the peer gets a reset, the system forgets the rest
        const ::linger at_once{1, 0};
        static_cast<void>(::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
    }
    phase_ = phase::closed;
    loop_.clear_deadline(*this);
    ::close(std::exchange(socket_, -1));
    if (!is_handler_running) {
        loop_.remove_connection(*this);
    }
}

http1::conversation::circumstances connection::circumstances() const noexcept {
    return {loop_.date(), loop_.is_draining(), remote_};
}

}  // namespace cloakroom::net
