// SPDX-License-Identifier: MIT
// Route patterns, checked against the handler while compiling.
//
//     /users             itself
//     /users/{id}        one segment, not empty
//     /files/{path...}   the rest of the path, also empty; last only
#pragma once

#include <cloakroom/handler.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {

/// A pattern that is known only when the program runs; checked when the route is registered.
struct runtime_pattern {
    std::string text;
};

/// How many placeholders a pattern has.
[[nodiscard]] constexpr std::size_t count_placeholders(std::string_view pattern) noexcept {
    std::size_t count = 0;
    for (const char each : pattern) {
        count += each == '{' ? 1U : 0U;
    }
    return count;
}

// Not constexpr, so that a call stops the compiler, whose message has the name.

/// Is called for a pattern without one.
void a_pattern_begins_with_a_slash();
/// Is called for a pattern that does not.
void a_pattern_closes_each_brace_it_opens();
/// Is called where they differ. HandlerTakes is path_parameters of the handler's number.
template <class HandlerTakes>
void the_handler_takes_another_number_of_path_parameters_than_the_pattern_has_placeholders();

/// Says in an error message how many it was.
template <std::size_t Count>
struct path_parameters {};

/// A pattern for a handler of type Handler. Only a literal converts to it by itself.
template <class Handler>
class pattern {
public:
    template <std::convertible_to<std::string_view> Text>
    consteval pattern(const Text& text)  // NOLINT(*-explicit-*): a literal is meant to convert
        : text_(text) {
        check(text_);
    }

    pattern(const runtime_pattern& text)  // NOLINT(*-explicit-*)
        : text_(text.text), is_runtime_(true) {}

    [[nodiscard]] std::string_view text() const noexcept { return text_; }

    /// Whether the number of placeholders is still to be compared with the handler's.
    [[nodiscard]] bool is_runtime() const noexcept { return is_runtime_; }

private:
    static consteval void check(std::string_view text) {
        if (text.empty() || text.front() != '/') {
            a_pattern_begins_with_a_slash();
        }
        std::size_t open = 0;
        for (const char each : text) {
            if ((each == '{' && open != 0) || (each == '}' && open == 0)) {
                a_pattern_closes_each_brace_it_opens();
            }
            open += each == '{' ? 1U : 0U;
            open -= each == '}' ? 1U : 0U;
        }
        if (open != 0) {
            a_pattern_closes_each_brace_it_opens();
        }
        using function = typename unwrapped_handler<Handler>::function;
        if constexpr (handler_signature<
                          function>::knows_parameters) {  // else make_endpoint() says what is wrong
            constexpr std::size_t taken = handler_signature<function>::path_count;
            if (taken != count_placeholders(text)) {
                the_handler_takes_another_number_of_path_parameters_than_the_pattern_has_placeholders<
                    path_parameters<taken>>();
            }
        }
    }

    std::string_view text_;
    bool is_runtime_ = false;
};

/// How many path parameters a handler takes.
template <class Handler>
[[nodiscard]] constexpr std::size_t path_parameter_count() noexcept {
    using function = typename unwrapped_handler<Handler>::function;
    if constexpr (handler_signature<function>::is_known) {
        return handler_signature<function>::path_count;
    }
    return 0;
}

}  // namespace cloakroom
