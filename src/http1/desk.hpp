// SPDX-License-Identifier: MIT
// What it takes to work on requests: buffers and an exchange. An event loop lends its desk to the
// connection that has something to do; an idle connection has none.
#pragma once

#include "http1/receive_buffer.hpp"
#include "http1/request_parser.hpp"
#include <cloakroom/exchange.hpp>

#include <cstddef>
#include <string>

namespace cloakroom::http1 {

/// The room one connection works in. Stays at one address: requests view into it.
struct desk {
    /// The size of an empty desk's receive buffer.
    static constexpr std::size_t input_bytes = 32UL * 1024;

    /// What is kept of the room that a large response took.
    static constexpr std::size_t kept_output_bytes = 256UL * 1024;

    explicit desk(execution where) : input(input_bytes), on(where) {}

    /// Makes it fit for the next connection, whatever the last one left.
    void clear() {
        if (input.capacity() != input_bytes) {
            input = receive_buffer(input_bytes);
        }
        input.clear();
        clear_output();
        at = {};
    }

    /// All output is sent, or dropped.
    void clear_output() noexcept {
        if (output.capacity() > kept_output_bytes) {
            std::string{}.swap(output);
        }
        output.clear();
        sent = 0;
    }

    receive_buffer input;        ///< Begins with the message `at` is about.
    std::string output;          ///< Responses to be sent.
    std::size_t sent = 0;        ///< How many bytes of the output are sent.
    progress at;                 ///< Of the message being read.
    std::size_t body_limit = 0;  ///< Of that message, once its head is complete.
    exchange on;
};

}  // namespace cloakroom::http1
