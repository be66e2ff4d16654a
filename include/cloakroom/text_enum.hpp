// SPDX-License-Identifier: MIT
// Enums that are text on the outside: in paths, forms, queries and JSON.
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

namespace cloakroom {

/// Enums with a function `bool from_text(std::string_view, Enum&)` beside them, found by
/// argument-dependent lookup, that is false for a text that means none of them.
template <class T>
concept text_enum = std::is_enum_v<T> && requires(std::string_view text, T& value) {
    { from_text(text, value) } -> std::same_as<bool>;
};

}  // namespace cloakroom
