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

/// Some fields, in order. Not std::tuple, which takes the compiler several times as long.
template <class... Fields>
struct named_fields;

template <>
struct named_fields<> {
    static constexpr std::size_t count = 0;
    template <class Visit>
    constexpr void for_each(Visit& /*visit*/) const {}
};

template <class First, class... Rest>
struct named_fields<First, Rest...> {
    static constexpr std::size_t count = 1 + sizeof...(Rest);

    constexpr explicit named_fields(First one, Rest... others) : first(one), rest(others...) {}

    /// Calls `visit` with each field.
    template <class Visit>
    constexpr void for_each(Visit&& visit) const {
        visit(first);
        rest.for_each(visit);
    }

    template <std::size_t Index>
    [[nodiscard]] constexpr const auto& get() const noexcept {
        if constexpr (Index == 0) {
            return first;
        } else {
            return rest.template get<Index - 1>();
        }
    }

    First first;
    named_fields<Rest...> rest;
};

/// The fields of a struct, for its `static constexpr auto fields`.
template <class... Fields>
[[nodiscard]] constexpr named_fields<Fields...> fields(Fields... each) {
    return named_fields<Fields...>(each...);
}

template <class T>
inline constexpr bool is_named_fields = false;
template <class... Fields>
inline constexpr bool is_named_fields<const named_fields<Fields...>> = true;

/// True for structs with `fields`.
template <class T>
concept has_fields = is_named_fields<decltype(T::fields)>;

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
