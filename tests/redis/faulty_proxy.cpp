// SPDX-License-Identifier: MIT
#include "faulty_proxy.hpp"

#include "background_io.hpp"
#include "loopback_port.hpp"
#include "proxy_link.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <utility>

namespace cloakroom::redis {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using mode = proxy_faults::mode;

// What it owns is touched on its thread alone.
class faulty_proxy::listener {
public:
    explicit listener(std::uint16_t server) : server_(asio::ip::address_v4::loopback(), server) {
        for (int attempts_left = 10;; --attempts_left) {
            port_ = free_loopback_port();
            try {
                thread_.run([this] { listen(); });
                return;
            } catch (const boost::system::system_error&) {  // somebody else was faster
                if (attempts_left == 0) {
                    throw;
                }
            }
        }
    }

    void enter(mode next) {
        proxy_faults& faults = links_.faults;
        if (next == mode::cutting || (faults.now == mode::black_hole && next != mode::black_hole)) {
            links_.reset_all();
        }
        faults.now = next;
        if (next == mode::refusing) {
            acceptor_.close();
        } else if (!acceptor_.is_open()) {
            listen();
        }
    }

    // Runs `action` on the thread.
    template <typename Action>
    void set(Action action) {
        thread_.run([&] { action(*this, links_.faults); });
    }

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

private:
    void listen() {
        acceptor_ = tcp::acceptor{context_, {asio::ip::address_v4::loopback(), port_}};
        accept();
    }

    void accept() {
        acceptor_.async_accept([this](const error_code& ec, tcp::socket client) {
            if (!ec) {
                ++count_;
                admit(std::move(client));
            }
            if (ec != asio::error::operation_aborted && acceptor_.is_open()) {
                accept();
            }
        });
    }

    void admit(tcp::socket client) {
        const mode now = links_.faults.now;
        if (now == mode::cutting || now == mode::refusing) {
            reset(client);
            return;
        }
        const auto link = std::make_shared<proxy_link>(std::move(client), links_);
        links_.open.insert(link);
        if (now == mode::passing) {
            link->start(server_);
        }
    }

    asio::io_context context_{1};
    tcp::acceptor acceptor_{context_};
    proxy_links links_;
    const tcp::endpoint server_;
    std::uint16_t port_ = 0;
    std::atomic<std::size_t> count_ = 0;
    background_io thread_{context_};
};

faulty_proxy::faulty_proxy(std::uint16_t server) : listener_(std::make_unique<listener>(server)) {}

faulty_proxy::~faulty_proxy() = default;

std::uint16_t faulty_proxy::port() const noexcept {
    return listener_->port();
}

std::size_t faulty_proxy::connections() const noexcept {
    return listener_->count();
}

void faulty_proxy::pass() {
    listener_->set([](listener& self, proxy_faults& faults) {
        faults.disarm();
        self.enter(mode::passing);
    });
}

void faulty_proxy::cut() {
    listener_->set([](listener& self, proxy_faults&) { self.enter(mode::cutting); });
}

void faulty_proxy::refuse() {
    listener_->set([](listener& self, proxy_faults&) { self.enter(mode::refusing); });
}

void faulty_proxy::black_hole() {
    listener_->set([](listener& self, proxy_faults&) { self.enter(mode::black_hole); });
}

void faulty_proxy::lose_answers_after(std::size_t chunks) {
    listener_->set([=](listener&, proxy_faults& faults) { faults.lose_answers_after(chunks); });
}

void faulty_proxy::truncate_answers(std::size_t bytes) {
    listener_->set([=](listener&, proxy_faults& faults) { faults.truncate_answers(bytes); });
}

void faulty_proxy::garble_answers(std::string bytes) {
    listener_->set([&](listener&, proxy_faults& faults) { faults.garble_answers(bytes); });
}

void faulty_proxy::set_delay(std::chrono::milliseconds to_server,
                             std::chrono::milliseconds to_client) {
    listener_->set([=](listener&, proxy_faults& faults) {
        faults.delay_to_server = to_server;
        faults.delay_to_client = to_client;
    });
}

}  // namespace cloakroom::redis
