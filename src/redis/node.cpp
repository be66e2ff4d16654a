// SPDX-License-Identifier: MIT
#include "redis/node.hpp"

#include <boost/asio/as_tuple.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace cloakroom::redis {
namespace {

// So much may wait for one connection.
constexpr std::size_t most_waiting = 16UL * 1024;
constexpr std::size_t most_waiting_bytes = 64UL * 1024 * 1024;

constexpr std::chrono::milliseconds first_pause{50};
constexpr std::chrono::milliseconds longest_pause{1'000};

// So often a command is sent, on as many connections, until it fails.
constexpr unsigned most_sends = 3;

// A server that nobody has asked for so long is not tried any more, until somebody does.
constexpr std::chrono::seconds longest_unasked{30};

}  // namespace

// A command whose reply is awaited. It lives in the coroutine that waits, which may be destroyed.
class node::waiter {
public:
    waiter(std::shared_ptr<node> at, std::string command, clock::time_point deadline,
           unsigned replies)
        : at_(std::move(at)),
          bytes_(std::move(command)),
          signal_(at_->executor_, deadline),
          replies_(replies) {
        at_->expected_.push_back({this, replies});
        at_->waiting_bytes_ += bytes_.size();
    }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    ~waiter() {
        at_->waiting_bytes_ -= bytes_.size();
        if (!is_done_) {
            at_->abandon(*this);
        }
    }

    /// @return Whether the reply is there; else the deadline is over, or it was cancelled.
    task<bool> wait() {
        if (!is_done_) {
            auto expiry = signal_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
            const auto [error] = co_await std::move(expiry);
            is_late_ = !error && !is_done_;
        }
        co_return is_done_;
    }

    void complete(reply&& with) {
        result_ = std::move(with);
        result_.sent = sent_;
        is_done_ = true;
        signal_.cancel();
    }

    [[nodiscard]] reply take_result() { return std::move(result_); }
    [[nodiscard]] bool is_late() const noexcept { return is_late_; }
    [[nodiscard]] unsigned replies() const noexcept { return replies_; }
    [[nodiscard]] unsigned sent() const noexcept { return sent_; }

