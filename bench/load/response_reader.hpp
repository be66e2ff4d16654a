// SPDX-License-Identifier: MIT
// Finds the ends of the responses of one connection in what is received, in pieces of any size, and
// judges their framing. Keeps no bodies; no I/O.
#pragma once

#include "cookie_jar.hpp"
#include "response_head.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cloakroom::load {

/// The head that was read last, with its text: most heads are equal to the one before, which is
/// faster to compare than to parse. Shared by the connections of a thread.
struct known_head {
    std::string text;
    response_head head;
};

/// Content-Length, chunks, a body that the connection's end ends, and 1xx, 204 and 304 responses
/// without one. REQUIRES: no request was HEAD or CONNECT.
class response_reader {
public:
    static constexpr std::size_t head_limit_bytes = 64UL * 1024;
    static constexpr std::size_t trailer_limit_bytes = 64UL * 1024;
    static constexpr std::size_t chunk_line_limit_bytes = 4UL * 1024;

    enum class outcome {
        incomplete,  ///< All bytes are used up, and there is more to come.
        complete,    ///< status() and closes() are those of a response.
        malformed    ///< The connection cannot be used any more.
    };

    /// @param known  Outlives the reader, as does `jar`.
    /// @param jar    Is given the cookies; may be null.
    response_reader(known_head& known, cookie_jar* jar) noexcept : known_(known), jar_(jar) {}

    /// Takes bytes off the front, up to the next end of a response.
    outcome next(std::string_view& bytes);

    /// The connection has ended. @return `complete` if that ends a response, `incomplete` between
    /// two responses, `malformed` within one.
    outcome end() noexcept;

    /// For the next connection. The jar keeps its cookies.
    void reset() noexcept;

    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] bool closes() const noexcept { return closes_; }

    /// Whether cookies were stored since this was asked last.
    [[nodiscard]] bool take_cookie_change() noexcept;

private:
    enum class stage { head, body, body_to_end, chunk_line, chunk, chunk_end, trailer };

    outcome read_head(std::string_view& bytes);
    outcome begin(const response_head& head);
    outcome read_body(std::string_view& bytes) noexcept;
    outcome read_chunk_line(std::string_view& bytes);
    outcome read_trailer(std::string_view& bytes);
    bool read_line(std::string_view& bytes, std::size_t limit_bytes);
    outcome finish() noexcept;

    known_head& known_;
    cookie_jar* jar_;
    std::string partial_;     // of a head or line
    std::uint64_t left_ = 0;  // bytes of the body or chunk; in trailer: bytes of it so far
    stage stage_ = stage::head;
    int status_ = 0;
    bool closes_ = false;
    bool cookies_changed_ = false;
};

}  // namespace cloakroom::load
