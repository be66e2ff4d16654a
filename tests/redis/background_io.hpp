// SPDX-License-Identifier: MIT
// A thread that runs an io_context, for a test's servers: all that they own is touched there alone.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <future>
#include <memory>
#include <thread>
#include <utility>

namespace cloakroom::redis {

/// Declare it after what its handlers use: it ends the thread first.
class background_io {
public:
    /// @param context  Outlives this object.
    explicit background_io(boost::asio::io_context& context)
        : context_(context), work_(context.get_executor()), thread_([this] { context_.run(); }) {}
    background_io(const background_io&) = delete;
    background_io& operator=(const background_io&) = delete;
    ~background_io() {
        context_.stop();
        thread_.join();
    }

    /// Runs `action` on the thread, and returns, or throws, as it has. Not from the thread itself.
    template <typename Action>
    auto run(Action action) {
        const auto task =
            std::make_shared<std::packaged_task<decltype(action())()>>(std::move(action));
        auto result = task->get_future();
        boost::asio::post(context_, [task] { (*task)(); });
        return result.get();
    }

private:
    boost::asio::io_context& context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

}  // namespace cloakroom::redis
