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

/// Whether a parameter of that exact type can be made; if not, what it lacks is false.
template <class Parameter, bool IsSuspending = false>
struct parameter_check {
    using bare = std::remove_cvref_t<Parameter>;
    /// What outlives the handler and can be changed: a session, and what parameter<T> keeps.
    static constexpr bool is_kept = std::is_same_v<bare, session> || requires {
        requires parameter<bare>::is_kept;
    };
    static constexpr bool outlives_handler = is_kept || std::is_same_v<bare, request>;
    static constexpr bool is_mutable_reference =
        std::is_lvalue_reference_v<Parameter> &&
        !std::is_const_v<std::remove_reference_t<Parameter>>;

    static constexpr bool is_known = path_parameter<bare> || requires { sizeof(parameter<bare>); };
    /// Not what looks like a placeholder's type, but is none.
    static constexpr bool is_no_odd_placeholder =
        is_known || !(std::is_scalar_v<bare> ||
                      requires { requires std::is_scalar_v<typename bare::value_type>; });
    static constexpr bool is_readable = !std::is_enum_v<bare> || text_enum<bare>;
    static constexpr bool is_reference_if_needed =
        !outlives_handler || std::is_lvalue_reference_v<Parameter>;
    static constexpr bool is_constant = !is_known || !is_mutable_reference || is_kept;
    static constexpr bool lives_long_enough =
        !is_known || !IsSuspending || outlives_handler || !std::is_reference_v<Parameter>;
    static constexpr bool is_passed =
        is_known && is_readable && is_reference_if_needed && is_constant && lives_long_enough;
};

/// What the signature of a function says: of a function pointer, of a class with one operator(),
/// or of a pointer to a member function.
template <class Function>
struct handler_signature {
    static constexpr bool is_known = false;
    static constexpr bool knows_parameters = false;
};

template <class Result, class... Parameters>
struct handler_signature<Result (*)(Parameters...)> {
    static constexpr bool is_known = true;
    static constexpr bool is_mutable = false;
    using result_type = Result;
    using parameters = std::tuple<std::type_identity<Parameters>...>;
    static constexpr std::size_t path_count =
        (std::size_t{0} + ... + (path_parameter<std::remove_cvref_t<Parameters>> ? 1U : 0U));
    static constexpr bool knows_parameters = (parameter_check<Parameters>::is_known && ...);
};

template <class Result, class... Parameters>
struct handler_signature<Result (*)(Parameters...) noexcept>
    : handler_signature<Result (*)(Parameters...)> {};

template <class Result, class Class, class... Parameters>
struct handler_signature<Result (Class::*)(Parameters...) const>
    : handler_signature<Result (*)(Parameters...)> {};

template <class Result, class Class, class... Parameters>
struct handler_signature<Result (Class::*)(Parameters...) const noexcept>
    : handler_signature<Result (*)(Parameters...)> {};

template <class Result, class Class, class... Parameters>
struct handler_signature<Result (Class::*)(Parameters...)>
    : handler_signature<Result (*)(Parameters...)> {
    static constexpr bool is_mutable = true;
};

template <class Result, class Class, class... Parameters>
struct handler_signature<Result (Class::*)(Parameters...) noexcept>
    : handler_signature<Result (Class::*)(Parameters...)> {};

template <class Function>
    requires requires {
        &Function::operator();
    }
struct handler_signature<Function> : handler_signature<decltype(&Function::operator())> {};

/// What is left of a handler when blocking() and capturing() are taken off it.
template <class Handler>
struct unwrapped_handler {
    using function = Handler;
    static constexpr bool may_capture = false;
    static constexpr bool is_blocking = false;
    static Handler take(Handler&& handler) { return std::move(handler); }
};

template <class Function>
struct unwrapped_handler<capturing_handler<Function>> : unwrapped_handler<Function> {
    static constexpr bool may_capture = true;
    static auto take(capturing_handler<Function>&& handler) {
        return unwrapped_handler<Function>::take(std::move(handler.function));
    }
};

template <class Handler>
struct unwrapped_handler<blocking_handler<Handler>> : unwrapped_handler<Handler> {
    static constexpr bool is_blocking = true;
    static auto take(blocking_handler<Handler>&& handler) {
        return unwrapped_handler<Handler>::take(std::move(handler.handler));
    }
};

/// Stops the compiler with a sentence for a parameter that cannot be made. @return Whether it can.
template <class Parameter, bool IsSuspending>
[[nodiscard]] constexpr bool check_parameter() {
    using check = parameter_check<Parameter, IsSuspending>;
    static_assert(check::is_no_odd_placeholder,
                  "cloakroom: a path placeholder is taken as a number, an enum, std::string or "
                  "std::string_view, not as char, bool, a pointer or std::optional");
    static_assert(
        check::is_known || !check::is_no_odd_placeholder,
        "cloakroom: unknown handler parameter. A handler may take path placeholders "
        "(numbers, enums, std::string), const request&, session&, const session&, "
        "service<T>, json_body<T> (json.hpp), form_body<T> and query<T> (form.hpp), "
        "owned_sessions (owned_sessions.hpp), machine<M>& (machine.hpp), and types with a "
        "cloakroom::parameter<T>");
    static_assert(check::is_readable,
                  "cloakroom: an enum in a path needs bool from_text(std::string_view, Enum&) "
                  "beside it");
    static_assert(check::is_reference_if_needed,
                  "cloakroom: take the request as const request&, and the session as session& "
                  "or const session&; so too a machine<M>");
    static_assert(check::is_constant,
                  "cloakroom: take handler parameters by value or const reference; only "
                  "session& and machine<M>& can be changed");
    static_assert(
        check::lives_long_enough,
        "cloakroom: a coroutine handler takes its parameters by value (all but the "
        "request, the session and machines), because they must outlive its first co_await");
    return check::is_passed;
}

