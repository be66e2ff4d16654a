// SPDX-License-Identifier: MIT
// What the server accepts from a peer, and for how long it waits.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace cloakroom {

/// Every limit of a connection, with the status that answers what crosses it. Times are totals: one
/// byte a second does not extend them.
struct limits {
    std::size_t header_bytes = 16 * 1024;  ///< Request line and fields together: 431.
    std::size_t header_count = 100;        ///< Fields: 431.
    std::size_t target_bytes = 8 * 1024;   ///< Request target: 414.
    std::size_t body_bytes = 1024 * 1024;  ///< Content, settable by route: 413.
    std::size_t trailer_bytes = 8 * 1024;  ///< Trailer section of a chunked body: 431.
    std::size_t connections = 10'000;      ///< Open at once, by thread; more wait to be accepted.
    /// Held at once, by thread, of unfinished requests and of responses that are being sent: what
    /// would take more, and is larger than 4 KiB, gets 503.
    std::size_t held_bytes = 256 * 1024 * 1024;
    std::uint32_t log_lines = 100;  ///< A second, on requests that fail; more are counted.

    /// From a request's first byte to the end of its head: 408.
    std::chrono::milliseconds header_time{10'000};
    /// From the end of the head to the end of the body, beside the time that the body's length (or
    /// its limit, where it has none) takes at `bytes_a_second`: 408.
    std::chrono::milliseconds body_time{30'000};
    /// Between two requests: the connection is closed.
    std::chrono::milliseconds idle_time{75'000};
    /// For the peer to take what is being sent, beside the time that it takes at `bytes_a_second`:
    /// the connection is reset.
    std::chrono::milliseconds write_time{30'000};

    /// The least rate at which a long body or response must get on.
    std::size_t bytes_a_second = 16 * 1024;
};

}  // namespace cloakroom
