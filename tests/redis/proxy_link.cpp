// SPDX-License-Identifier: MIT
#include "proxy_link.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace cloakroom::redis {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

void reset(tcp::socket& socket) {
    error_code ignored;
    socket.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket.close(ignored);
}

void proxy_links::reset_all() {
    for (const std::shared_ptr<proxy_link>& each : std::exchange(open, {})) {
        each->reset();
    }
}

void proxy_links::end_all() {
    const auto all = open;  // ending one may take it out
    for (const std::shared_ptr<proxy_link>& each : all) {
        each->end();
    }
}

proxy_link::proxy_link(tcp::socket client, proxy_links& links)
    : client_(std::move(client)),
      server_(client_.get_executor()),
      links_(links),
      commands_{client_, server_, asio::steady_timer{client_.get_executor()}},
      answers_{server_, client_, asio::steady_timer{client_.get_executor()}} {}

void proxy_link::start(const tcp::endpoint& server) {
    server_.async_connect(server, [this, self = shared_from_this()](const error_code& ec) {
        if (is_closed_ || is_held()) {
            return;
        }
        if (ec) {
            reset();
            return;
        }
        is_connected_ = true;
        error_code ignored;
        client_.set_option(tcp::no_delay{true}, ignored);
        server_.set_option(tcp::no_delay{true}, ignored);
        read(commands_);
        read(answers_);
    });
}

void proxy_link::read(direction& way) {
    way.from.async_read_some(
        asio::buffer(way.buffer),
        [this, self = shared_from_this(), &way](const error_code& ec, std::size_t count) {
            if (is_closed_ || is_held()) {
                return;
            }
            if (ec) {
                source_ended(way, ec);
                return;
            }
            way.chunk.assign(way.buffer.data(), count);
            take(way);
        });
}

void proxy_link::take(direction& way) {
    if (is_ending_) {
        read(way);
        return;
    }
    using verdict = proxy_faults::verdict;
    const verdict result = &way == &commands_ ? links_.faults.on_command(this)
                                              : links_.faults.on_answer(this, way.chunk);
    if (result == verdict::forward || result == verdict::end) {
        write_later(way, result == verdict::end);
        return;
    }
    if (result == verdict::end_all) {
        links_.end_all();
    }
    read(way);
}

void proxy_link::write_later(direction& way, bool is_last) {
    way.is_writing = true;
    const auto delay =
        &way == &commands_ ? links_.faults.delay_to_server : links_.faults.delay_to_client;
    if (delay.count() == 0) {
        write(way, is_last);
        return;
    }
    way.delay.expires_after(delay);
    way.delay.async_wait([this, self = shared_from_this(), &way, is_last](const error_code&) {
        if (!is_closed_ && !is_held()) {
            write(way, is_last);
        }
    });
}

void proxy_link::write(direction& way, bool is_last) {
    asio::async_write(
        way.to, asio::buffer(way.chunk),
        [this, self = shared_from_this(), &way, is_last](const error_code& ec, std::size_t) {
            if (!is_closed_ && !is_held()) {
                has_written(way, is_last, ec);
            }
        });
}

void proxy_link::has_written(direction& way, bool is_last, const error_code& ec) {
    way.is_writing = false;
    if (is_ending_) {
        error_code ignored;
        way.to.shutdown(tcp::socket::shutdown_send, ignored);
    } else if (ec) {
        reset();
        return;
    } else if (is_last) {
        end();
    }
    read(way);
}

void proxy_link::source_ended(direction& way, const error_code& ec) {
    if (ec != asio::error::eof && !is_ending_) {
        reset();
        return;
    }
    way.has_ended = true;
    error_code ignored;
    way.to.shutdown(tcp::socket::shutdown_send, ignored);
    if (commands_.has_ended && answers_.has_ended) {
        close();
    }
}

void proxy_link::end() {
    if (!is_connected_) {
        reset();
        return;
    }
    is_ending_ = true;
    for (direction* way : {&commands_, &answers_}) {
        if (!way->is_writing) {  // otherwise once it is written
            error_code ignored;
            way->to.shutdown(tcp::socket::shutdown_send, ignored);
        }
    }
}

void proxy_link::reset() {
    redis::reset(client_);
    redis::reset(server_);
    close();
}

void proxy_link::close() {
    is_closed_ = true;
    error_code ignored;
    client_.close(ignored);
    server_.close(ignored);
    commands_.delay.cancel();
    answers_.delay.cancel();
    links_.faults.forget(this);
    links_.open.erase(shared_from_this());
}

}  // namespace cloakroom::redis
