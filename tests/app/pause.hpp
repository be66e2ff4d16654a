// SPDX-License-Identifier: MIT
#pragma once

#include <cloakroom/async.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cloakroom {

/// Suspends the coroutine until the event loop comes round.
inline task<void> pause() {
    const auto here = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(here, boost::asio::use_awaitable);
}

}  // namespace cloakroom
