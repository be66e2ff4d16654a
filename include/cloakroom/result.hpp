// SPDX-License-Identifier: MIT
// What a handler may return, and the response it becomes. A type of your own joins by a function
// `cloakroom::response to_response(const your_type&)` beside it.
#pragma once

#include <cloakroom/exchange.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/response.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace cloakroom {

/// Makes a response of a handler's result: `static void into(exchange&, T&&)`. A result that comes
/// later has `static void start(exchange&, T&&)` instead.
template <class T>
struct result;

/// The Content-Type of text.
inline constexpr std::string_view text_type = "text/plain; charset=utf-8";

/// Text that outlives the handler: a literal, or a part of the request.
template <>
struct result<std::string_view> {
    static void into(exchange& on, std::string_view text) {
        on.response().set_text_type().body_view(text);
    }
};

template <>
struct result<const char*> {
    static void into(exchange& on, const char* text) {
        result<std::string_view>::into(on, text == nullptr ? std::string_view{} : text);
    }
};

template <>
struct result<std::string> {
    static void into(exchange& on, std::string&& text) {
        on.response().set_text_type().body(std::move(text));
    }
};

template <>
struct result<response> {
    static void into(exchange& on, response&& made) { on.response() = std::move(made); }
};

template <>
struct result<status> {
    static void into(exchange& on, status code) {
        if (to_number(code) >= 400) {
            on.answer({code, {}, {}, {}});
        } else {
            on.response().status(code);
        }
    }
};

/// Empty is 404.
template <class T>
struct result<std::optional<T>> {
    static void into(exchange& on, std::optional<T>&& value) {
        if (value) {
            result<T>::into(on, std::move(*value));
        } else {
            on.answer({status::not_found, {}, {}, {}});
        }
    }
};

/// Types with a `to_response` beside them.
template <class T>
concept converts_to_response = requires(const T& value) {
    { to_response(value) } -> std::same_as<response>;
};

template <converts_to_response T>
struct result<T> {
    static void into(exchange& on, T&& value) { on.response() = to_response(value); }
};

/// Results that become a response at once.
template <class T>
concept response_now = requires(exchange& on, T&& value) {
    result<T>::into(on, std::move(value));
};

/// Results that become a response later, while the exchange is suspended.
template <class T>
concept response_later = requires(exchange& on, T&& value) {
    result<T>::start(on, std::move(value));
};

}  // namespace cloakroom
