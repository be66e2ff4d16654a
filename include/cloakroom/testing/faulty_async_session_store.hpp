// SPDX-License-Identifier: MIT
// An async_session_store that passes on to another store and fails on command, as
// faulty_session_store, but without blocking a thread when it hangs.
#pragma once

#include <cloakroom/async_session_store.hpp>
#include <cloakroom/testing/store_faults.hpp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::testing {

/// Thread-safe, as every store; release() may be called by any thread. Must outlive the event loops
/// that its operations run on, which who gives it to an app by a shared_ptr need not care about.
class faulty_async_session_store final : public async_session_store, public store_faults {
public:
    explicit faulty_async_session_store(std::shared_ptr<async_session_store> inner)
        : inner_(std::move(inner)) {}

    /// Around a store that answers at once.
    explicit faulty_async_session_store(std::shared_ptr<session_store> inner)
        : inner_(std::make_shared<immediate_store>(std::move(inner))) {}

    /// Whether what hangs or answers late goes on when it is cancelled. If not, it waits for
    /// release() in any case. As it is when an operation begins to wait.
    void honour_cancellation(bool honours) noexcept { honours_ = honours; }

    /// Lets all go on that wait now.
    void release() {
        const std::scoped_lock lock{mutex_};
        for (boost::asio::steady_timer* each : timers_) {
            boost::asio::post(each->get_executor(), [this, each] { wake(each); });
        }
    }

    /// How many operations wait for release(). One that was destroyed does not.
    [[nodiscard]] std::size_t waiting() const {
        const std::scoped_lock lock{mutex_};
        return timers_.size();
    }

    /// Blocks until exactly so many wait.
    void await_waiting(std::size_t count) {
        std::unique_lock lock{mutex_};
        changes_.wait(lock, [&] { return timers_.size() == count; });
    }

    void prepare(const session_setting& setting) override { inner_->prepare(setting); }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return inner_->capabilities();
    }

    [[nodiscard]] task<session_load> load(const session_token& token, session_time now,
                                          stored_session& into) override {
        const store_fault what = of_loads();
        const session_load outcome = co_await pass_on(
            what, session_load::failed, [&] { return inner_->load(token, now, into); });
        spoil(what, into);
        co_return outcome;
    }

    [[nodiscard]] task<session_commit> commit(session_change change, session_time now,
                                              session_committed& into) override {
        const store_fault what = of_commits();
        const session_commit outcome = co_await pass_on(
            what, session_commit::unavailable, [&] { return inner_->commit(change, now, into); });
        spoil(what, into);
        co_return outcome;
    }

    [[nodiscard]] task<session_load> list(std::string_view owner, const session_token& current,
                                          session_time now,
                                          std::vector<session_summary>& into) override {
        co_return co_await pass_on(of_loads(), session_load::failed,
                                   [&] { return inner_->list(owner, current, now, into); });
    }

    [[nodiscard]] task<session_commit> end(std::string_view owner, std::string_view handle,
                                           session_time now) override {
        co_return co_await pass_on(of_commits(), session_commit::unavailable,
                                   [&] { return inner_->end(owner, handle, now); });
    }

    [[nodiscard]] task<session_commit> end_all(std::string_view owner, const session_token* spared,
                                               session_time now) override {
        co_return co_await pass_on(of_commits(), session_commit::unavailable,
                                   [&] { return inner_->end_all(owner, spared, now); });
    }

    [[nodiscard]] task<bool> ping(session_time now) override {
        co_return co_await pass_on(of_loads(), false, [&] { return inner_->ping(now); });
    }

    [[nodiscard]] session_metrics metrics() const override { return inner_->metrics(); }

private:
    // A store that answers at once, as a coroutine.
    class immediate_store final : public async_session_store {
    public:
        explicit immediate_store(std::shared_ptr<session_store> store) : store_(std::move(store)) {}

        void prepare(const session_setting& setting) override { store_->prepare(setting); }
        [[nodiscard]] session_capabilities capabilities() const noexcept override {
            return store_->capabilities();
        }
        [[nodiscard]] task<session_load> load(const session_token& token, session_time now,
                                              stored_session& into) override {
            co_return store_->load(token, now, into);
        }
        [[nodiscard]] task<session_commit> commit(session_change change, session_time now,
                                                  session_committed& into) override {
            co_return store_->commit(change, now, into);
        }
        [[nodiscard]] task<session_load> list(std::string_view owner, const session_token& current,
                                              session_time now,
                                              std::vector<session_summary>& into) override {
            co_return store_->list(owner, current, now, into);
        }
        [[nodiscard]] task<session_commit> end(std::string_view owner, std::string_view handle,
                                               session_time now) override {
            co_return store_->end(owner, handle, now);
        }
        [[nodiscard]] task<session_commit> end_all(std::string_view owner,
                                                   const session_token* spared,
                                                   session_time now) override {
            co_return store_->end_all(owner, spared, now);
        }
        [[nodiscard]] task<bool> ping(session_time now) override { co_return store_->ping(now); }
        [[nodiscard]] session_metrics metrics() const override { return store_->metrics(); }

    private:
        std::shared_ptr<session_store> store_;
    };

    // Its timer is known while it waits, also when the coroutine is destroyed meanwhile.
    class guest {
    public:
        guest(faulty_async_session_store& at, boost::asio::steady_timer& timer)
            : at_(at), timer_(timer) {
            const std::scoped_lock lock{at_.mutex_};
            at_.timers_.push_back(&timer_);
            at_.changes_.notify_all();
        }
        guest(const guest&) = delete;
        guest& operator=(const guest&) = delete;
        ~guest() {
            const std::scoped_lock lock{at_.mutex_};
            std::erase(at_.timers_, &timer_);
            at_.changes_.notify_all();
        }

    private:
        faulty_async_session_store& at_;
        boost::asio::steady_timer& timer_;
    };

    // `ask` is called unless the fault is one that has nothing asked, and must outlive the wait.
    template <class Outcome, class Ask>
    task<Outcome> pass_on(store_fault what, Outcome failure, Ask ask) {
        if (ends_at_once(what)) {
            co_return failure;
        }
        if (what == store_fault::hangs) {
            co_await wait();
        }
        const Outcome outcome = co_await ask();
        if (what == store_fault::answers_late) {
            co_await wait();
        }
        co_return spoil(what, outcome);
    }

    task<void> wait() {
        const bool honours = honours_;
        if (!honours) {
            co_await boost::asio::this_coro::reset_cancellation_state(
                boost::asio::disable_cancellation());
        }
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                        boost::asio::steady_timer::time_point::max());
        const guest here(*this, timer);
        boost::system::error_code released;
        co_await timer.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, released));
    }

    // On the loop of that operation, which may have ended meanwhile.
    void wake(boost::asio::steady_timer* timer) {
        const std::scoped_lock lock{mutex_};
        if (std::find(timers_.begin(), timers_.end(), timer) != timers_.end()) {
            timer->cancel();
        }
    }

    std::shared_ptr<async_session_store> inner_;
    mutable std::mutex mutex_;
    std::condition_variable changes_;
    std::vector<boost::asio::steady_timer*> timers_;
    std::atomic<bool> honours_ = true;
};

}  // namespace cloakroom::testing
