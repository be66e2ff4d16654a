// SPDX-License-Identifier: MIT
// Where a Redis server listens, and how a client is to introduce itself there: what the URL of a
// store says.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::redis {

/// Host and port, or the path of a Unix-domain socket.
struct server_address {
    std::string host{};
    std::uint16_t port = 6379;
    std::string path{};  ///< Of the socket; then host and port say nothing.

    [[nodiscard]] std::string text() const;

    friend bool operator==(const server_address&, const server_address&) = default;
};

/// Reads "host:port" as a cluster's redirections give it: the last colon parts them, and IPv6
/// addresses stand with or without brackets.
///
/// @return False, with no use of `into`, when it is none.
[[nodiscard]] bool parse_address(std::string_view text, server_address& into);

/// A parsed URL.
///
///     redis://[[user]:password@]host[:port][,host[:port]...][/database]
///     rediss://...                                           the same over TLS
///     unix://[[user]:password@]/path/of/socket
///     redis+sentinel://[[user]:password@]sentinel[:port][,...]/master[/database]
///     rediss+sentinel://...
///
/// each with `?database=N&prefix=TEXT&ca_file=PATH` behind it. User, password and the values are
/// percent-decoded.
struct server_url {
    std::vector<server_address> servers{};  ///< At least one; for Sentinel, the sentinels.
    std::string master{};                   ///< Its name, for Sentinel; else empty.
    std::string user{};
    std::string password{};
    std::string prefix{};   ///< Empty when the URL has none.
    std::string ca_file{};  ///< Empty when the URL has none.
    unsigned database = 0;
    bool uses_tls = false;

    /// @throws setup_error with what is wrong about it. It never repeats the password.
    [[nodiscard]] static server_url parse(std::string_view url);
};

}  // namespace cloakroom::redis
