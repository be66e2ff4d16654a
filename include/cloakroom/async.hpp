// SPDX-License-Identifier: MIT
// Coroutine handlers: handlers that return a task<T>. The only public header that includes Asio.
#pragma once

#include <cloakroom/result.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace cloakroom {

/// What a coroutine handler returns; await anything of Asio's in it. It runs on the event loop of
/// its connection, which also is `boost::asio::this_coro::executor`: it must not block, and needs
/// no locks against other handlers of that loop.
///
/// The request and the session stay valid until it ends, also when the client leaves. It is
/// destroyed at a co_await when the server stops before it ends.
template <class T>
using task = boost::asio::awaitable<T>;

/// The end of a coroutine handler becomes the response.
template <class T>
struct result<boost::asio::awaitable<T>> {
    static_assert(response_now<T>, "cloakroom: a task cannot have a result of this type");
    static_assert(std::is_default_constructible_v<T>,
                  "cloakroom: a task's result needs a default constructor, because Asio makes an "
                  "empty one where the task throws");

    static void start(exchange& on, task<T>&& running) {
        on.suspend();
        boost::asio::co_spawn(*static_cast<boost::asio::io_context*>(on.io_context()),
                              std::move(running),
                              [&on, held = on.hold()](std::exception_ptr error, T made) {
                                  finish(on, std::move(error), std::move(made));
                              });
    }

private:
    static void finish(exchange& on, std::exception_ptr error, T&& made) noexcept {
        if (!error) {
            try {
                result<T>::into(on, std::move(made));
            } catch (...) {
                error = std::current_exception();
            }
        }
        if (error) {
            on.fail(std::move(error));
        } else {
            on.resume();
        }
    }
};

}  // namespace cloakroom
