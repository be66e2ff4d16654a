// SPDX-License-Identifier: MIT
#include "redis/invalidation_feed.hpp"

#include "redis/command.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace cloakroom::redis {
namespace {

// A lost feed is looked for after so long, and while somebody has wanted it for so long.
constexpr std::chrono::milliseconds pause_time{200};
constexpr std::chrono::seconds interest{30};

// So many signs of life are asked for in the time that one is good for.
constexpr int beats = 4;

}  // namespace

invalidation_feed::invalidation_feed(boost::asio::any_io_executor executor,
                                     std::shared_ptr<const node_settings> settings,
                                     std::shared_ptr<node> of, std::string prefix,
                                     std::chrono::milliseconds most_stale,
                                     std::size_t capacity_bytes)
    : executor_(std::move(executor)),
      settings_(std::move(settings)),
      of_(std::move(of)),
      prefix_(std::move(prefix)),
      most_stale_(most_stale),
      cache_(std::make_shared<session_cache>(capacity_bytes)),
      pause_(executor_) {}

std::shared_ptr<session_cache> invalidation_feed::current() {
    wanted_at_ = clock::now();
    if (!is_running_ && !is_closed_ && of_->connection() != 0) {
        is_running_ = true;
        boost::asio::co_spawn(
            executor_, serve(shared_from_this()),
            [self = shared_from_this()](const std::exception_ptr&) { self->is_running_ = false; });
    }
    const bool is_current = link_ != nullptr && of_->connection() == connection_ &&
                            wanted_at_ - confirmed_at_ <= most_stale_;
    return is_current ? cache_ : nullptr;
}

// Feeds the cache until nobody wants it.
task<void> invalidation_feed::serve(std::shared_ptr<invalidation_feed> self) {
    while (!self->is_closed_ && clock::now() - self->wanted_at_ < interest) {
        const unsigned connection = self->of_->connection();
        const auto on =
            std::make_shared<link>(self->executor_, self->of_->address(), self->settings_->tls);
        try {
            co_await on->open(self->settings_->connect_time, self->settings_->as);
            co_await subscribe(on, self->prefix_);
            self->begin(on, connection);
            for (;;) {
                self->take(co_await on->next_reply());
            }
        } catch (const link::broken&) {
            // Nothing is cached meanwhile. What is wrong with Redis, the commands find out.
        }
        on->abort();
        self->link_.reset();
        self->cache_->clear();
        self->pause_.expires_after(pause_time);
        auto pause = self->pause_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        co_await std::move(pause);
    }
}

// The connection tracks for itself: news come as messages of a channel.
task<void> invalidation_feed::subscribe(std::shared_ptr<link> on, std::string prefix) {
    std::string ask_id = make_command({"CLIENT", "ID"});
    const reply id = co_await on->ask(std::move(ask_id));
    std::string track = make_command({"CLIENT", "TRACKING", "ON", "REDIRECT",
                                      std::to_string(id.number), "BCAST", "PREFIX", prefix});
    const reply tracked = co_await on->ask(std::move(track));
    std::string subscribe = make_command({"SUBSCRIBE", "__redis__:invalidate"});
    const reply subscribed = co_await on->ask(std::move(subscribe));
    if (!tracked.is(reply::kind::status) || !subscribed.is(reply::kind::list)) {
        throw link::broken("does not track keys");
    }
}

// What was cached is of an earlier feed.
void invalidation_feed::begin(const std::shared_ptr<link>& on, unsigned connection) {
    cache_->clear();
    connection_ = connection;
    asked_at_ = confirmed_at_ = {};
    link_ = on;
    boost::asio::co_spawn(executor_, beat(shared_from_this(), on), boost::asio::detached);
}

// Asks for signs of life, and ends a feed that gives none, or that is of another connection's time:
// the server may be another one by now.
task<void> invalidation_feed::beat(std::shared_ptr<invalidation_feed> self,
                                   std::shared_ptr<link> on) {
    const std::string ping = make_command({"PING"});
    boost::asio::steady_timer timer(self->executor_);
    while (self->link_ == on) {
        const clock::time_point now = clock::now();
        const bool is_silent = self->asked_at_ > self->confirmed_at_;
        if (self->is_closed_ || self->of_->connection() != self->connection_ ||
            now - self->wanted_at_ >= interest ||
            (is_silent && now - self->asked_at_ > self->settings_->connect_time)) {
            on->abort();
            break;
        }
        if (!is_silent) {
            self->asked_at_ = now;
            on->send(ping);
        }
        timer.expires_after(self->most_stale_ / beats);
        auto beat = timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        co_await std::move(beat);
    }
}

// A message that names keys, or none of them when anything may have changed; or a sign of life.
void invalidation_feed::take(const reply& news) {
    const std::vector<reply>& parts = news.elements;
    if (parts.size() == 2 && parts[0].text == "pong") {
        confirmed_at_ = asked_at_;
        return;
    }
    if (parts.size() != 3 || parts[0].text != "message") {
        throw link::broken("sent what is no news");
    }
    if (!parts[2].is(reply::kind::list)) {
        cache_->clear();
    }
    for (const reply& each : parts[2].elements) {
        cache_->drop(each.text);
    }
}

void invalidation_feed::close() noexcept {
    is_closed_ = true;
    pause_.cancel();
    if (link_ != nullptr) {
        link_->abort();
    }
}

}  // namespace cloakroom::redis
