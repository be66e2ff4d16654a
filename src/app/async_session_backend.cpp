// SPDX-License-Identifier: MIT
#include "app/session_backend.hpp"
#include "app/store_answers.hpp"
#include <cloakroom/async_session_store.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace cloakroom {
namespace {

// So many operations that have not ended in time may still be running. Beyond, the store is not
// asked: one that hangs for ever would take ever more memory.
constexpr std::size_t most_overdue = 1'000;

// A store with what its operations have in common. Kept by each of them: they may outlive the app.
struct watched_store {
    watched_store(std::shared_ptr<async_session_store> which, std::chrono::milliseconds most_time)
        : store(std::move(which)), store_time(most_time) {}

    const std::shared_ptr<async_session_store> store;
    const std::chrono::milliseconds store_time;
    std::atomic<std::size_t> overdue = 0;
};

// The questions. Each owns what the store's coroutine refers to, and gives the answer to the
// exchange by deliver() only: the coroutine may outlast both.

struct ping_question {
    using outcome = bool;
    static constexpr outcome failure = false;

    session_time now;

    task<outcome> ask(async_session_store& store) const { return store.ping(now); }
    outcome deliver(outcome answer) const { return answer; }
};

struct load_question {
    using outcome = session_load;
    static constexpr outcome failure = session_load::failed;

    session_token token;
    session_time now;
    stored_session* to;
    stored_session into = {};

    task<outcome> ask(async_session_store& store) { return store.load(token, now, into); }

    outcome deliver(outcome answer) {
        const outcome result = checked_load(answer, into, now);
        if (result == session_load::found) {
            *to = std::move(into);
        }
        return result;
    }
};

struct commit_question {
    using outcome = session_commit;
    static constexpr outcome failure = session_commit::unavailable;

    session_change::operation what;
    session_token token;
    session_version expected;
    session_record record;
    session_time now;
    session_committed* to;
    session_committed into = {};

    task<outcome> ask(async_session_store& store) {
        return store.commit({what, token, expected, record}, now, into);
    }

    outcome deliver(outcome answer) {
        const outcome result = checked_commit(answer, what, into);
        *to = std::move(into);
        return result;
    }
};

struct list_question {
    using outcome = session_load;
    static constexpr outcome failure = session_load::failed;

    std::string owner;
    session_token current;
    session_time now;
    std::vector<session_summary>* to;
    std::vector<session_summary> into = {};

    task<outcome> ask(async_session_store& store) { return store.list(owner, current, now, into); }

    outcome deliver(outcome answer) {
        const outcome result = checked_list(answer);
        to->insert(to->end(), std::make_move_iterator(into.begin()),
                   std::make_move_iterator(into.end()));
        return result;
    }
};

struct end_question {
    using outcome = session_commit;
    static constexpr outcome failure = session_commit::unavailable;

    std::string owner;
    std::string handle;
    session_time now;

    task<outcome> ask(async_session_store& store) { return store.end(owner, handle, now); }
    outcome deliver(outcome answer) const { return checked_end(answer); }
};

struct end_all_question {
    using outcome = session_commit;
    static constexpr outcome failure = session_commit::unavailable;

    std::string owner;
    std::optional<session_token> spared;
    session_time now;

    task<outcome> ask(async_session_store& store) {
        return store.end_all(owner, spared ? &*spared : nullptr, now);
    }
    outcome deliver(outcome answer) const { return checked_end(answer); }
};

class dropped_operation final : public std::exception {
public:
    [[nodiscard]] const char* what() const noexcept override {
        return "an operation was destroyed before its end: what it awaited has dropped it, or "
               "there "
               "was no memory to go on";
    }
};

// One question on its way: the exchange waits until the answer or the deadline, whichever is
// first, and has nothing to do with the operation from then on. Used by one event loop.
template <class Question>
class operation : public std::enable_shared_from_this<operation<Question>> {
public:
    using outcome = typename Question::outcome;

    operation(std::shared_ptr<watched_store> of, exchange& on, outcome& result, Question&& asked)
        : of_(std::move(of)),
          on_(&on),
          hold_(on.hold()),
          result_(&result),
          question_(std::move(asked)),
          deadline_(*static_cast<boost::asio::io_context*>(on.io_context()), of_->store_time) {}
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;
    ~operation() {
        if (is_overdue_) {
            of_->overdue.fetch_sub(1, std::memory_order_relaxed);
        }
    }

