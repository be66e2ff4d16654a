// SPDX-License-Identifier: MIT
#include "redis/transport.hpp"

#include <cloakroom/setup_error.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <optional>
#include <utility>

namespace cloakroom::redis {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::local::stream_protocol;

constexpr auto awaiting = asio::use_awaitable;

template <class Socket>
void reset(Socket& socket) noexcept {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
}

std::optional<asio::ip::address> numeric(const std::string& host) {
    boost::system::error_code error;
    const asio::ip::address address = asio::ip::make_address(host, error);
    return error ? std::nullopt : std::optional{address};
}

// Redis is asked in small messages whose answers are waited for. A name costs Asio a thread.
task<void> connect_tcp(tcp::socket& socket, tcp::resolver& resolver, const server_address& to) {
    if (const std::optional<asio::ip::address> address = numeric(to.host)) {
        const tcp::endpoint endpoint{*address, to.port};
        co_await socket.async_connect(endpoint, awaiting);
    } else {
        const tcp::resolver::results_type found =
            co_await resolver.async_resolve(to.host, std::to_string(to.port), awaiting);
        co_await asio::async_connect(socket, found, awaiting);
    }
    socket.set_option(tcp::no_delay(true));
    socket.set_option(asio::socket_base::keep_alive(true));
}

// What all streams have in common.
template <class Stream>
class stream_transport : public transport {
public:
    template <class... Arguments>
    explicit stream_transport(Arguments&&... arguments)
        : stream_(std::forward<Arguments>(arguments)...) {}

    task<std::size_t> read(std::span<char> into) override {
        return stream_.async_read_some(asio::buffer(into.data(), into.size()), awaiting);
    }

    task<void> write(std::string_view bytes) override {
        co_await asio::async_write(stream_, asio::buffer(bytes), awaiting);
    }

protected:
    Stream stream_;
};

class tcp_transport final : public stream_transport<tcp::socket> {
public:
    explicit tcp_transport(const asio::any_io_executor& executor)
        : stream_transport(executor), resolver_(executor) {}

    task<void> connect(const server_address& to) override {
        return connect_tcp(stream_, resolver_, to);
    }

    void abort() noexcept override {
        resolver_.cancel();
        reset(stream_);
    }

private:
    tcp::resolver resolver_;
};

class tls_transport final : public stream_transport<asio::ssl::stream<tcp::socket>> {
public:
    tls_transport(const asio::any_io_executor& executor, std::shared_ptr<asio::ssl::context> tls)
        : stream_transport(executor, *tls), tls_(std::move(tls)), resolver_(executor) {}

    task<void> connect(const server_address& to) override {
        co_await connect_tcp(stream_.next_layer(), resolver_, to);
        stream_.set_verify_mode(asio::ssl::verify_peer);
        stream_.set_verify_callback(asio::ssl::host_name_verification(to.host));
        if (!numeric(to.host)) {  // RFC 6066 section 3
            SSL_set_tlsext_host_name(stream_.native_handle(), to.host.c_str());
        }
        co_await stream_.async_handshake(asio::ssl::stream_base::client, awaiting);
    }

    void abort() noexcept override {
        resolver_.cancel();
        reset(stream_.next_layer());
    }

private:
    std::shared_ptr<asio::ssl::context> tls_;  // the stream's session holds what it needs of it
    tcp::resolver resolver_;
};

class unix_transport final : public stream_transport<stream_protocol::socket> {
public:
    using stream_transport::stream_transport;

    task<void> connect(const server_address& to) override {
        const stream_protocol::endpoint endpoint{to.path};
        co_await stream_.async_connect(endpoint, awaiting);
    }

    void abort() noexcept override { reset(stream_); }
};

}  // namespace

std::shared_ptr<asio::ssl::context> make_tls_context(const std::string& ca_file) {
    auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    boost::system::error_code error;
    if (ca_file.empty()) {
        tls->set_default_verify_paths(error);
    } else {
        tls->load_verify_file(ca_file, error);
    }
    if (error) {
        throw setup_error("the certificates to trust for Redis cannot be read from " +
                          (ca_file.empty() ? "the system" : ca_file) + ": " + error.message());
    }
    SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
    return tls;
}

std::unique_ptr<transport> make_transport(const asio::any_io_executor& executor,
                                          const server_address& to,
                                          const std::shared_ptr<asio::ssl::context>& tls) {
    if (!to.path.empty()) {
        return std::make_unique<unix_transport>(executor);
    }
    if (tls != nullptr) {
        return std::make_unique<tls_transport>(executor, tls);
    }
    return std::make_unique<tcp_transport>(executor);
}

}  // namespace cloakroom::redis
