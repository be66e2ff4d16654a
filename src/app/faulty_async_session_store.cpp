// SPDX-License-Identifier: MIT
#include <cloakroom/testing/faulty_async_session_store.hpp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace cloakroom::testing {
namespace {

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
    [[nodiscard]] task<session_commit> end_all(std::string_view owner, const session_token* spared,
                                               session_time now) override {
        co_return store_->end_all(owner, spared, now);
    }
    [[nodiscard]] task<bool> ping(session_time now) override { co_return store_->ping(now); }
    [[nodiscard]] session_metrics metrics() const override { return store_->metrics(); }

private:
    std::shared_ptr<session_store> store_;
};

}  // namespace

// Where operations wait until they are let go on.
class faulty_async_session_store::waiting_room {
public:
    task<void> wait(bool honours_cancellation) {
        if (!honours_cancellation) {
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

    void release() {
        const std::scoped_lock lock{mutex_};
        for (boost::asio::steady_timer* each : timers_) {
            boost::asio::post(each->get_executor(), [this, each] { wake(each); });
        }
    }

    [[nodiscard]] std::size_t count() const {
        const std::scoped_lock lock{mutex_};
        return timers_.size();
    }

    void await_count(std::size_t count) {
        std::unique_lock lock{mutex_};
        changes_.wait(lock, [&] { return timers_.size() == count; });
    }

private:
    // Its timer is known while it waits, also when the coroutine is destroyed meanwhile.
    class guest {
    public:
        guest(waiting_room& at, boost::asio::steady_timer& timer) : at_(at), timer_(timer) {
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
        waiting_room& at_;
        boost::asio::steady_timer& timer_;
    };

    // On the loop of that operation, which may have ended meanwhile.
    void wake(boost::asio::steady_timer* timer) {
        const std::scoped_lock lock{mutex_};
        if (std::find(timers_.begin(), timers_.end(), timer) != timers_.end()) {
            timer->cancel();
        }
    }

    mutable std::mutex mutex_;
    std::condition_variable changes_;
    std::vector<boost::asio::steady_timer*> timers_;
};

faulty_async_session_store::faulty_async_session_store(std::shared_ptr<async_session_store> inner)
    : inner_(std::move(inner)), waiting_(std::make_unique<waiting_room>()) {}

faulty_async_session_store::faulty_async_session_store(std::shared_ptr<session_store> inner)
    : faulty_async_session_store(std::make_shared<immediate_store>(std::move(inner))) {}

faulty_async_session_store::~faulty_async_session_store() = default;

void faulty_async_session_store::release() {
    waiting_->release();
}

std::size_t faulty_async_session_store::waiting() const {
    return waiting_->count();
}

void faulty_async_session_store::await_waiting(std::size_t count) {
    waiting_->await_count(count);
}

void faulty_async_session_store::prepare(const session_setting& setting) {
    inner_->prepare(setting);
}

session_capabilities faulty_async_session_store::capabilities() const noexcept {
    return inner_->capabilities();
}

// `ask` is called unless the fault is one that has nothing asked, and must outlive the wait.
template <class Outcome, class Ask>
task<Outcome> faulty_async_session_store::pass_on(store_fault what, Outcome failure, Ask ask) {
    if (ends_at_once(what)) {
        co_return failure;
    }
    if (what == store_fault::hangs) {
        co_await waiting_->wait(honours_);
    }
    const Outcome outcome = co_await ask();
    if (what == store_fault::answers_late) {
        co_await waiting_->wait(honours_);
    }
    co_return spoil(what, outcome);
}

task<session_load> faulty_async_session_store::load(const session_token& token, session_time now,
                                                    stored_session& into) {
    const store_fault what = of_loads();
    const session_load outcome = co_await pass_on(what, session_load::failed,
                                                  [&] { return inner_->load(token, now, into); });
    spoil(what, into);
    co_return outcome;
}

task<session_commit> faulty_async_session_store::commit(session_change change, session_time now,
                                                        session_committed& into) {
    const store_fault what = of_commits();
    const session_commit outcome = co_await pass_on(
        what, session_commit::unavailable, [&] { return inner_->commit(change, now, into); });
    spoil(what, into);
    co_return outcome;
}

task<session_load> faulty_async_session_store::list(std::string_view owner,
                                                    const session_token& current, session_time now,
                                                    std::vector<session_summary>& into) {
    co_return co_await pass_on(of_loads(), session_load::failed,
                               [&] { return inner_->list(owner, current, now, into); });
}

task<session_commit> faulty_async_session_store::end(std::string_view owner,
                                                     std::string_view handle, session_time now) {
    co_return co_await pass_on(of_commits(), session_commit::unavailable,
                               [&] { return inner_->end(owner, handle, now); });
}

task<session_commit> faulty_async_session_store::end_all(std::string_view owner,
                                                         const session_token* spared,
                                                         session_time now) {
    co_return co_await pass_on(of_commits(), session_commit::unavailable,
                               [&] { return inner_->end_all(owner, spared, now); });
}

task<bool> faulty_async_session_store::ping(session_time now) {
    co_return co_await pass_on(of_loads(), false, [&] { return inner_->ping(now); });
}

session_metrics faulty_async_session_store::metrics() const {
    return inner_->metrics();
}

}  // namespace cloakroom::testing
