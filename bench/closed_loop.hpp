// SPDX-License-Identifier: MIT
// A closed loop of clients on keep-alive connections: each sends, waits for the answers, checks
// them and sends again. For cpu_per_request.
#pragma once

#include "child_server.hpp"
#include "load/cookie_jar.hpp"
#include "load/response_head.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::bench {

using load::cookie_jar;
using load::read_response_head;
using load::response_head;
using std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

constexpr std::size_t head_limit_bytes = 64UL * 1024;
constexpr std::size_t dropped_bytes = 4096;        // and more of a body need not be copied
constexpr std::uint64_t bad_limit = 1000;          // responses; then the run is given up
constexpr std::chrono::seconds no_answer_time{5};  // then the run is given up too

struct settings {
    std::size_t connections = 64;
    std::size_t pipeline = 1;
    double seconds = 1;
    int rounds = 10;
    int starts = 1;
    bool cookies = false;
    bool json = false;
};

/// Each connection sends its requests in one write, and the next ones when all are answered.
class closed_loop {
public:
    /// @param content  What is posted; empty: the path is got.
    closed_loop(std::uint16_t port, std::string path, std::string content, const settings& settings)
        : port_(port),
          path_(std::move(path)),
          content_(std::move(content)),
          settings_(settings),
          connections_(settings.connections),
          epoll_(check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {
        for (connection& peer : connections_) {
            open(peer);
            write_requests(peer);
        }
    }

    /// Returns when the time is over and every request is answered.
    void run_for(seconds duration) {
        const auto deadline = steady_clock::now() + duration;
        static_cast<void>(handle_events());  // connections that were closed meanwhile
        stopping_ = false;
        for (connection& peer : connections_) {
            send_requests(peer);
        }
        auto last_answer = steady_clock::now();
        while (busy_ > 0) {
            const bool has_answers = handle_events();
            const auto now = steady_clock::now();
            stopping_ = now >= deadline;
            last_answer = has_answers ? now : last_answer;
            if (now - last_answer > no_answer_time) {
                throw std::runtime_error("no answer from " + path_ + " for five seconds");
            }
        }
        stopping_ = true;
    }

    std::uint64_t completed() const { return completed_; }
    std::uint64_t bad() const { return bad_; }  // missing, cut short, without a length, not 200
    std::uint64_t reopened() const { return reopened_; }

private:
    struct connection {
        descriptor socket;
        std::string requests;    // as many as are pipelined
        std::size_t unsent = 0;  // bytes at the end of `requests`
        std::size_t unanswered = 0;
        std::string partial_head;
        bool is_ok = false;         // the response that has begun; its status is 200
        bool closes = false;        // and it is the last one of the connection
        std::size_t body_left = 0;  // bytes
        bool busy = false;          // has sent requests, and is to go on when they are answered
        bool cookies_changed = false;
        cookie_jar cookies;
    };

    void open(connection& peer) {
        peer.socket = connect_to(port_);
        peer.unanswered = peer.unsent = peer.body_left = 0;
        peer.partial_head.clear();
        epoll_event event{EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {&peer}};
        check(::epoll_ctl(epoll_.value(), EPOLL_CTL_ADD, peer.socket.value(), &event), "epoll_ctl");
    }

    void reopen(connection& peer) {
        open(peer);
        ++reopened_;
        finish(peer);
    }

    /// All that was asked is answered, or will never be.
    void finish(connection& peer) {
        if (!peer.busy) {
            return;
        }
        peer.busy = false;
        --busy_;
        if (!stopping_) {
            send_requests(peer);
        }
    }

    void write_requests(connection& peer) {
        const std::string request = request_for(path_, port_, peer.cookies.field_value(), content_);
        peer.requests.clear();
        for (std::size_t i = 0; i < settings_.pipeline; ++i) {
            peer.requests += request;
        }
        peer.cookies_changed = false;
    }

    void send_requests(connection& peer) {
        if (peer.cookies_changed) {
            write_requests(peer);
        }
        peer.unsent = peer.requests.size();
        peer.unanswered = settings_.pipeline;
        peer.busy = true;
        ++busy_;
        send_rest(peer);
    }

    /// An error shows up again when the connection is read.
    void send_rest(connection& peer) {
        const char* const begin = peer.requests.data() + peer.requests.size() - peer.unsent;
        const ssize_t sent =
            ::send(peer.socket.value(), begin, peer.unsent, MSG_NOSIGNAL | MSG_DONTWAIT);
        peer.unsent -= sent > 0 ? static_cast<std::size_t>(sent) : 0;
    }

    // Never sleeps: waking the load would be charged to the server that sends, and the more so the
    // slower it is.
    bool handle_events() {
        const int ready =
            ::epoll_wait(epoll_.value(), events_.data(), static_cast<int>(events_.size()), 0);
        throw_if_interrupted();
        check(ready, "epoll_wait");
        if (bad_ > bad_limit) {
            throw std::runtime_error("too many bad responses from " + path_);
        }
        for (int i = 0; i < ready; ++i) {
            const epoll_event& event = events_[static_cast<std::size_t>(i)];
            connection& peer = *static_cast<connection*>(event.data.ptr);
            if (peer.unsent > 0) {
                send_rest(peer);
            }
            if ((event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
                receive(peer, (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
            }
        }
        return ready > 0;
    }

    /// Reads until the socket is empty: a short read says so, unless the server has hung up. The
    /// rest of a long body is dropped in the kernel, as copying it would keep the load busier than
    /// the server.
    void receive(connection& peer, bool hung_up) {
        for (bool may_have_more = true; may_have_more || hung_up;) {
            const bool drops = peer.body_left >= dropped_bytes;
            // Never more than the buffer has, though nothing is written then: for AddressSanitizer.
            const std::size_t room =
                drops ? std::min(peer.body_left, buffer_.size()) : buffer_.size();
            const ssize_t got = ::recv(peer.socket.value(), buffer_.data(), room,
                                       MSG_DONTWAIT | (drops ? MSG_TRUNC : 0));
            if (got < 0 && errno == EAGAIN) {
                break;
            }
            if (got <= 0 && peer.unanswered > 0) {
                ++bad_;
            }
            const std::size_t size = got > 0 ? static_cast<std::size_t>(got) : 0;
            if (got <= 0 || !(drops ? drop(peer, size) : consume(peer, {buffer_.data(), size}))) {
                reopen(peer);
                return;
            }
            may_have_more = size == room;
        }
        if (peer.unanswered == 0) {
            finish(peer);
        }
    }

    /// Counts bytes of the body. @return As consume().
    bool drop(connection& peer, std::size_t size) {
        peer.body_left -= size;
        return peer.body_left > 0 || end_response(peer);
    }

    /// @return False if the connection cannot be used any more.
    bool consume(connection& peer, std::string_view bytes) {
        std::string joined;
        if (!peer.partial_head.empty()) {
            joined = std::exchange(peer.partial_head, {}).append(bytes);
            bytes = joined;
        }
        while (!bytes.empty()) {
            if (peer.body_left == 0) {
                const std::optional<response_head> head = read_head(bytes);
                if (!head && bytes.size() < head_limit_bytes) {
                    peer.partial_head = bytes;
                    return true;
                }
                if (!head || !head->body_bytes || head->is_ambiguous || peer.unanswered == 0) {
                    ++bad_;
                    return false;
                }
                begin_response(peer, *head);
                bytes.remove_prefix(head->head_bytes);
            }
            const std::size_t size = std::min(peer.body_left, bytes.size());
            bytes.remove_prefix(size);
            if (!drop(peer, size)) {
                return false;
            }
        }
        return true;
    }

    /// Most heads are equal to the one before, which is faster to compare than to parse.
    std::optional<response_head> read_head(std::string_view bytes) {
        if (!last_text_.empty() && bytes.starts_with(last_text_)) {
            return last_head_;
        }
        std::optional<response_head> head = read_response_head(bytes);
        if (head && head->set_cookies.empty()) {
            last_text_ = bytes.substr(0, head->head_bytes);
            last_head_ = *head;
        }
        return head;
    }

    void begin_response(connection& peer, const response_head& head) const {
        peer.is_ok = head.status == 200;
        peer.closes = head.closes;
        peer.body_left = *head.body_bytes;
        if (settings_.cookies) {
            for (const std::string_view cookie : head.set_cookies) {
                peer.cookies.store(cookie);
                peer.cookies_changed = true;
            }
        }
    }

    bool end_response(connection& peer) {
        --peer.unanswered;
        ++(peer.is_ok ? completed_ : bad_);
        return !peer.closes;
    }

    std::uint16_t port_;
    std::string path_;
    std::string content_;
    settings settings_;
    std::vector<connection> connections_;
    descriptor epoll_;
    std::array<epoll_event, 256> events_;
    std::array<char, 64 * 1024> buffer_;
    std::string last_text_;
    response_head last_head_;
    std::size_t busy_ = 0;  // connections
    bool stopping_ = true;
    std::uint64_t completed_ = 0;
    std::uint64_t bad_ = 0;
    std::uint64_t reopened_ = 0;
};

}  // namespace cloakroom::bench
