// SPDX-License-Identifier: MIT
// What the faulty proxy does with the bytes that pass it. No I/O here.
#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <string>

namespace cloakroom::redis {

/// The state of the switches. One thread.
class proxy_faults {
public:
    enum class mode { passing, cutting, refusing, black_hole };

    /// What becomes of the bytes just read, and of their connection.
    enum class verdict {
        forward,
        drop,
        end,     ///< Forward them, then close this connection.
        end_all  ///< Drop them, and close all connections.
    };

    mode now = mode::passing;
    std::chrono::milliseconds delay_to_server{0};
    std::chrono::milliseconds delay_to_client{0};

    void lose_answers_after(std::size_t chunks);
    void truncate_answers(std::size_t bytes);
    void garble_answers(std::string bytes);

    /// No one-shot fault is left.
    void disarm();

    /// @param connection  Any address that names it.
    verdict on_command(const void* connection);

    /// @param bytes  What to forward, changed in place.
    verdict on_answer(const void* connection, std::string& bytes);

    /// The connection is closed: its answers are no longer waited for.
    void forget(const void* connection) { unanswered_.erase(connection); }

private:
    enum class shot { none, lose, truncate, garble };

    shot shot_ = shot::none;
    std::size_t left_ = 0;  // chunks for lose, bytes for truncate
    std::string garbage_;
    std::set<const void*> unanswered_;  // connections whose commands were counted
};

}  // namespace cloakroom::redis
