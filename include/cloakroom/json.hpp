// SPDX-License-Identifier: MIT
// JSON in and out: results of type json, json_body<T> parameters, and values of any JSON type in
// sessions. The only header that includes nlohmann_json; what does not include it compiles faster.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/json_codec.hpp>
#include <cloakroom/parameter.hpp>
#include <cloakroom/result.hpp>

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cloakroom {

/// nlohmann_json's value type.
using json = nlohmann::json;

/// How deep arrays and objects may be nested in JSON that a client sends.
inline constexpr std::size_t max_json_depth = 64;

/// Parses JSON from a client.
///
/// @throws http_error 400 when it is malformed or nested deeper than max_json_depth.
[[nodiscard]] json parse_json(std::string_view text);

/// The request's content, parsed. @throws http_error 415 for another Content-Type, or as above.
[[nodiscard]] json json_of(const request& req);

/// As JSON text. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string to_json_text(const json& value);

/// The sentence of nlohmann's message without its own prefix; for error responses.
[[nodiscard]] std::string json_complaint(const json::exception& error);

/// True when `value` is an integer within the range of Integer. nlohmann_json itself would cut 1.5
/// to 1 and wrap what does not fit.
template <std::integral Integer>
[[nodiscard]] bool holds_integer(const json& value) {
    constexpr Integer lowest = std::numeric_limits<Integer>::min();
    constexpr Integer highest = std::numeric_limits<Integer>::max();
    if (value.is_number_unsigned()) {
        return value.get<std::uint64_t>() <= static_cast<std::uint64_t>(highest);
    }
    if (!value.is_number_integer()) {
        return false;
    }
    const auto number = value.get<std::int64_t>();
    if constexpr (std::is_unsigned_v<Integer>) {
        return number >= 0 && static_cast<std::uint64_t>(number) <= highest;
    } else {
        return number >= lowest && number <= highest;
    }
}

template <class Member>
inline constexpr bool is_vector_member = false;
template <class Element>
inline constexpr bool is_vector_member<std::vector<Element>> = true;

template <class Element>
void read_json_array(const json& value, const std::string& name, std::vector<Element>& member,
                     std::vector<field_error>& errors);

/// Reads one value; what it cannot read is an entry in `errors` under `name`.
template <class Member>
void read_json(const json& value, const std::string& name, Member& member,
               std::vector<field_error>& errors) {
    static_assert(!std::is_same_v<Member, std::string_view>,
                  "cloakroom: a field of JSON is std::string, not a view");
    if constexpr (std::is_integral_v<Member> && !std::is_same_v<Member, bool>) {
        if (!holds_integer<Member>(value)) {
            errors.push_back({name, "expected an integer in range"});
            return;
        }
    }
    try {
        if constexpr (is_vector_member<Member>) {
            read_json_array(value, name, member, errors);
        } else {
            value.get_to(member);
        }
    } catch (const http_error& error) {  // a nested struct with fields
        for (const field_error& inner : error.content().errors) {
            errors.push_back({name + "." + inner.field, inner.message});
        }
        if (error.content().errors.empty()) {
            errors.push_back({name, "expected an object"});
        }
    } catch (const json::exception& error) {
        errors.push_back({name, json_complaint(error)});
    }
}

template <class Element>
void read_json_array(const json& value, const std::string& name, std::vector<Element>& member,
                     std::vector<field_error>& errors) {
    if (!value.is_array()) {
        errors.push_back({name, "expected an array"});
        return;
    }
    member.clear();
    const std::size_t errors_before = errors.size();
    for (const json& each : value) {
        Element element{};
        read_json(each, name + "." + std::to_string(member.size()), element, errors);
        if (errors.size() != errors_before) {
            return;  // one fault is enough: there may be as many as elements
        }
        member.push_back(std::move(element));
    }
}

template <class T, class Member>
void bind_json(const json& object, const field<T, Member>& each, T& bound,
               std::vector<field_error>& errors) {
    const auto found = object.find(each.name);
    if (found == object.end() || (found->is_null() && is_optional_member<Member>)) {
        if (!each.is_optional && !is_optional_member<Member>) {
            errors.push_back({std::string{each.name}, "is missing"});
        }
        return;
    }
    if constexpr (is_optional_member<Member>) {
        read_json(*found, std::string{each.name}, (bound.*(each.member)).emplace(), errors);
    } else {
        read_json(*found, std::string{each.name}, bound.*(each.member), errors);
    }
}

/// The struct with `fields` that a JSON value makes.
///
/// @throws http_error 422 with the fields at fault.
template <has_fields T>
[[nodiscard]] T bind_json(const json& value) {
    if (!value.is_object()) {
        throw http_error(status::unprocessable_content, "Expected a JSON object.");
    }
    T bound{};
    std::vector<field_error> errors;
    std::apply([&](const auto&... each) { (bind_json(value, each, bound, errors), ...); },
               T::fields);
    if (!errors.empty()) {
        throw http_error(problem{status::unprocessable_content,
                                 "Some fields are not acceptable.",
                                 std::move(errors),
                                 {}});
    }
    return bound;
}

/// A handler parameter: the content as a T, which has `fields` (fields.hpp) or a conversion that
/// nlohmann_json knows. Another Content-Type than JSON is 415, malformed JSON 400, and JSON that is
/// no T 422.
template <class T>
class json_body {
public:
    explicit json_body(T value) : value_(std::move(value)) {}
    [[nodiscard]] const T& operator*() const noexcept { return value_; }
    [[nodiscard]] const T* operator->() const noexcept { return &value_; }

private:
    T value_;
};

template <class T>
struct parameter<json_body<T>> {
    static json_body<T> from(exchange& on) {
        const json value = json_of(on.request());
        if constexpr (has_fields<T>) {
            return json_body<T>{bind_json<T>(value)};
        } else {
            try {
                return json_body<T>{value.get<T>()};
            } catch (const json::exception& error) {
                throw http_error(status::unprocessable_content, json_complaint(error));
            }
        }
    }
    static void declare(needs& /*needed*/) {}
};

template <>
struct result<json> {
    static void into(exchange& on, json&& value) {
        on.response().set("Content-Type", "application/json").body(to_json_text(value));
    }
};

/// Values of any other type that nlohmann_json converts.
template <class T>
    requires(!std::is_arithmetic_v<T> && !std::is_pointer_v<T> && !std::is_array_v<T>)
struct json_codec<T> {
    static void encode(std::string& out, const T& value) { out += to_json_text(json(value)); }
    static bool decode(std::string_view text, T& value) {
        try {
            json::parse(text).get_to(value);
            return true;
        } catch (const json::exception&) {
            return false;
        } catch (const http_error&) {
            return false;
        }
    }
};

}  // namespace cloakroom

/// Structs with `fields` convert to and from JSON.
template <cloakroom::has_fields T>
struct nlohmann::adl_serializer<T> {
    static void to_json(json& out, const T& value) {
        out = json::object();
        std::apply([&](const auto&... each) { (write(out, each.name, value.*(each.member)), ...); },
                   T::fields);
    }
    static void from_json(const json& in, T& value) { value = cloakroom::bind_json<T>(in); }

private:
    template <class Member>
    static void write(json& out, std::string_view name, const Member& member) {
        if constexpr (cloakroom::is_optional_member<Member>) {
            out[std::string{name}] = member ? json(*member) : json();
        } else {
            out[std::string{name}] = member;
        }
    }
};
