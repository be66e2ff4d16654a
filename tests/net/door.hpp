// SPDX-License-Identifier: MIT
// A door that handlers wait at until the test opens it, so that tests need no sleeps.
#pragma once

#include <cloakroom/async.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace cloakroom::net {

/// Thread-safe. A handler takes it as service<door>.
class door {
public:
    door() = default;
    door(const door&) = delete;
    door& operator=(const door&) = delete;

    /// For handlers on the event loop.
    task<void> pass() {
        boost::asio::steady_timer waits(co_await boost::asio::this_coro::executor,
                                        boost::asio::steady_timer::time_point::max());
        const guest here(*this, &waits);
        if (!is_open()) {
            boost::system::error_code cancelled;
            co_await waits.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
        }
    }

    /// For handlers that may block their thread.
    void pass_blocking() {
        const guest here(*this, nullptr);
        std::unique_lock lock(mutex_);
        changes_.wait(lock, [this] { return is_open_; });
    }

    /// Lets all go on, those too that come later.
    void open() {
        const std::lock_guard lock(mutex_);
        is_open_ = true;
        for (boost::asio::steady_timer* each : timers_) {
            boost::asio::post(each->get_executor(), [this, each] { release(each); });
        }
        changes_.notify_all();
    }

    /// Waits until so many have come to the door since it was made. @return False after 30 s.
    [[nodiscard]] bool has_met(unsigned guests) {
        return wait([this, guests] { return met_ >= guests; });
    }

    /// Waits until nobody is at the door: all went on, or were destroyed while they waited.
    [[nodiscard]] bool is_left() {
        return wait([this] { return here_ == 0; });
    }

private:
    // Somebody at the door. Its end tells that a suspended coroutine was destroyed.
    class guest {
    public:
        guest(door& at, boost::asio::steady_timer* timer) : door_(at), timer_(timer) {
            const std::lock_guard lock(door_.mutex_);
            if (timer_ != nullptr) {
                door_.timers_.push_back(timer_);
            }
            ++door_.met_;
            ++door_.here_;
            door_.changes_.notify_all();
        }
        guest(const guest&) = delete;
        guest& operator=(const guest&) = delete;
        ~guest() {
            const std::lock_guard lock(door_.mutex_);
            std::erase(door_.timers_, timer_);
            --door_.here_;
            door_.changes_.notify_all();
        }

    private:
        door& door_;
        boost::asio::steady_timer* timer_;
    };

    template <class Condition>
    bool wait(Condition condition) {
        std::unique_lock lock(mutex_);
        return changes_.wait_for(lock, std::chrono::seconds{30}, condition);
    }

    bool is_open() {
        const std::lock_guard lock(mutex_);
        return is_open_;
    }

    void release(boost::asio::steady_timer* timer) {
        const std::lock_guard lock(mutex_);
        if (std::find(timers_.begin(), timers_.end(), timer) != timers_.end()) {
            timer->cancel();
        }
    }

    std::mutex mutex_;
    std::condition_variable changes_;
    std::vector<boost::asio::steady_timer*> timers_;
    unsigned met_ = 0;
    unsigned here_ = 0;
    bool is_open_ = false;
};

}  // namespace cloakroom::net
