// SPDX-License-Identifier: MIT
// Coroutine handlers: handlers that return a task<T>. The only public header that includes Asio.
#pragma once

#include <cloakroom/result.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace cloakroom {

/// What a coroutine handler returns; await anything of Asio's in it. It runs on the event loop of
/// its connection, which also is `boost::asio::this_coro::executor`: it must not block, and needs
/// no locks against other handlers of that loop.
///
/// The request and the session stay valid until it ends, also when the client leaves. It is
/// destroyed at a co_await when the server stops before it ends. One that is destroyed at another
/// time, by what it awaits or because memory has run out, is answered with 500.
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
                              std::move(running), completion(on));
    }

private:
    class dropped final : public std::exception {
    public:
        [[nodiscard]] const char* what() const noexcept override {
            return "the coroutine was destroyed before its end: what it awaited has dropped it, or "
                   "there was no memory to go on";
        }
    };

    // Goes on with the exchange, once. Asio drops it uncalled where it has no memory to go on with
    // the coroutine: later, when co_spawn() itself threw, and another request may have the exchange
    // then. It also does where the io_context ends, which does not run then.
    class completion {
    public:
        explicit completion(exchange& on) noexcept
            : on_(&on), held_(on.hold()), suspension_(on.suspensions()) {}
        completion(completion&& other) noexcept
            : on_(std::exchange(other.on_, nullptr)),
              held_(std::move(other.held_)),
              suspension_(other.suspension_) {}
        completion& operator=(completion&&) = delete;
        ~completion() {
            if (on_ != nullptr && is_loop_running() && on_->is_suspended() &&
                on_->suspensions() == suspension_) {
                finish(std::make_exception_ptr(dropped()), {});
            }
        }

        void operator()(std::exception_ptr error, T made) noexcept {
            finish(std::move(error), std::move(made));
        }

    private:
        [[nodiscard]] bool is_loop_running() const noexcept {
            return static_cast<boost::asio::io_context*>(on_->io_context())
                ->get_executor()
                .running_in_this_thread();
        }

        void finish(std::exception_ptr error, T made) noexcept {
            exchange& on = *std::exchange(on_, nullptr);
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

        exchange* on_;
        std::shared_ptr<void> held_;
        std::uint32_t suspension_;
    };
};

}  // namespace cloakroom
