// SPDX-License-Identifier: MIT
// What a handler may ask for, by the type of its parameters. A type of your own joins by a
// specialisation of `parameter`.
#pragma once

#include <cloakroom/exchange.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/service.hpp>
#include <cloakroom/text_enum.hpp>

#include <charconv>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <vector>

namespace cloakroom {

/// What a route needs besides the request; checked before serving starts.
struct needs {
    bool session = false;
    bool session_if_unsafe = false;  // the session, but not for GET and other safe methods
    std::vector<bool (*)(const request&)> session_if = {};  // the session, where one is true
    bool owned_sessions = false;                            // to be loaded with the session
    bool store_answer = false;               // whether the session store answers, asked before
    session_capabilities capabilities = {};  // of the session store
    std::vector<const std::type_info*> services = {};
};

/// Makes a handler parameter of type T from an exchange. Specialise it for a type of your own:
///
///     template <> struct cloakroom::parameter<api_key> {
///         static api_key from(exchange& on);     // may throw http_error
///         static void declare(needs& needed) {}  // what from() takes of the app
///     };
///
/// Where from() takes the session or a service, declare() says so:
/// `parameter<session>::declare(needed); parameter<service<directory>>::declare(needed);`
///
/// Handlers take it by value or const reference. With `static constexpr bool is_kept = true` and a
/// from() that returns what exchange::keep() gave, by reference alone, and they can change it.
template <class T>
struct parameter;

template <>
struct parameter<request> {
    static const request& from(exchange& on) { return on.request(); }
    static void declare(needs& /*needed*/) {}
};

template <>
struct parameter<session> {
    static session& from(exchange& on) { return on.session(); }
    static void declare(needs& needed) { needed.session = true; }
};

template <class T>
struct parameter<service<T>> {
    static service<T> from(exchange& on) {
        return service<T>{*static_cast<T*>(on.find_service(typeid(T)))};
    }
    static void declare(needs& needed) { needed.services.push_back(&typeid(T)); }
};

/// Numbers that are read from text: neither bool nor a character.
template <class T>
concept text_number =
    std::is_arithmetic_v<T> && !std::is_same_v<T, char> && requires(const char* text, T& value) {
    std::from_chars(text, text, value);
};

/// True for the types that take the path's placeholders in order: numbers, enums and text. An enum
/// has to be a text_enum.
template <class T>
concept path_parameter = text_number<T> || std::is_enum_v<T> || std::is_same_v<T, std::string> ||
    std::is_same_v<T, std::string_view>;

/// Those that read_text() can read.
template <class T>
concept readable_text = path_parameter<T> &&(!std::is_enum_v<T> || text_enum<T>);

/// Reads `text` as a T: the whole of it, in decimal; no infinity, no NaN.
template <readable_text T>
[[nodiscard]] bool read_text(std::string_view text, T& value) {
    if constexpr (std::is_enum_v<T>) {
        return from_text(text, value);
    } else if constexpr (std::is_arithmetic_v<T>) {
        const char* const end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data(), end, value);
        if constexpr (std::is_floating_point_v<T>) {
            constexpr T highest = std::numeric_limits<T>::max();
            return error == std::errc{} && rest == end && value >= -highest && value <= highest;
        }
        return error == std::errc{} && rest == end;
    } else {
        value = T{text};
        return true;
    }
}

/// A placeholder's value as a T.
///
/// @throws http_error 404 when it is none: no resource has that path.
template <readable_text T>
[[nodiscard]] T path_argument(exchange& on, std::size_t index) {
    T value{};
    if (!read_text(on.path_value(index), value)) {
        throw http_error(status::not_found);
    }
    return value;
}

}  // namespace cloakroom
