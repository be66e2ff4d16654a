// SPDX-License-Identifier: MIT
// One connection's requests and responses as bytes: what came is parsed, served and answered in
// order. No sockets, no clock; the owner moves the bytes.
#pragma once

#include "http1/desk.hpp"
#include "http1/service.hpp"
#include "http1/share.hpp"
#include <cloakroom/limits.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cloakroom::http1 {

/// What the owner of a conversation does next. In every case it first sends the desk's output.
enum class next_step : std::uint8_t {
    read_head,  ///< Receive more: no request has begun, or its head is incomplete.
    read_body,  ///< Receive more: a head is complete, its body is not.
    flush,      ///< Send all output, then advance() again: there may be more requests.
    wait,       ///< A handler is suspended: keep the desk until it is done, then answered().
    close,      ///< Close the connection when the output is sent.
};

/// The state of a connection between its reads. Holds memory only while a message or a response is
/// incomplete.
class conversation {
public:
    /// After so many requests on a desk the owner turns to other connections.
    static constexpr unsigned requests_a_turn = 256;

    /// What every conversation of an event loop shares. Used by one thread.
    struct setting {
        service& app;
        const cloakroom::limits& limits;
        mutable request_parser parser{limits};
        mutable std::size_t held_bytes = 0;  ///< By all of them: `limits::held_bytes`.
    };

    /// What holds for one call.
    struct circumstances {
        std::string_view date;    ///< An IMF-fixdate.
        bool is_closing = false;  ///< The server drains: no request after this one.
        // Copied for each request, so in one line of the processor's cache.
        alignas(16) ip_address remote = {};
    };

    /// Parses and serves what lies in the desk's input.
    [[nodiscard]] next_step advance(desk& at, const setting& shared, const circumstances& now);

    /// The suspended exchange of the desk has its response: writes it. advance() comes next unless
    /// the result is close.
    [[nodiscard]] next_step answered(desk& at, const setting& shared, const circumstances& now);

    /// Writes an error response for a request that took too long. The connection closes after it.
    void time_out(desk& at, const setting& shared, const circumstances& now);

    /// Takes what is unfinished off the desk, which is empty after that.
    void park(desk& at, const setting& shared);

    /// Puts it back on a desk. REQUIRES: the desk is empty.
    void unpark(desk& at);

    /// Whether park() left anything behind.
    [[nodiscard]] bool is_parked() const noexcept { return parked_ != nullptr; }

    /// Whether the next byte would begin a request.
    [[nodiscard]] bool is_between_requests(const desk* at) const noexcept;

private:
    struct parked_work {
        explicit parked_work(std::size_t& held_bytes) noexcept : held(held_bytes) {}

        share held;
        receive_buffer input;
        std::string output;
        open_file file{};
        std::size_t file_bytes = 0;
        std::size_t sent = 0;
        progress at;
        std::size_t body_limit = 0;
    };

    [[nodiscard]] bool may_hold(const desk& at, const setting& shared) const noexcept;
    void hold_input(const desk& at, const setting& shared);
    static void read_head_again(desk& at, const setting& shared);
    [[nodiscard]] parse_result read_request(desk& at, const setting& shared, refusal& why);
    [[nodiscard]] next_step refuse(desk& at, const setting& shared, const circumstances& now,
                                   const refusal& why);
    [[nodiscard]] next_step refuse_unfinished(desk& at, const setting& shared,
                                              const circumstances& now, const refusal& why);
    [[nodiscard]] static bool finish(desk& at, const circumstances& now);
    [[nodiscard]] static bool write(desk& at, const circumstances& now, bool keeps_alive);
    [[nodiscard]] static bool write_file(desk& at);

    std::unique_ptr<parked_work> parked_;
};

}  // namespace cloakroom::http1
