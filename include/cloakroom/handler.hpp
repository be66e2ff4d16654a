// SPDX-License-Identifier: MIT
// The signature decides: turns a function into an endpoint by the types of its parameters and its
// result, and refuses at compile time what would keep state in the process.
#pragma once

#include <cloakroom/parameter.hpp>
#include <cloakroom/result.hpp>

#include <cstddef>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cloakroom {

/// A handler that may capture. Made by capturing().
template <class Function>
struct capturing_handler {
    Function function;
};

/// Lets a handler keep what it captured: the one escape from captureless handlers. What it captures
/// is shared by all requests and threads and is lost with the process, so it should be
/// configuration, never a visitor's state.
template <class Function>
[[nodiscard]] capturing_handler<Function> capturing(Function function) {
    return {std::move(function)};
}

/// A handler that runs on a worker thread. Made by blocking().
template <class Handler>
struct blocking_handler {
    Handler handler;
};

/// Runs a handler that waits or computes for long on the bounded pool of worker threads, so that
/// the event loop goes on. When the pool's queue is full the client gets 503 with Retry-After.
template <class Handler>
[[nodiscard]] blocking_handler<Handler> blocking(Handler handler) {
    return {std::move(handler)};
}

/// A handler, ready to be called, whatever its type was.
class endpoint {
public:
    using function = void (*)(const void* target, exchange& on);

    endpoint() = default;
    endpoint(function call, std::shared_ptr<const void> target, needs needed, bool is_blocking)
        : call_(call),
          target_(std::move(target)),
          needs_(std::move(needed)),
          is_blocking_(is_blocking) {}

    /// Leaves a response in `on`, or leaves it suspended. Throws what the handler throws.
    void operator()(exchange& on) const {
        if (is_blocking_) {
            on.run_on_worker(call_, target_.get());
        } else {
            call_(target_.get(), on);
        }
    }

    [[nodiscard]] const needs& needed() const noexcept { return needs_; }
    [[nodiscard]] explicit operator bool() const noexcept { return call_ != nullptr; }

private:
    function call_ = nullptr;
    std::shared_ptr<const void> target_;
    needs needs_;
    bool is_blocking_ = false;
};

/// What the signature of a function says.
template <class Function>
struct signature {
    static constexpr bool is_known = false;
};

template <class Result, class... Parameters>
struct signature<Result (*)(Parameters...)> {
    static constexpr bool is_known = true;
    static constexpr bool is_mutable = false;
    using result_type = Result;
    using parameters = std::tuple<std::type_identity<Parameters>...>;
    static constexpr std::size_t path_count =
        (std::size_t{0} + ... + (path_parameter<std::remove_cvref_t<Parameters>> ? 1U : 0U));
};

template <class Result, class... Parameters>
struct signature<Result (*)(Parameters...) noexcept> : signature<Result (*)(Parameters...)> {};

template <class Result, class Class, class... Parameters>
struct signature<Result (Class::*)(Parameters...) const> : signature<Result (*)(Parameters...)> {};

template <class Result, class Class, class... Parameters>
struct signature<Result (Class::*)(Parameters...) const noexcept>
    : signature<Result (*)(Parameters...)> {};

template <class Result, class Class, class... Parameters>
struct signature<Result (Class::*)(Parameters...)> : signature<Result (*)(Parameters...)> {
    static constexpr bool is_mutable = true;
};

template <class Function>
    requires requires {
        &Function::operator();
    }
struct signature<Function> : signature<decltype(&Function::operator())> {};

/// What is left of a handler when blocking() and capturing() are taken off it.
template <class Handler>
struct unwrapped {
    using function = Handler;
    static constexpr bool may_capture = false;
    static constexpr bool is_blocking = false;
    static Handler take(Handler&& handler) { return std::move(handler); }
};

template <class Function>
struct unwrapped<capturing_handler<Function>> : unwrapped<Function> {
    static constexpr bool may_capture = true;
    static Function take(capturing_handler<Function>&& handler) {
        return std::move(handler.function);
    }
};

template <class Handler>
struct unwrapped<blocking_handler<Handler>> : unwrapped<Handler> {
    static constexpr bool is_blocking = true;
    static auto take(blocking_handler<Handler>&& handler) {
        return unwrapped<Handler>::take(std::move(handler.handler));
    }
};

/// Whether a parameter of that exact type can be made, and how.
template <class Parameter>
struct parameter_check {
    using bare = std::remove_cvref_t<Parameter>;
    static constexpr bool is_mutable_reference =
        std::is_lvalue_reference_v<Parameter> &&
        !std::is_const_v<std::remove_reference_t<Parameter>>;
    static constexpr bool is_request_or_session =
        std::is_same_v<bare, request> || std::is_same_v<bare, session>;
    static constexpr bool is_known = path_parameter<bare> || requires { sizeof(parameter<bare>); };
};