    [[nodiscard]] const std::string& send() noexcept {
        ++sent_;
        return bytes_;
    }

private:
    std::shared_ptr<node> at_;
    std::string bytes_;
    boost::asio::steady_timer signal_;  // expires at the deadline; cancelled by the reply
    reply result_;
    unsigned replies_;
    unsigned sent_ = 0;
    bool is_done_ = false;
    bool is_late_ = false;
};

node::node(boost::asio::any_io_executor executor, std::shared_ptr<const node_settings> settings,
           locator where, unsigned addresses)
    : executor_(std::move(executor)),
      settings_(std::move(settings)),
      where_(std::move(where)),
      addresses_(addresses),
      pause_(executor_) {}

task<reply> node::run(std::string command, clock::time_point deadline, unsigned replies) {
    wanted_at_ = clock::now();
    if (is_closed_) {
        co_return reply::unreachable("the store of Redis is closed");
    }
    if (state_ == state::broken) {
        co_return reply::unreachable(why_);
    }
    if (expected_.size() >= most_waiting || waiting_bytes_ + command.size() > most_waiting_bytes) {
        co_return reply::unreachable("Redis at " + address_.text() + ": too many commands wait");
    }
    waiter mine(shared_from_this(), std::move(command), deadline, replies);
    if (state_ == state::idle) {
        start();
    } else if (state_ == state::ready) {
        flush();
    }
    if (co_await mine.wait()) {
        co_return mine.take_result();
    }
    if (mine.is_late()) {
        expire();
    }
    reply none = reply::unreachable("Redis at " + address_.text() + ": no answer in time");
    none.sent = mine.sent();
    co_return none;
}

void node::start() {
    state_ = state::connecting;
    boost::asio::co_spawn(
        executor_, serve(shared_from_this()),
        [self = shared_from_this()](const std::exception_ptr& error) {
            if (error) {  // there was no memory
                self->drop_link();
                self->state_ = state::idle;
                self->fail_all("Redis at " + self->address_.text() + ": the connection failed");
            }
        });
}

// Keeps a connection until nobody wants it.
task<void> node::serve(std::shared_ptr<node> self) {
    unsigned failures = 0;  // since it was connected last
    unsigned pauses = 0;
    while (!self->is_closed_) {
        std::string why = co_await self->connect();
        if (why.empty()) {
            failures = 0;
            pauses = 0;
            self->state_ = state::ready;
            ++self->connection_;
            self->flush();
            why = co_await self->take_replies();
            self->drop_link();
            self->fail_sent_often(why);
            if (self->expected_.empty()) {
                break;
            }
            self->state_ = state::connecting;
            continue;
        }
        self->drop_link();
        ++self->attempt_;
        if (++failures < self->addresses_ && self->state_ == state::connecting) {
            continue;
        }
        self->why_ = why;
        self->state_ = state::broken;
        self->fail_all(why);
        if (clock::now() - self->wanted_at_ > longest_unasked) {
            break;
        }
        self->pause_.expires_after(self->pause_after(pauses++));
        auto pause = self->pause_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        co_await std::move(pause);
    }
    self->state_ = state::idle;
    if (self->is_closed_) {
        self->fail_all("the store of Redis is closed");
    }
}

// @return Why it failed; empty when it is connected.
task<std::string> node::connect() {
    std::string why;
    try {
        address_ = co_await where_(attempt_);
        link_ = std::make_shared<link>(executor_, address_, settings_->tls);
        if (is_closed_) {
            co_return "closed";
        }
        co_await link_->open(settings_->connect_time, settings_->as);
    } catch (const std::exception& error) {
        why = error.what();
    }
    co_return why;
}

// @return Why there are no more.
task<std::string> node::take_replies() {
    const std::shared_ptr<link> from = link_;
    std::string why;
    try {
        for (;;) {
            take(co_await from->next_reply());
        }
    } catch (const link::broken& error) {
        why = error.what();
    }
    co_return why;
}

void node::take(reply&& next) {
    if (sent_ == 0) {
        throw link::broken("sent a reply that nobody asked for");
    }
    expected_reply& front = expected_.front();
    if (--front.left > 0) {
        return;
    }
    waiter* const by = front.by;
    expected_.pop_front();
    --sent_;
    if (by != nullptr) {
        by->complete(std::move(next));
    }
}

void node::flush() {
    for (; sent_ < expected_.size(); ++sent_) {
        link_->send(expected_[sent_].by->send());
    }
}

// Its reply is to be skipped, unless it was not sent.
void node::abandon(const waiter& which) noexcept {
    const auto at = std::find_if(expected_.begin(), expected_.end(),
                                 [&](const expected_reply& each) { return each.by == &which; });
    if (at == expected_.end()) {
        return;
    }
    if (static_cast<std::size_t>(at - expected_.begin()) < sent_) {
        at->by = nullptr;
    } else {
        expected_.erase(at);
    }
}

// A command was not answered in time: the connection may be dead. One that is being made has used
// up the patience of its first command, so others do not wait for it.
void node::expire() noexcept {
    if (state_ == state::ready) {
        reconnect();
    } else if (state_ == state::connecting) {
        why_ = "Redis at " + address_.text() + ": no connection in time";
        state_ = state::broken;
    }
}

void node::reconnect() noexcept {
    if (state_ == state::ready && link_ != nullptr) {
        link_->abort();
    }
}

void node::close() noexcept {
    is_closed_ = true;
    pause_.cancel();
    if (link_ != nullptr) {
        link_->abort();
    }
}

// What is on the connection has to be sent again, but for what nobody waits for.
void node::drop_link() noexcept {
    if (link_ != nullptr) {
        link_->abort();
        link_.reset();
    }
    sent_ = 0;
    std::erase_if(expected_, [](const expected_reply& each) { return each.by == nullptr; });
    for (expected_reply& each : expected_) {
        each.left = each.by->replies();
    }
}

// A server that accepts and breaks off again is no better than one that is away.
void node::fail_sent_often(const std::string& why) {
    std::erase_if(expected_, [&](const expected_reply& each) {
        const bool is_over = each.by->sent() >= most_sends;
        if (is_over) {
            each.by->complete(reply::unreachable(why));
        }
        return is_over;
    });
}

void node::fail_all(const std::string& why) {
    for (const expected_reply& each : std::exchange(expected_, {})) {
        if (each.by != nullptr) {
            each.by->complete(reply::unreachable(why));
        }
    }
    sent_ = 0;
}

// Spread, so that many instances do not all come at once.
std::chrono::milliseconds node::pause_after(unsigned pauses) {
    const std::chrono::milliseconds most =
        std::min(longest_pause, first_pause * (1U << std::min(pauses, 10U)));
    return std::chrono::milliseconds{
        std::uniform_int_distribution<std::int64_t>{most.count() / 2, most.count()}(random_)};
}

}  // namespace cloakroom::redis