/// check_parameter() of all.
template <bool IsSuspending, class... Parameters>
[[nodiscard]] constexpr bool check_parameters(
    const std::tuple<std::type_identity<Parameters>...>& /*types*/) {
    return (check_parameter<Parameters, IsSuspending>() && ...);
}

/// The same for a function that keeps state.
template <class Function, bool MayCapture>
[[nodiscard]] constexpr bool check_statelessness() {
    constexpr bool is_mutable = handler_signature<Function>::is_mutable;
    constexpr bool is_captureless = std::is_empty_v<Function> || std::is_pointer_v<Function>;
    static_assert(!is_mutable,
                  "cloakroom: a handler must not be mutable: it keeps nothing between requests. "
                  "Keep what belongs to a visitor in a session&, and what the program shares in a "
                  "service<T>");
    static_assert(MayCapture || is_captureless,
                  "cloakroom: a handler must not capture: it keeps nothing between requests. "
                  "Take a service<T> for what the program shares, a session& for what belongs "
                  "to a visitor, or wrap the handler in capturing(...) for configuration");
    return !is_mutable && (MayCapture || is_captureless);
}

/// The same for a result that becomes no response.
template <class Result, bool IsBlocking>
[[nodiscard]] constexpr bool check_result() {
    constexpr bool is_known = response_now<Result> || response_later<Result>;
    constexpr bool is_blocking_coroutine = IsBlocking && response_later<Result>;
    static_assert(is_known,
                  "cloakroom: a handler cannot return this type. It may return text, json and "
                  "structs with fields (json.hpp), response, status, std::optional of these, task "
                  "of these (async.hpp), and types with a to_response(const T&)");
    static_assert(!is_blocking_coroutine,
                  "cloakroom: a blocking handler returns its result itself, not a task: a "
                  "coroutine does not block");
    return is_known && !is_blocking_coroutine;
}

/// What a function returns, as make_endpoint() takes it.
template <class Function>
using handler_result = std::remove_cvref_t<typename handler_signature<Function>::result_type>;

/// The same for all that a handler may get wrong.
template <class Handler>
[[nodiscard]] constexpr bool check_handler() {
    using wrapping = unwrapped_handler<Handler>;
    using function = typename wrapping::function;
    constexpr bool is_member = std::is_member_pointer_v<function>;
    constexpr bool is_known = handler_signature<function>::is_known;
    static_assert(!is_member,
                  "cloakroom: a pointer to a member function is no handler: it lacks the object. "
                  "Write a lambda that takes the object as a service<T>");
    static_assert(is_member || is_known,
                  "cloakroom: a handler is a function or a lambda whose parameters have types "
                  "(not auto), and it is not overloaded");
    if constexpr (is_known && !is_member) {
        constexpr bool is_suspending = response_later<handler_result<function>>;
        return check_statelessness<function, wrapping::may_capture>() &&
               check_result<handler_result<function>, wrapping::is_blocking>() &&
               check_parameters<is_suspending>(typename handler_signature<function>::parameters{});
    }
    return false;
}

/// The number of path parameters among the first `count` ones, which is the placeholder's index.
template <class... Parameters>
[[nodiscard]] constexpr std::size_t path_index(std::size_t count) {
    const bool is_path[] = {path_parameter<std::remove_cvref_t<Parameters>>..., false};
    std::size_t index = 0;
    for (std::size_t each = 0; each < count; ++each) {
        index += is_path[each] ? 1U : 0U;
    }
    return index;
}

/// One parameter's value: the placeholder's with that index, or made from the exchange.
template <class Parameter>
[[nodiscard]] decltype(auto) handler_argument(exchange& on, [[maybe_unused]] std::size_t index) {
    using bare = std::remove_cvref_t<Parameter>;
    if constexpr (path_parameter<bare>) {
        return path_argument<bare>(on, index);
    } else {
        return parameter<bare>::from(on);
    }
}

/// Adds what one parameter needs.
template <class Parameter>
void declare_needs(needs& needed) {
    using bare = std::remove_cvref_t<Parameter>;
    if constexpr (!path_parameter<bare>) {
        parameter<bare>::declare(needed);
    }
}

/// What all parameters need.
template <class... Parameters>
[[nodiscard]] needs needs_of(const std::tuple<std::type_identity<Parameters>...>& /*types*/) {
    needs needed;
    (declare_needs<Parameters>(needed), ...);
    return needed;
}

/// Calls `function` with parameters made from the exchange.
template <class Function, class... Parameters, std::size_t... Indices>
decltype(auto) call_with(const Function& function, exchange& on,
                         const std::tuple<std::type_identity<Parameters>...>& /*types*/,
                         std::index_sequence<Indices...> /*indices*/) {
    return function(handler_argument<Parameters>(on, path_index<Parameters...>(Indices))...);
}

/// The same with the parameters of its signature.
template <class Function>
decltype(auto) call_with_exchange(const Function& function, exchange& on) {
    using parameters = typename handler_signature<Function>::parameters;
    return call_with(function, on, parameters{},
                     std::make_index_sequence<std::tuple_size_v<parameters>>{});
}

/// Calls a handler and makes the response of its result: an endpoint's function.
template <class Function>
void call_endpoint(const void* target, exchange& on) {
    using result_type = handler_result<Function>;
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
    if constexpr (check_handler<Handler>()) {
        using wrapping = unwrapped_handler<Handler>;
        using function = typename wrapping::function;
        return endpoint(&call_endpoint<function>,
                        std::make_shared<const function>(wrapping::take(std::move(handler))),
                        needs_of(typename handler_signature<function>::parameters{}),
                        wrapping::is_blocking);
    } else {
        return {};
    }
}

}  // namespace cloakroom
