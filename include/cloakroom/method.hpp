// SPDX-License-Identifier: MIT
// The request methods of RFC 9110 section 9.3 and RFC 5789, and their properties. Extension
// methods (PROPFIND and the like) are not represented: the server answers them with 501.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cloakroom {

/// A request method.
enum class method : std::uint8_t { get, head, post, put, delete_, connect, options, trace, patch };

/// How many methods there are: the values of `method` are 0 to `method_count - 1`.
inline constexpr std::size_t method_count = 9;

/// The method's token, for example "DELETE". The view is of static storage.
[[nodiscard]] std::string_view to_string(method value) noexcept;

/// The method with that token, compared case-sensitively as RFC 9110 section 9.1 demands; empty
/// for any other text.
[[nodiscard]] std::optional<method> parse_method(std::string_view token) noexcept;

/// True for the methods that only read: GET, HEAD, OPTIONS, TRACE. Source: RFC 9110 section 9.2.1.
[[nodiscard]] bool is_safe(method value) noexcept;

/// True where the same request twice has the effect of one: the safe methods, PUT and DELETE.
/// Source: RFC 9110 section 9.2.2.
[[nodiscard]] bool is_idempotent(method value) noexcept;

}  // namespace cloakroom
