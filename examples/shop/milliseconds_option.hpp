// SPDX-License-Identifier: MIT
// A time on the command line, in milliseconds.
#pragma once

#include <cloakroom/command_line.hpp>
#include <cloakroom/setup_error.hpp>

#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <system_error>

namespace shop {

/// @throws cloakroom::setup_error for what is no number of milliseconds, from 1 to a day.
[[nodiscard]] inline std::chrono::milliseconds milliseconds_option(
    cloakroom::command_line& arguments, std::string_view name, std::string_view fallback,
    std::string_view help) {
    const std::string text = arguments.value(name, fallback, std::string{help} + ", in ms");
    long count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const bool is_number = error == std::errc{} && end == text.data() + text.size();
    if (!is_number || count < 1 || count > 86'400'000) {
        throw cloakroom::setup_error(std::string{name} +
                                     " is a number of milliseconds, from 1 to a day, not \"" +
                                     text + "\"");
    }
    return std::chrono::milliseconds{count};
}

}  // namespace shop
