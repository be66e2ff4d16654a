// SPDX-License-Identifier: MIT
// A received request, as views into the bytes that came. It does no I/O.
#pragma once

#include <cloakroom/method.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {

/// One header field. The name is as sent; compare it without regard to case.
struct field_view {
    std::string_view name;
    std::string_view value;
};

/// An IP address in network byte order; empty where there is no socket.
struct ip_address {
    std::array<unsigned char, 16> bytes{};
    std::uint8_t size = 0;  ///< 0, 4 or 16.
};

/// A whole request. Handlers get it as `const request&`.
///
/// Every view it gives is valid until the handler has ended, also when the handler is a coroutine,
/// runs on a worker thread, or the client has left. To keep more, copy it.
class request {
public:
    /// What a parser fills in.
    struct parts {
        cloakroom::method method = cloakroom::method::get;
        std::string_view target;         ///< As sent, for example "/a%20b?c=d".
        std::string_view path;           ///< Percent-decoded, "/" at least; "*" for OPTIONS *.
        std::string_view query;          ///< As sent, without the "?".
        std::string_view host;           ///< Of the target where that has one, else of Host.
        std::string_view body;           ///< Whole, without chunk framing.
        std::vector<field_view> fields;  ///< In the order sent.
        unsigned minor_version = 1;      ///< 1 for HTTP/1.1, 0 for HTTP/1.0.
        ip_address remote;               ///< Of the peer of the socket.
    };

    request() = default;
    explicit request(parts values) : parts_(std::move(values)) {}

    [[nodiscard]] cloakroom::method method() const noexcept { return parts_.method; }

    /// The request target as it was sent.
    [[nodiscard]] std::string_view target() const noexcept { return parts_.target; }

    /// The path, percent-decoded except that an encoded "/" or "%" stays encoded ("%2F", "%25"),
    /// so that a segment never splits in two.
    [[nodiscard]] std::string_view path() const noexcept { return parts_.path; }

    /// The query as it was sent, without the question mark.
    [[nodiscard]] std::string_view query() const noexcept { return parts_.query; }

    /// Host and port the client asked for, for example "example.com:8080"; empty if not said.
    /// The client chooses it: compare it with a list of your own before you build links from it.
    [[nodiscard]] std::string_view host() const noexcept { return parts_.host; }

    /// The content, whole and without its transfer coding. Bounded by `limits::body_bytes`.
    [[nodiscard]] std::string_view body() const noexcept { return parts_.body; }

    /// 1 for HTTP/1.1, 0 for HTTP/1.0.
    [[nodiscard]] unsigned minor_version() const noexcept { return parts_.minor_version; }

    /// The address of the peer of the socket (a proxy, where there is one), without its port, for
    /// example "127.0.0.1"; empty where there is no socket.
    [[nodiscard]] std::string remote_address() const;

    /// All header fields in the order sent.
    [[nodiscard]] std::span<const field_view> headers() const noexcept { return parts_.fields; }

    /// The first field of that name, up to case; empty if there is none.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;

    /// The value of the first cookie of that name (case counts), without quotes around it; empty if
    /// there is none. Nothing is decoded. Source: RFC 6265bis section 5.8.
    [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const noexcept;

    /// The first value of that name in the query, decoded; empty if there is none or it is
    /// malformed.
    [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;

    /// True when the Content-Type is `media_type` (for example "application/json"), whatever its
    /// parameters and case.
    [[nodiscard]] bool has_content_type(std::string_view media_type) const noexcept;

    /// True when the client would rather read HTML than JSON: its Accept names text/html.
    [[nodiscard]] bool prefers_html() const noexcept;

    /// For parsers and tests: what the request is made of.
    [[nodiscard]] parts& edit() noexcept { return parts_; }

private:
    parts parts_;
};

}  // namespace cloakroom