template <class Parameter, bool IsSuspending>
constexpr void check_parameter() {
    using check = parameter_check<Parameter>;
    static_assert(check::is_known,
                  "cloakroom: unknown handler parameter. A handler may take path placeholders "
                  "(numbers, enums, std::string), const request&, session&, const session&, "
                  "service<T>, json_body<T> (json.hpp), form_body<T> and query<T> (form.hpp), and "
                  "types with a cloakroom::parameter<T>");
    if constexpr (check::is_known) {
        static_assert(!check::is_request_or_session || std::is_lvalue_reference_v<Parameter>,
                      "cloakroom: take the request as const request&, and the session as session& "
                      "or const session&");
        static_assert(!check::is_mutable_reference || std::is_same_v<typename check::bare, session>,
                      "cloakroom: take handler parameters by value or const reference; only "
                      "session& can be changed");
        static_assert(
            !IsSuspending || check::is_request_or_session || !std::is_reference_v<Parameter>,
            "cloakroom: a coroutine handler takes its parameters by value (all but the "
            "request and the session), because they must outlive its first co_await");
    }
}

/// The number of path parameters among the first `count` ones, which is the placeholder's index.
template <class... Parameters>
constexpr std::size_t path_index(std::size_t count) {
    const bool is_path[] = {path_parameter<std::remove_cvref_t<Parameters>>..., false};
    std::size_t index = 0;
    for (std::size_t each = 0; each < count; ++each) {
        index += is_path[each] ? 1U : 0U;
    }
    return index;
}

template <class Parameter>
decltype(auto) argument(exchange& on, [[maybe_unused]] std::size_t index) {
    using bare = std::remove_cvref_t<Parameter>;
    if constexpr (path_parameter<bare>) {
        return path_argument<bare>(on, index);
    } else {
        return parameter<bare>::from(on);
    }
}

template <class Parameter>
void declare_needs(needs& needed) {
    using bare = std::remove_cvref_t<Parameter>;
    if constexpr (!path_parameter<bare>) {
        parameter<bare>::declare(needed);
    }
    if constexpr (std::is_same_v<Parameter, session&>) {
        needed.session_to_write = true;
    }
}

/// Calls `function` with parameters made from the exchange.
template <class Function, class... Parameters, std::size_t... Indices>
decltype(auto) call_with(const Function& function, exchange& on,
                         const std::tuple<std::type_identity<Parameters>...>& /*types*/,
                         std::index_sequence<Indices...> /*indices*/) {
    return function(argument<Parameters>(on, path_index<Parameters...>(Indices))...);
}

template <class Function>
decltype(auto) call_with_exchange(const Function& function, exchange& on) {
    using parameters = typename signature<Function>::parameters;
    return call_with(function, on, parameters{},
                     std::make_index_sequence<std::tuple_size_v<parameters>>{});
}

template <class Function>
void call_endpoint(const void* target, exchange& on) {
    using result_type = std::remove_cvref_t<typename signature<Function>::result_type>;
    const auto respond = [&on](const Function& function) {
        if constexpr (response_later<result_type>) {
            result<result_type>::start(on, call_with_exchange(function, on));
        } else {
            result_type made = call_with_exchange(function, on);
            result<result_type>::into(on, std::move(made));
        }
    };
    if constexpr (std::is_empty_v<Function> && std::is_default_constructible_v<Function>) {
        respond(Function{});
    } else {
        respond(*static_cast<const Function*>(target));
    }
}

/// Makes an endpoint of a handler, or stops the compiler with a sentence that says why not.
template <class Handler>
[[nodiscard]] endpoint make_endpoint(Handler handler) {
    using wrapping = unwrapped<Handler>;
    using function = std::remove_cvref_t<decltype(wrapping::take(std::move(handler)))>;
    static_assert(signature<function>::is_known,
                  "cloakroom: a handler is a function or a lambda whose parameters have types "
                  "(not auto), and it is not overloaded");
    if constexpr (signature<function>::is_known) {
        using result_type = std::remove_cvref_t<typename signature<function>::result_type>;
        constexpr bool is_suspending = response_later<result_type>;
        static_assert(!signature<function>::is_mutable,
                      "cloakroom: a handler must not be mutable: it keeps nothing between "
                      "requests. Keep what belongs to a visitor in a session&, and what the "
                      "program shares in a service<T>");
        static_assert(
            wrapping::may_capture || std::is_empty_v<function> || std::is_pointer_v<function>,
            "cloakroom: a handler must not capture: it keeps nothing between requests. "
            "Take a service<T> for what the program shares, a session& for what belongs "
            "to a visitor, or wrap the handler in capturing(...) for configuration");
        static_assert(response_now<result_type> || is_suspending,
                      "cloakroom: a handler cannot return this type. It may return text, json "
                      "(json.hpp), response, status, std::optional of these, task of these "
                      "(async.hpp), and types with a to_response(const T&)");
        static_assert(!(wrapping::is_blocking && is_suspending),
                      "cloakroom: a blocking handler returns its result itself, not a task: a "
                      "coroutine does not block");
        needs needed;
        [&]<class... Parameters>(const std::tuple<std::type_identity<Parameters>...>&) {
            (check_parameter<Parameters, is_suspending>(), ...);
            if constexpr ((parameter_check<Parameters>::is_known && ...)) {
                (declare_needs<Parameters>(needed), ...);
            }
        }(typename signature<function>::parameters{});
        if constexpr (!signature<function>::is_mutable &&
                      (response_now<result_type> || is_suspending)) {
            return endpoint(&call_endpoint<function>,
                            std::make_shared<const function>(wrapping::take(std::move(handler))),
                            std::move(needed), wrapping::is_blocking);
        }
    }
    return {};
}

}  // namespace cloakroom
