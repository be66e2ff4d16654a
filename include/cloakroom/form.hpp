// SPDX-License-Identifier: MIT
// Handler parameters bound from the query and from submitted forms.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/parameter.hpp>
#include <cloakroom/text.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloakroom {

/// The pairs of a query or of an application/x-www-form-urlencoded body, in order, decoded.
class form_values {
public:
    /// The media type of a form's content.
    static constexpr std::string_view media_type = "application/x-www-form-urlencoded";

    /// The most pairs that are read.
    static constexpr std::size_t max_values = 1000;

    /// @return Empty when a percent escape is malformed, there is a NUL, encoded or not, or there are
    ///         more than max_values pairs.
    [[nodiscard]] static std::optional<form_values> parse(std::string_view text);

    /// The first value of a name; empty if there is none. Valid as long as this.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;

    /// All values of a name, in order.
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;

    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& pairs() const noexcept {
        return pairs_;
    }

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

/// Reads true, on or 1, and false, off, 0 or nothing: what forms and scripts send.
[[nodiscard]] inline bool read_bool(std::string_view text, bool& value) noexcept {
    value = text == "true" || text == "on" || text == "1";
    return value || text == "false" || text == "off" || text == "0" || text.empty();
}

/// Reads one field's text. @return What is wrong with it; empty when nothing is.
template <class Value>
[[nodiscard]] std::string_view read_form_text(std::string_view text, Value& value) {
    static_assert(path_parameter<Value> || std::is_same_v<Value, bool>,
                  "cloakroom: a field of a form or query is a number, a bool, an enum, text, an "
                  "std::optional of these, or std::vector<std::string>");
    static_assert(!std::is_same_v<Value, std::string_view>,
                  "cloakroom: a field of a form or query is std::string, not a view");
    static_assert(!std::is_enum_v<Value> || text_enum<Value>,
                  "cloakroom: an enum in a form or query needs bool from_text(std::string_view, "
                  "Enum&) beside it");
    if constexpr (std::is_same_v<Value, bool>) {
        return read_bool(text, value) ? "" : "expected true or false";
    } else if constexpr (readable_text<Value>) {
        constexpr bool is_integer = std::is_integral_v<Value>;
        return read_text(text, value) ? ""
               : is_integer           ? "expected an integer in range"
                                      : "has a value that is not understood";
    }
    return "";
}

/// Binds one field; what it cannot read is an entry in `errors`.
template <class Member>
void bind_text(const form_values& values, std::string_view name, bool is_optional, Member& member,
               std::vector<field_error>& errors) {
    if constexpr (is_optional_member<Member>) {
        const std::optional<std::string_view> text = values.find(name);
        if (text && (!text->empty() || std::is_same_v<typename Member::value_type, std::string>)) {
            bind_text(values, name, false, member.emplace(), errors);
        }
    } else if constexpr (std::is_same_v<Member, std::vector<std::string>>) {
        member = values.all(name);
    } else {
        const std::optional<std::string_view> text = values.find(name);
        const bool is_left_empty = text && text->empty() && !std::is_same_v<Member, std::string>;
        std::string_view complaint;
        if (text && !(is_optional && is_left_empty)) {
            complaint = read_form_text(*text, member);
        } else if (!is_optional && std::is_same_v<Member, bool>) {
            member = Member{};
        } else if (!is_optional) {
            complaint = "is missing";
        }
        if (!complaint.empty()) {
            errors.push_back({std::string{name}, std::string{complaint}});
        }
    }
}

/// The struct that the values make. A field is a number, a bool, an enum with a from_text, text, or
/// an std::optional of these; std::vector<std::string> takes all values of its name, also none.
///
/// HTML forms send an input that was left empty as an empty text, and nothing for a checkbox that is
/// not checked. So an empty text counts as absent for what is optional and no text, and a bool that
/// is absent is false; `optional()` lets it keep its initial value instead.
///
/// @throws http_error with that status, and the fields at fault.
template <has_fields T>
[[nodiscard]] T bind_form(const form_values& values, status on_error) {
    T bound{};
    std::vector<field_error> errors;
    T::fields.for_each([&](const auto& each) {
        bind_text(values, each.name, each.is_optional, bound.*(each.member), errors);
    });
    if (!errors.empty()) {
        throw http_error(
            problem{on_error, "Some fields are not acceptable.", std::move(errors), {}});
    }
    return bound;
}

/// A handler parameter: the query as a T, which has `fields` (fields.hpp), bound as bind_form()
/// says. What cannot be read is 400 and names the fields.
template <class T>
class query : public bound_value<T> {
    static_assert(has_fields<T>,
                  "cloakroom: query<T> needs a struct T that names its members: add `static "
                  "constexpr auto fields = cloakroom::fields(...)` to it (fields.hpp)");

public:
    using bound_value<T>::bound_value;
};

/// A handler parameter: a submitted application/x-www-form-urlencoded form as a T, which has
/// `fields`, bound as bind_form() says. Another Content-Type is 415; what cannot be read is 422 and
/// names the fields.
template <class T>
class form_body : public bound_value<T> {
    static_assert(has_fields<T>,
                  "cloakroom: form_body<T> needs a struct T that names its members: add `static "
                  "constexpr auto fields = cloakroom::fields(...)` to it (fields.hpp)");

public:
    using bound_value<T>::bound_value;
};

/// The pairs of the request's query. @throws http_error 400 when it is malformed.
[[nodiscard]] form_values query_of(const request& req);

/// The pairs of the request's form. @throws http_error 415 or 400.
[[nodiscard]] form_values form_of(const request& req);

template <class T>
struct parameter<query<T>> {
    static query<T> from(exchange& on) {
        if constexpr (has_fields<T>) {  // else query says what is wrong, and that is enough
            return query<T>{bind_form<T>(query_of(on.request()), status::bad_request)};
        }
    }
    static void declare(needs& /*needed*/) {}
};

template <class T>
struct parameter<form_body<T>> {
    static form_body<T> from(exchange& on) {
        if constexpr (has_fields<T>) {
            return form_body<T>{bind_form<T>(form_of(on.request()), status::unprocessable_content)};
        }
    }
    static void declare(needs& /*needed*/) {}
};

}  // namespace cloakroom
