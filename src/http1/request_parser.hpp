// SPDX-License-Identifier: MIT
// Finds requests in received bytes: a plain head by a reader of its own, any other by Beast's
// basic_parser, the framing and the body by rules of its own. No sockets, no clock.
#pragma once

#include "http1/host.hpp"
#include <cloakroom/limits.hpp>
#include <cloakroom/request.hpp>
#include <cloakroom/status.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cloakroom::http1 {

/// Why a request is refused. `detail` is of static storage and meant for the client.
struct refusal {
    cloakroom::status status = cloakroom::status::bad_request;
    std::string_view detail;
};

/// How far one message has been read. Start the next message with a fresh one.
struct progress {
    enum class framing : std::uint8_t { none, length, chunked };
    enum class chunk_state : std::uint8_t {
        size_start,
        size,
        extension_blank,
        extension,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer_start,
        trailer_name,
        trailer_value,
        trailer_lf,
        end_lf,
        done
    };

    std::size_t scanned = 0;           ///< No head ends before this.
    std::size_t head_bytes = 0;        ///< 0 until the head is complete; then with its blank line.
    std::uint64_t content_length = 0;  ///< For framing::length.
    std::size_t read_bytes = 0;        ///< Of the buffer, head included; grows as the body does.
    std::size_t body_bytes = 0;        ///< Decoded so far; they lie from `head_bytes` on.
    std::size_t chunk_left = 0;        ///< Of the chunk being read.
    std::size_t line_bytes = 0;        ///< Of the chunk-size line or trailer section being read.
    std::size_t chunk_overhead = 0;    ///< Chunk framing beyond what its data accounts for.
    framing body_framing = framing::none;
    chunk_state chunk = chunk_state::size_start;
    bool keeps_alive = true;        ///< What version and Connection say.
    bool expects_continue = false;  ///< Expect: 100-continue, from HTTP/1.1.
};

/// What a parse came to.
enum class parse_result : std::uint8_t { incomplete, complete, refused };

/// Reads requests that lie in one contiguous buffer. Holds none of their bytes and allocates only
/// when `request::parts::fields` grows. Used by one thread, for any number of requests.
class request_parser {
public:
    /// `values` must outlive this.
    explicit request_parser(const limits& values) noexcept : limits_(&values) {}

    /// Reads a head from the start of `received`, after at most one empty line, which counts
    /// towards head_bytes and its limit. When complete, `at` says the framing and `out` has method,
    /// target, path (still encoded; "*" for OPTIONS *), query, host, version and fields, as views
    /// into `received`; only a path that the target leaves out is the literal "/". When incomplete,
    /// `out` holds nothing of use. When refused, `out.method` is right if the request line was readable.
    ///
    /// A head that is complete may be read again, with the same `at` or a fresh one, when its bytes
    /// have moved: the same `at` keeps its value then, whatever of the body has been read.
    [[nodiscard]] parse_result parse_head(std::string_view received, progress& at,
                                          request::parts& out, refusal& why);

    /// Reads the body that follows the head in `data`, decoding chunks in place. `size` counts from
    /// the start of the message. When complete, the message took at.read_bytes of `data`, and the
    /// body is `at.body_bytes` from `data + at.head_bytes` on. Bytes behind the message stay as
    /// they are. A body over `body_limit` is refused as soon as its length or a chunk's size says
    /// so.
    ///
    /// REQUIRES: parse_head() completed on the same bytes, which may have moved since.
    [[nodiscard]] parse_result parse_body(char* data, std::size_t size, progress& at,
                                          std::size_t body_limit, refusal& why) const;

    /// Forgets the chunk framing in the buffer, so that a body in small chunks takes no more memory
    /// than its content.
    ///
    /// REQUIRES: parse_body() has just returned incomplete.
    /// @return How many bytes of the buffer are still needed: what comes next has to follow them.
    [[nodiscard]] static std::size_t drop_framing(progress& at) noexcept;

private:
    const limits* limits_;
    host_check is_host_;
};

}  // namespace cloakroom::http1
