// SPDX-License-Identifier: MIT
// A server that answers each request as a test says, also with what is no HTTP, late, or never. It
// finds requests by their blank lines, and knows no content.
#pragma once

#include "redis/background_io.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cloakroom::load {

/// What a server does about a request.
struct reply {
    std::string bytes;      ///< None: silence.
    bool ends = false;      ///< Then the connection is closed.
    bool is_held = false;   ///< The bytes are kept until a reply releases them.
    bool releases = false;  ///< All that is held is sent before this.
};

struct request_seen {
    std::string head;
    std::size_t connection = 0;  ///< In the order of their coming, from 0.
    std::size_t number = 0;      ///< Of the connection's requests, from 0.
};

inline reply ok() {
    return {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"};
}

/// Listens on a free port of 127.0.0.1, on a thread of its own.
class scripted_site {
public:
    /// Runs on the server's thread.
    using script = std::function<reply(const request_seen&)>;

    explicit scripted_site(script answer)
        : answer_(std::move(answer)),
          acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}),
          port_(acceptor_.local_endpoint().port()),
          thread_(context_) {
        thread_.run([this] { accept(); });
    }

    std::uint16_t port() const noexcept { return port_; }

private:
    using tcp = boost::asio::ip::tcp;

    struct guest {
        guest(tcp::socket its, std::size_t its_index) : socket(std::move(its)), index(its_index) {}
        tcp::socket socket;
        std::size_t index;
        std::size_t requests = 0;
        std::string input;
        std::string held;
        std::array<char, 4096> buffer{};
    };

    void accept() {
        acceptor_.async_accept([this](const boost::system::error_code& ec, tcp::socket socket) {
            if (!ec) {
                guests_.push_back(std::make_shared<guest>(std::move(socket), guests_.size()));
                read(guests_.back());
            }
            accept();
        });
    }

    void read(const std::shared_ptr<guest>& peer) {
        peer->socket.async_read_some(
            boost::asio::buffer(peer->buffer),
            [this, peer](const boost::system::error_code& ec, std::size_t count) {
                peer->input.append(peer->buffer.data(), count);
                if (!ec && answer_all(*peer)) {
                    read(peer);
                }
            });
    }

    // @return Whether the connection goes on.
    bool answer_all(guest& peer) {
        for (auto end = peer.input.find("\r\n\r\n"); end != std::string::npos;
             end = peer.input.find("\r\n\r\n")) {
            const std::string head = peer.input.substr(0, end + 2);
            peer.input.erase(0, end + 4);
            const reply given = answer_({head, peer.index, peer.requests++});
            if (given.releases) {
                release();
            }
            if (given.is_held) {
                peer.held += given.bytes;
            } else {
                write(peer, given.bytes);
            }
            if (given.ends) {
                boost::system::error_code ignored;
                peer.socket.close(ignored);
                return false;
            }
        }
        return true;
    }

    void release() {
        for (const auto& peer : guests_) {
            write(*peer, std::exchange(peer->held, {}));
        }
    }

    static void write(guest& peer, const std::string& bytes) {
        boost::system::error_code ignored;
        boost::asio::write(peer.socket, boost::asio::buffer(bytes), ignored);
    }

    script answer_;
    boost::asio::io_context context_{1};
    tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::vector<std::shared_ptr<guest>> guests_;
    redis::background_io thread_;
};

}  // namespace cloakroom::load
