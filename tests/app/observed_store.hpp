// SPDX-License-Identifier: MIT
// Session stores for tests: one that counts what is asked of it, can be interfered with and can
// fail; and one that answers later.
#pragma once

#include <cloakroom/async_session_store.hpp>
#include <cloakroom/session_store.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {

/// Passes on to another store what is asked of it. Its members are set between requests.
class observed_store : public session_store {
public:
    using operation = session_change::operation;

    explicit observed_store(std::shared_ptr<session_store> inner) : inner_(std::move(inner)) {}

    std::atomic<int> loads = 0;
    std::vector<operation> commits;  ///< Those asked for, whatever became of them.
    bool load_fails = false;
    bool commit_fails = false;
    bool end_fails = false;  ///< end() and end_all().
    bool throws = false;
    bool commit_throws = false;
    int interferences = 0;  ///< So many of the next commits find that another came first.
    std::function<void(session_values&)> interference;  ///< What the other commit did.
    std::function<void()> before_commit;                ///< Called once, with the next commit.
    bool ends_first = false;  ///< The next commit finds the session ended.

    void prepare(const session_setting& setting) override { inner_->prepare(setting); }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return inner_->capabilities();
    }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        ++loads;
        if (throws) {
            throw std::runtime_error("the store is broken");
        }
        return load_fails ? session_load::failed : inner_->load(token, now, into);
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        commits.push_back(change.what);
        if (throws || commit_throws) {
            throw std::runtime_error("the store is broken");
        }
        if (commit_fails) {
            return session_commit::unavailable;
        }
        if (const auto call = std::exchange(before_commit, {})) {
            call();
        }
        if (std::exchange(ends_first, false)) {
            session_committed ignored;
            static_cast<void>(
                inner_->commit({operation::erase, change.token, 0, change.record}, now, ignored));
        }
        if (interferences > 0) {
            --interferences;
            interfere(change.token, now);
        }
        return inner_->commit(change, now, into);
    }

    [[nodiscard]] session_load list(std::string_view owner, const session_token& current,
                                    session_time now, std::vector<session_summary>& into) override {
        return load_fails ? session_load::failed : inner_->list(owner, current, now, into);
    }

    [[nodiscard]] session_commit end(std::string_view owner, std::string_view handle,
                                     session_time now) override {
        return end_fails ? session_commit::unavailable : inner_->end(owner, handle, now);
    }

    [[nodiscard]] session_commit end_all(std::string_view owner, const session_token* spared,
                                         session_time now) override {
        if (throws) {
            throw std::runtime_error("the store is broken");
        }
        return end_fails ? session_commit::unavailable : inner_->end_all(owner, spared, now);
    }

private:
    void interfere(const session_token& token, session_time now) {
        stored_session current;
        if (inner_->load(token, now, current) != session_load::found) {
            throw std::logic_error("there is no session to interfere with");
        }
        interference(current.record.values);
        session_committed ignored;
        const session_commit outcome = inner_->commit(
            {operation::replace, token, current.version, current.record}, now, ignored);
        if (outcome != session_commit::committed) {
            throw std::logic_error("the interference failed");
        }
    }

    std::shared_ptr<session_store> inner_;
};

/// Asks another store, but a moment later.
class waiting_store : public async_session_store {
public:
    explicit waiting_store(std::shared_ptr<session_store> inner) : inner_(std::move(inner)) {}

    void prepare(const session_setting& setting) override { inner_->prepare(setting); }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return inner_->capabilities();
    }

    [[nodiscard]] task<session_load> load(const session_token& token, session_time now,
                                          stored_session& into) override {
        co_await wait();
        co_return inner_->load(token, now, into);
    }

    [[nodiscard]] task<session_commit> commit(session_change change, session_time now,
                                              session_committed& into) override {
        co_await wait();
        co_return inner_->commit(change, now, into);
    }

    [[nodiscard]] task<session_load> list(std::string_view owner, const session_token& current,
                                          session_time now,
                                          std::vector<session_summary>& into) override {
        co_await wait();
        co_return inner_->list(owner, current, now, into);
    }

    [[nodiscard]] task<session_commit> end(std::string_view owner, std::string_view handle,
                                           session_time now) override {
        co_await wait();
        co_return inner_->end(owner, handle, now);
    }

    [[nodiscard]] task<session_commit> end_all(std::string_view owner, const session_token* spared,
                                               session_time now) override {
        co_await wait();
        co_return inner_->end_all(owner, spared, now);
    }

private:
    static task<void> wait() {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        timer.expires_after(std::chrono::microseconds{50});
        co_await timer.async_wait(boost::asio::use_awaitable);
    }

    std::shared_ptr<session_store> inner_;
};

}  // namespace cloakroom
