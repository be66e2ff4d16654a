// SPDX-License-Identifier: MIT
// The store in Redis on one event loop, so on one connection, with what its operations throw as text.
#pragma once

#include "redis/background_io.hpp"
#include <cloakroom/async_session_store.hpp>
#include <cloakroom/redis_sessions.hpp>
#include <cloakroom/session_store.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom::redis {

/// Waits for operations, or has them go on beside the test. Thread-safe.
class store_on_loop {
public:
    using operation = session_change::operation;

    /// What became of a commit; `error` is what it threw, which counts as unavailable.
    struct committed {
        session_commit outcome = session_commit::unavailable;
        session_token token{};
        session_version version = 0;
        stored_session current{};
        std::string error{};
    };

    /// What became of a load; `error` is what it threw, which counts as failed.
    struct loaded {
        session_load outcome = session_load::failed;
        stored_session session{};
        std::string error{};
    };

    explicit store_on_loop(std::string_view url, redis_session_settings settings = {})
        : store_(redis_sessions(url, std::move(settings))) {}

    [[nodiscard]] std::future<committed> start_commit(operation what, session_token token,
                                                      session_version expected,
                                                      session_record record, session_time now);

    [[nodiscard]] std::future<loaded> start_load(session_token token, session_time now);

    committed commit(operation what, const session_token& token, session_version expected,
                     const session_record& record, session_time now) {
        return start_commit(what, token, expected, record, now).get();
    }

    loaded load(const session_token& token, session_time now) {
        return start_load(token, now).get();
    }

    /// @throws what the store throws.
    session_commit end_all(std::string_view owner, const session_token* spared, session_time now) {
        return start(store_->end_all(owner, spared, now)).get();
    }

    /// The live sessions of an owner. @throws what the store throws.
    std::vector<session_summary> list(std::string_view owner, session_time now) {
        std::vector<session_summary> found;
        const session_token nobodys;
        start(store_->list(owner, nobodys, now, found)).get();
        return found;
    }

    /// What is wrong with Redis; empty when a ping is answered.
    std::string ping_error(session_time now);

    [[nodiscard]] async_session_store& store() noexcept { return *store_; }
    [[nodiscard]] boost::asio::io_context& loop() noexcept { return loop_; }

private:
    template <class Result>
    std::future<Result> start(task<Result> work) {
        return boost::asio::co_spawn(loop_, std::move(work), boost::asio::use_future);
    }

    std::shared_ptr<async_session_store> store_;  // outlives what is on the loop
    boost::asio::io_context loop_{1};
    background_io thread_{loop_};
};

}  // namespace cloakroom::redis