    void start() {
        task<outcome> running = question_.ask(*of_->store);
        on_->suspend();
        try {
            deadline_.async_wait(
                [self = this->shared_from_this()](boost::system::error_code) { self->expire(); });
            boost::asio::co_spawn(deadline_.get_executor(), std::move(running),
                                  boost::asio::bind_cancellation_slot(
                                      cancellation_.slot(), completion(this->shared_from_this())));
        } catch (...) {
            if (on_ == nullptr) {
                return;  // it has gone on with the error already
            }
            on_ = nullptr;
            hold_ = nullptr;
            deadline_.cancel();
            throw;
        }
    }

private:
    // Tells the operation how it has ended, once: also where Asio, out of memory, drops it.
    class completion {
    public:
        explicit completion(std::shared_ptr<operation> of) noexcept : of_(std::move(of)) {}
        completion(completion&&) noexcept = default;
        completion& operator=(completion&&) = delete;
        ~completion() {
            if (of_ && of_->is_loop_running()) {
                of_->end(std::make_exception_ptr(dropped_operation()), Question::failure);
            }
        }

        void operator()(std::exception_ptr error, outcome answer) noexcept {
            std::exchange(of_, nullptr)->end(std::move(error), answer);
        }

    private:
        std::shared_ptr<operation> of_;
    };

    [[nodiscard]] bool is_loop_running() noexcept {
        return static_cast<boost::asio::io_context&>(deadline_.get_executor().context())
            .get_executor()
            .running_in_this_thread();
    }

    void end(std::exception_ptr error, outcome answer) noexcept {
        if (on_ == nullptr) {
            return;  // too late
        }
        exchange& on = *std::exchange(on_, nullptr);
        const std::shared_ptr<void> hold = std::move(hold_);
        try {
            deadline_.cancel();
            if (!error) {
                *result_ = question_.deliver(answer);
            }
        } catch (...) {
            error = std::current_exception();
        }
        if (error) {
            on.fail(std::move(error));
        } else {
            on.resume();
        }
    }

    void expire() noexcept {
        if (on_ == nullptr) {
            return;  // it was answered
        }
        exchange& on = *std::exchange(on_, nullptr);
        const std::shared_ptr<void> hold = std::move(hold_);
        is_overdue_ = true;
        of_->overdue.fetch_add(1, std::memory_order_relaxed);
        try {
            cancellation_.emit(boost::asio::cancellation_type::terminal);
            throw std::runtime_error("no answer within " + std::to_string(of_->store_time.count()) +
                                     " ms");
        } catch (...) {  // also what a cancellation of the store's own threw
            on.fail(std::current_exception());
        }
    }

    std::shared_ptr<watched_store> of_;
    exchange* on_;  // null once it has gone on
    std::shared_ptr<void> hold_;
    outcome* result_;
    Question question_;
    boost::asio::cancellation_signal cancellation_;
    boost::asio::steady_timer deadline_;
    bool is_overdue_ = false;
};

class awaiting_backend final : public session_backend {
public:
    awaiting_backend(std::shared_ptr<async_session_store> store,
                     std::chrono::milliseconds store_time)
        : of_(std::make_shared<watched_store>(std::move(store), store_time)) {}

    void prepare(const session_setting& setting) override { of_->store->prepare(setting); }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return of_->store->capabilities();
    }

    void ping(exchange& on, session_time now, bool& answers) override {
        start(on, answers, ping_question{now});
    }

    void load(exchange& on, const session_token& token, session_time now, stored_session& into,
              session_load& outcome) override {
        start(on, outcome, load_question{token, now, &into});
    }

    void commit(exchange& on, const session_change& change, session_time now,
                session_committed& into, session_commit& outcome) override {
        start(
            on, outcome,
            commit_question{change.what, change.token, change.expected, change.record, now, &into});
    }

    void list(exchange& on, std::string_view owner, const session_token& current, session_time now,
              std::vector<session_summary>& into, session_load& outcome) override {
        start(on, outcome, list_question{std::string{owner}, current, now, &into});
    }

    void end(exchange& on, std::string_view owner, std::string_view handle, session_time now,
             session_commit& outcome) override {
        start(on, outcome, end_question{std::string{owner}, std::string{handle}, now});
    }

    void end_all(exchange& on, std::string_view owner, const session_token* spared,
                 session_time now, session_commit& outcome) override {
        start(on, outcome,
              end_all_question{std::string{owner},
                               spared == nullptr ? std::nullopt : std::optional{*spared}, now});
    }

private:
    template <class Question>
    void start(exchange& on, typename Question::outcome& outcome, Question asked) const {
        outcome = Question::failure;
        if (of_->overdue.load(std::memory_order_relaxed) >= most_overdue) {
            throw std::runtime_error("too many of its operations have not ended in time");
        }
        std::make_shared<operation<Question>>(of_, on, outcome, std::move(asked))->start();
    }

    std::shared_ptr<watched_store> of_;
};

}  // namespace

std::unique_ptr<session_backend> make_backend(std::shared_ptr<async_session_store> store,
                                              std::chrono::milliseconds store_time) {
    return std::make_unique<awaiting_backend>(std::move(store), store_time);
}

}  // namespace cloakroom
