// SPDX-License-Identifier: MIT
#include "scripted_server.hpp"

#include "background_io.hpp"
#include "command_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace cloakroom::redis {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// What it owns is touched on its thread alone, but for what is locked or atomic.
class scripted_server::listener {
public:
    explicit listener(script answer)
        : answer_(std::move(answer)),
          acceptor_(context_, {asio::ip::address_v4::loopback(), 0}),
          port_(acceptor_.local_endpoint().port()),
          thread_(context_) {
        thread_.run([this] { accept(); });
    }

    std::string answer(const words& command) {
        {
            const std::lock_guard lock{mutex_};
            commands_.push_back(command);
        }
        return answer_(command);
    }

    [[nodiscard]] std::vector<words> commands() const {
        const std::lock_guard lock{mutex_};
        return commands_;
    }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

private:
    void accept();

    const script answer_;
    asio::io_context context_{1};
    tcp::acceptor acceptor_;
    const std::uint16_t port_;
    std::atomic<std::size_t> count_ = 0;
    mutable std::mutex mutex_;
    std::vector<words> commands_;
    background_io thread_;
};

// Lives as long as an operation is under way.
class scripted_server::connection : public std::enable_shared_from_this<connection> {
public:
    connection(tcp::socket socket, listener& owner) : socket_(std::move(socket)), owner_(owner) {}

    void read() {
        socket_.async_read_some(
            asio::buffer(buffer_),
            [this, self = shared_from_this()](const error_code& ec, std::size_t count) {
                if (!ec) {
                    reader_.add({buffer_.data(), count});
                    write(answers());
                }
            });
    }

private:
    // To all commands that are whole; hang_up at the end of it when the connection is to end.
    std::string answers() {
        std::string all;
        try {
            while (const std::optional<words> command = reader_.next()) {
                all += owner_.answer(*command);
                if (all.ends_with(hang_up)) {
                    return all;
                }
            }
        } catch (const std::exception&) {
            all += hang_up;
        }
        return all;
    }

    void write(std::string bytes) {
        const bool is_last = bytes.ends_with(hang_up);
        if (is_last) {
            bytes.resize(bytes.size() - hang_up.size());
        }
        bytes_ = std::move(bytes);
        asio::async_write(
            socket_, asio::buffer(bytes_),
            [this, self = shared_from_this(), is_last](const error_code& ec, std::size_t) {
                if (!ec && !is_last) {
                    read();
                }
            });
    }

    tcp::socket socket_;
    listener& owner_;
    command_reader reader_;
    std::array<char, 16'384> buffer_{};
    std::string bytes_;
};

void scripted_server::listener::accept() {
    acceptor_.async_accept([this](const error_code& ec, tcp::socket client) {
        if (!ec) {
            ++count_;
            std::make_shared<connection>(std::move(client), *this)->read();
        }
        accept();
    });
}

scripted_server::scripted_server(script answer)
    : listener_(std::make_unique<listener>(std::move(answer))) {}

scripted_server::~scripted_server() = default;

std::uint16_t scripted_server::port() const noexcept {
    return listener_->port();
}

std::vector<scripted_server::words> scripted_server::commands() const {
    return listener_->commands();
}

std::size_t scripted_server::connections() const noexcept {
    return listener_->count();
}

}  // namespace cloakroom::redis
