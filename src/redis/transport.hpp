// SPDX-License-Identifier: MIT
// A stream of bytes to a Redis server: TCP, TLS or a Unix-domain socket. No protocol, no deadlines.
#pragma once

#include "redis/server_address.hpp"
#include <cloakroom/async.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace boost::asio::ssl {
class context;
}

namespace cloakroom::redis {

/// An open connection. Used by one event loop; one read and one write at a time.
class transport {
public:
    transport() = default;
    transport(const transport&) = delete;
    transport& operator=(const transport&) = delete;
    virtual ~transport() = default;

    /// Connects, and shakes hands where it is TLS.
    ///
    /// @throws boost::system::system_error when that fails.
    [[nodiscard]] virtual task<void> connect(const server_address& to) = 0;

    /// Waits for some bytes. @return How many; at least one. @throws as connect().
    [[nodiscard]] virtual task<std::size_t> read(std::span<char> into) = 0;

    /// Sends all. @throws as connect().
    [[nodiscard]] virtual task<void> write(std::string_view bytes) = 0;

    /// Closes at once, and has what waits fail. What was not sent is not sent later: the peer of a
    /// TCP connection gets RST, so that no command arrives long after its time. Never throws.
    virtual void abort() noexcept = 0;
};

/// What TLS connections trust. `ca_file` empty: what the system trusts.
///
/// @throws setup_error when the file cannot be read.
[[nodiscard]] std::shared_ptr<boost::asio::ssl::context> make_tls_context(
    const std::string& ca_file);

/// A transport for an address, not connected. With `tls`, TCP is encrypted, and the server has to
/// prove that it is the host of the address.
[[nodiscard]] std::unique_ptr<transport> make_transport(
    const boost::asio::any_io_executor& executor, const server_address& to,
    const std::shared_ptr<boost::asio::ssl::context>& tls);

}  // namespace cloakroom::redis
