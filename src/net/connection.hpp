// SPDX-License-Identifier: MIT
// One accepted socket: receives, has the conversation answer, sends, and keeps the deadlines.
#pragma once

#include "http1/conversation.hpp"
#include "net/poller.hpp"
#include "net/timer_wheel.hpp"
#include "net/visit_queue.hpp"
#include <cloakroom/request.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace cloakroom::net {

class event_loop;

/// A connection. While idle it is this object and nothing more. It belongs to its event loop, which
/// deletes it after close() once no handler needs it.
class connection final : public pollable, public timer_entry, public queued {
public:
    /// How much of the output.
    enum class sent : std::uint8_t { all, some, failed };

    /// REQUIRES: `socket` is connected and does not block.
    connection(event_loop& loop, int socket, const ip_address& remote) noexcept;
    ~connection();

    void on_ready(readiness now) noexcept override;
    void on_deadline() noexcept override;

    /// Goes on where the last turn ended because it was long.
    void go_on() noexcept;

    /// What a turn has come to.
    struct turn {
        http1::next_step step = http1::next_step::close;
        sent output = sent::failed;
        bool has_answered = false;  ///< The output is of responses whose deadline has not begun.
    };

    /// The stages of a turn, which the event loop has for all that were gathered, in this order. Where
    /// one of the first two returns false the turn is over. Flat are those that call the system: after
    /// that a processor mispredicts each return, so there should be few.
    [[nodiscard]] bool begin_turn() noexcept;
    [[nodiscard, gnu::flatten]] bool receive_first() noexcept;
    void respond(turn& now) noexcept;
    [[gnu::flatten]] void send(turn& now) noexcept;
    void end_turn(const turn& now) noexcept;

    /// The server drains: the request that is under way, or comes soon, is the last.
    void drain() noexcept;

    /// Closes the socket. A handler that runs goes on, and its response is dropped.
    void close() noexcept;

private:
    friend class event_loop;

    enum class phase : std::uint8_t { idle, head, body, handler, writing, lingering, closed };

    [[nodiscard]] bool take_desk() noexcept;
    void leave_desk() noexcept;
    void serve(turn now) noexcept;
    [[nodiscard]] bool deliver(const turn& now);
    [[nodiscard]] bool receive_more(http1::next_step step, bool has_answered);
    [[nodiscard]] http1::next_step read_step() const noexcept;
    [[nodiscard]] sent send_output() noexcept;
    [[nodiscard]] bool receive() noexcept;
    void wait_for_handler() noexcept;
    void send_before_handler() noexcept;
    void answered() noexcept;
    void rest(http1::next_step step, bool has_answered);
    void enter(phase to, bool is_anew, std::uint64_t expected_bytes = 0) noexcept;
    void linger() noexcept;
    void discard_input() noexcept;
    [[nodiscard]] http1::conversation::circumstances circumstances() const noexcept;

    event_loop& loop_;
    connection* previous_ = nullptr;  // in the event loop's list
    connection* next_ = nullptr;
    http1::conversation conversation_;
    std::shared_ptr<http1::desk> desk_;  // in a turn, and while a handler is suspended
    int socket_;
    ip_address remote_;
    phase phase_ = phase::idle;
    bool may_have_input_ = false;
    bool peer_has_ended_ = false;
    bool closes_when_sent_ = false;
    bool must_advance_ = false;  // requests wait that were not served because of unsent output
};

}  // namespace cloakroom::net
