// SPDX-License-Identifier: MIT
// Makes an async_session_store a session_store, by waiting for each operation: for the contract
// (session_store_contract.hpp) and other tests. Not for an app: it blocks the calling thread.
#pragma once

#include <cloakroom/async_session_store.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cloakroom::testing {

/// Runs the operations of another store on event loops of its own, in turn, as an app does.
class awaited_session_store final : public session_store {
public:
    /// @param loops  How many event loops; at least 1.
    explicit awaited_session_store(std::shared_ptr<async_session_store> inner, unsigned loops = 2)
        : inner_(std::move(inner)), loops_(loops) {}

    void prepare(const session_setting& setting) override { inner_->prepare(setting); }

    [[nodiscard]] session_capabilities capabilities() const noexcept override {
        return inner_->capabilities();
    }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        return await(inner_->load(token, now, into));
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        return await(inner_->commit(change, now, into));
    }

    [[nodiscard]] session_load list(std::string_view owner, const session_token& current,
                                    session_time now, std::vector<session_summary>& into) override {
        return await(inner_->list(owner, current, now, into));
    }

    [[nodiscard]] session_commit end(std::string_view owner, std::string_view handle,
                                     session_time now) override {
        return await(inner_->end(owner, handle, now));
    }

    [[nodiscard]] session_commit end_all(std::string_view owner, const session_token* spared,
                                         session_time now) override {
        return await(inner_->end_all(owner, spared, now));
    }

    [[nodiscard]] bool ping(session_time now) override { return await(inner_->ping(now)); }

    [[nodiscard]] session_metrics metrics() const override { return inner_->metrics(); }

private:
    // An event loop on a thread. What is still on it when it ends is destroyed.
    class loop {
    public:
        loop() : thread_([this] { context_.run(); }) {}
        loop(const loop&) = delete;
        loop& operator=(const loop&) = delete;
        ~loop() {
            context_.stop();
            thread_.join();
        }

        [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

    private:
        boost::asio::io_context context_{1};
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
            context_.get_executor()};
        std::thread thread_;
    };

    template <class Outcome>
    Outcome await(task<Outcome> operation) {
        boost::asio::io_context& context = loops_[turn_++ % loops_.size()].context();
        return boost::asio::co_spawn(context, std::move(operation), boost::asio::use_future).get();
    }

    std::shared_ptr<async_session_store> inner_;  // outlives what is on the loops
    std::vector<loop> loops_;
    std::atomic<unsigned> turn_ = 0;
};

}  // namespace cloakroom::testing
