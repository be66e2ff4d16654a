// SPDX-License-Identifier: MIT
// Names the members of a struct once, for JSON, forms and queries alike:
//
//     struct search {
//         std::string text;
//         int page = 1;
//         static constexpr auto fields = cloakroom::fields(cloakroom::field("text", &search::text),
//                                                          cloakroom::field("page", &search::page)
//                                                              .optional());
//     };
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cloakroom {

/// A member with its name on the outside.
template <class Class, class Member>
struct field {
    constexpr field(std::string_view outside, Member Class::*inside)
        : name(outside), member(inside) {}

    /// The member keeps its initial value where the input lacks the field; without this, that is
    /// an error. Members of type std::optional need no such word.
    [[nodiscard]] constexpr field optional() const {
        field copy = *this;
        copy.is_optional = true;
        return copy;
    }

    std::string_view name;
    Member Class::*member;
    bool is_optional = false;
};

/// The fields of a struct, for its `static constexpr auto fields`.
template <class... Fields>
[[nodiscard]] constexpr std::tuple<Fields...> fields(Fields... each) {
    return {each...};
}

/// True for structs with `fields`.
template <class T>
concept has_fields = requires {
    std::tuple_size<std::remove_cvref_t<decltype(T::fields)>>::value;
};

/// True for std::optional.
template <class T>
inline constexpr bool is_optional_member = false;
template <class T>
inline constexpr bool is_optional_member<std::optional<T>> = true;

/// What json_body, form_body and query are: a value, to be read as through a pointer. Moved from,
/// it gives the value away: `keep(*std::move(body))`.
template <class T>
class bound_value {
public:
    explicit bound_value(T value) : value_(std::move(value)) {}
    [[nodiscard]] const T& operator*() const& noexcept { return value_; }
    [[nodiscard]] T&& operator*() && noexcept { return std::move(value_); }
    [[nodiscard]] const T* operator->() const noexcept { return &value_; }

private:
    T value_;
};

}  // namespace cloakroom
