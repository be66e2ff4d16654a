// SPDX-License-Identifier: MIT
// What it takes to work on requests: buffers and an exchange. An event loop lends its desk to the
// connection that has something to do; an idle connection has none.
#pragma once

#include "http1/receive_buffer.hpp"
#include "http1/request_parser.hpp"
#include <cloakroom/exchange.hpp>
#include <cloakroom/open_file.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom::http1 {

/// The room one connection works in. Stays at one address: requests view into it.
struct desk {
    /// The size of an empty desk's receive buffer.
    static constexpr std::size_t input_bytes = 32UL * 1024;

    /// What is kept of the room that a large response took.
    static constexpr std::size_t kept_output_bytes = 256UL * 1024;

    /// A constant, since what a constructor has made on the stack takes a processor longer to copy.
    static constexpr progress nothing_read{};

    /// Content of that many bytes is sent from where it is, smaller one from a copy behind its head:
    /// two pieces take the kernel longer than one.
    static constexpr std::size_t least_content_bytes = 16UL * 1024;

    explicit desk(execution where) : input(input_bytes), on(where) {}

    /// Makes it fit for the next connection, whatever the last one left.
    void clear() {
        if (input.capacity() != input_bytes) {
            input = receive_buffer(input_bytes);
        }
        input.clear();
        clear_output();
        at = nothing_read;
        served = 0;
    }

    [[nodiscard]] std::size_t unsent() const noexcept {
        return output.size() + content.size() + file_bytes - sent;
    }

    /// Whether the last response has content that is not in the output.
    [[nodiscard]] bool has_content() const noexcept { return content.size() + file_bytes != 0; }

    /// Moves all that is to be sent to the end of `into`, for an owner without a socket.
    ///
    /// @return False when a file has become too short, or cannot be read: the connection is over.
    [[nodiscard]] bool take_output(std::string& into);

    /// Puts the content into the output, so that it no longer depends on request and response. A
    /// file does not.
    void keep_content() {
        if (content.empty()) {
            return;
        }
        if (sent < output.size()) {
            output += content;
        } else if (std::string* const owned = on.response().owned_body(); owned != nullptr) {
            sent -= output.size();
            output = std::move(*owned);
        } else {
            content.remove_prefix(sent - output.size());
            output = content;
            sent = 0;
        }
        content = {};
    }

    /// All output is sent, or dropped.
    void clear_output() noexcept {
        if (content.size() > kept_output_bytes || output.capacity() > kept_output_bytes) {
            drop_large_output();
        }
        content = {};
        file.reset();
        file_bytes = 0;
        output.clear();
        sent = 0;
    }

    receive_buffer input;        ///< Begins with the message `at` is about.
    std::string output;          ///< Responses to be sent.
    std::string_view content{};  ///< Of the last one, sent after the output. The response's own, or
                                 ///< what it views: valid until another request is served.
    open_file file{};            ///< Or it is a file.
    std::size_t file_bytes = 0;  ///< Its size.
    std::size_t sent = 0;        ///< How many bytes of output and content are sent.
    progress at;                 ///< Of the message being read.
    std::size_t body_limit = 0;  ///< Of that message, once its head is complete.
    unsigned served = 0;         ///< Requests since it was cleared, but for suspended ones.
    exchange on;

private:
    void drop_large_output() noexcept;
};

}  // namespace cloakroom::http1
