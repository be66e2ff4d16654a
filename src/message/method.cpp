// SPDX-License-Identifier: MIT
#include <cloakroom/method.hpp>

#include <array>

namespace cloakroom {
namespace {

constexpr std::array<std::string_view, method_count> tokens{
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};

}  // namespace

std::string_view to_string(method value) noexcept {
    return tokens[static_cast<std::size_t>(value)];
}

std::optional<method> parse_method(std::string_view token) noexcept {
    for (std::size_t index = 0; index < tokens.size(); ++index) {
        if (tokens[index] == token) {
            return static_cast<method>(index);
        }
    }
    return std::nullopt;
}

bool is_safe(method value) noexcept {
    return value == method::get || value == method::head || value == method::options ||
           value == method::trace;
}

bool is_idempotent(method value) noexcept {
    return is_safe(value) || value == method::put || value == method::delete_;
}

}  // namespace cloakroom
