// SPDX-License-Identifier: MIT
// JSON in and out: json_body<T> parameters, results of type json and of structs with `fields`, and
// values of any JSON type in sessions. What is read is checked: nothing is cut, wrapped or guessed.
// Long, because it is the only header that includes nlohmann_json; what does without compiles fast.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/json_codec.hpp>
#include <cloakroom/json_fields.hpp>
#include <cloakroom/parameter.hpp>
#include <cloakroom/result.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <list>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cloakroom {

/// nlohmann_json's value type.
using json = nlohmann::json;

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

/// JSON that does not fit a C++ type, with what is wrong by path, such as "items.3.count"; the path
/// of the whole is empty. It is no http_error, because not all JSON comes from the client: only
/// json_body makes a 422 of it.
class json_mismatch : public std::runtime_error {
public:
    explicit json_mismatch(std::vector<field_error> errors);

    [[nodiscard]] const std::vector<field_error>& errors() const noexcept { return errors_; }

private:
    std::vector<field_error> errors_;
};

/// The 422 that tells the client what is wrong with its JSON.
[[nodiscard]] http_error unprocessable(const json_mismatch& mismatch);

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

/// True when `value` is a finite number within the range of Float. nlohmann_json itself would take
/// `true` for 1, and make infinity of what does not fit.
template <std::floating_point Float>
[[nodiscard]] bool holds_number(const json& value) {
    if (!value.is_number()) {
        return false;
    }
    const auto number = value.get<double>();
    return number >= std::numeric_limits<Float>::lowest() &&
           number <= std::numeric_limits<Float>::max();
}

/// Containers that are JSON arrays of any length.
template <class T>
inline constexpr bool is_json_list = false;
template <class... Of>
inline constexpr bool is_json_list<std::vector<Of...>> = true;
template <class... Of>
inline constexpr bool is_json_list<std::deque<Of...>> = true;
template <class... Of>
inline constexpr bool is_json_list<std::list<Of...>> = true;
template <class... Of>
inline constexpr bool is_json_list<std::set<Of...>> = true;
template <class... Of>
inline constexpr bool is_json_list<std::unordered_set<Of...>> = true;

/// Maps that are JSON objects with any names.
template <class T>
inline constexpr bool is_json_map = false;
template <class... Of>
inline constexpr bool is_json_map<std::map<std::string, Of...>> = true;
template <class... Of>
inline constexpr bool is_json_map<std::unordered_map<std::string, Of...>> = true;

/// What is a JSON array of fixed length.
template <class T>
inline constexpr bool is_json_tuple = false;
template <class Element, std::size_t Size>
inline constexpr bool is_json_tuple<std::array<Element, Size>> = true;
template <class... Of>
inline constexpr bool is_json_tuple<std::pair<Of...>> = true;
template <class... Of>
inline constexpr bool is_json_tuple<std::tuple<Of...>> = true;

/// Types with a `to_json` of their own, such as NLOHMANN_JSON_SERIALIZE_ENUM writes.
template <class T>
concept has_own_to_json = requires(json& out, const T& value) {
    to_json(out, value);
};

/// Reads C++ values from JSON, and notes what does not fit: an entry in errors() each, and the
/// value is unspecified.
class json_reader {
public:
    [[nodiscard]] std::vector<field_error>& errors() noexcept { return errors_; }

    /// Reads one value of any type that bind_json() knows.
    template <class T>
    void read(const json& value, const json_place& at, T& into) {
        static_assert(!std::is_same_v<T, std::string_view>,
                      "cloakroom: a field of JSON is std::string, not a view");
        if constexpr (is_optional_member<T>) {
            read_optional(value, at, into);
        } else if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
            read_number(value, at, into);
        } else if constexpr (std::is_enum_v<T>) {
            read_enum(value, at, into);
        } else if constexpr (has_fields<T>) {
            read_fields(value, at, into);
        } else if constexpr (is_json_list<T>) {
            read_list(value, at, into);
        } else if constexpr (is_json_map<T>) {
            read_map(value, at, into);
        } else if constexpr (is_json_tuple<T>) {
            read_tuple(value, at, into);
        } else {
            convert(value, at, into);
        }
    }

private:
    template <class Optional>
    void read_optional(const json& value, const json_place& at, Optional& into) {
        if (value.is_null()) {
            into.reset();
        } else {
            // Not into emplace(): GCC 12 then takes the optional for uninitialised.
            typename Optional::value_type held{};
            read(value, at, held);
            into = std::move(held);
        }
    }

    template <class Number>
    void read_number(const json& value, const json_place& at, Number& into) {
        if constexpr (std::is_integral_v<Number>) {
            if (!holds_integer<Number>(value)) {
                return refuse(at, "expected an integer in range");
            }
        } else {
            if (!holds_number<Number>(value)) {
                return refuse(at, "expected a number in range");
            }
        }
        value.get_to(into);
    }

    template <class Enum>
    void read_enum(const json& value, const json_place& at, Enum& into) {
        if constexpr (text_enum<Enum>) {
            if (!value.is_string() || !from_text(value.get_ref<const std::string&>(), into)) {
                refuse(at, "has a value that is not understood");
            }
        } else if (is_out_of_range<Enum>(value) ||
                   (convert(value, at, into) && is_guessed(value, into))) {
            refuse(at, "has a value that is not understood");
        }
    }

    /// Whether it is a number that the enum has no room for; nlohmann_json would wrap it, or worse.
    template <class Enum>
    [[nodiscard]] static bool is_out_of_range(const json& value) {
        return !has_own_to_json<Enum> && value.is_number() &&
               !holds_integer<std::underlying_type_t<Enum>>(value);
    }

    /// Whether nlohmann_json took an unknown name for the enum's first one.
    template <class Enum>
    [[nodiscard]] static bool is_guessed(const json& value, const Enum& read) {
        if constexpr (has_own_to_json<Enum>) {
            return to_json_text(json(read)) != to_json_text(value);
        }
        return false;
    }

    template <class T>
    void read_fields(const json& value, const json_place& at, T& into) {
        if (!value.is_object()) {
            return refuse(at, "expected an object");
        }
        T::fields.for_each([&](const auto& each) {
            this->read_field(value, json_place(at, each.name), each, into);
        });
    }

    template <class T, class Class, class Member>
    void read_field(const json& object, const json_place& at, const field<Class, Member>& each,
                    T& into) {
        const auto found = object.find(each.name);
        if (found != object.end()) {
            read(*found, at, into.*(each.member));
        } else if (!each.is_optional && !is_optional_member<Member>) {
            refuse(at, "is missing");
        }
    }

    // Of the elements, one fault is enough: there may be as many as elements.

    template <class List>
    void read_list(const json& value, const json_place& at, List& into) {
        if (!value.is_array()) {
            return refuse(at, "expected an array");
        }
        into.clear();
        const std::size_t errors_before = errors_.size();
        std::size_t index = 0;
        for (const json& each : value) {
            typename List::value_type element{};
            read(each, json_place(at, index++), element);
            if (errors_.size() != errors_before) {
                return;
            }
            into.insert(into.end(), std::move(element));
        }
    }

    template <class Map>
    void read_map(const json& value, const json_place& at, Map& into) {
        if (!value.is_object()) {
            return refuse(at, "expected an object");
        }
        into.clear();
        const std::size_t errors_before = errors_.size();
        for (const auto& [name, each] : value.get_ref<const json::object_t&>()) {
            read(each, json_place(at, std::string_view{name}), into[name]);
            if (errors_.size() != errors_before) {
                return;
            }
        }
    }

    template <class Tuple>
    void read_tuple(const json& value, const json_place& at, Tuple& into) {
        constexpr std::size_t size = std::tuple_size_v<Tuple>;
        if (!value.is_array() || value.size() != size) {
            return refuse(at, "expected an array of " + std::to_string(size));
        }
        [&]<std::size_t... Indices>(std::index_sequence<Indices...>) {
            (read(value[Indices], json_place(at, Indices), std::get<Indices>(into)), ...);
        }
        (std::make_index_sequence<size>{});
    }

    /// By nlohmann_json. @return Whether it fits.
    template <class T>
    bool convert(const json& value, const json_place& at, T& into) {
        constexpr bool is_known = requires {
            value.get_to(into);
        };
        static_assert(is_known,
                      "cloakroom: JSON does not convert to this type: give the struct a `static "
                      "constexpr auto fields = cloakroom::fields(...)` (fields.hpp), or a "
                      "from_json as nlohmann_json wants it");
        if constexpr (is_known) {
            try {
                value.get_to(into);
                return true;
            } catch (const json_mismatch& inner) {  // a from_json that reads structs with fields
                refuse(at, inner);
            } catch (const json::exception& error) {
                refuse(at, json_complaint(error));
            }
        }
        return false;
    }

    void refuse(const json_place& at, std::string message);
    void refuse(const json_place& at, const json_mismatch& inner);

    std::vector<field_error> errors_;
};

/// The T that a JSON value makes: a struct with `fields`, a number, bool, text, an enum (by its
/// from_text, else as nlohmann_json converts it), and std::optional, lists, maps and tuples of
/// these. A type of your own converts by its from_json.
///
/// @throws json_mismatch for what does not fit; what a from_json throws, but json::exception.
template <class T>
[[nodiscard]] T bind_json(const json& value) {
    if constexpr (std::default_initializable<T>) {
        json_reader reader;
        T bound{};
        reader.read(value, json_place{}, bound);
        if (!reader.errors().empty()) {
            throw json_mismatch(std::move(reader.errors()));
        }
        return bound;
    } else {
        try {
            return value.get<T>();
        } catch (const json::exception& error) {
            throw json_mismatch(std::vector<field_error>{{"", json_complaint(error)}});
        }
    }
}

/// A handler parameter: the content as a T, as bind_json() makes it. Another Content-Type than JSON
/// is 415, malformed JSON 400, and JSON that does not fit 422 and names the fields.
template <class T>
class json_body : public bound_value<T> {
public:
    using bound_value<T>::bound_value;
};

template <class T>
struct parameter<json_body<T>> {
    static json_body<T> from(exchange& on) {
        const json value = json_of(on.request());
        try {
            return json_body<T>{bind_json<T>(value)};
        } catch (const json_mismatch& mismatch) {
            throw unprocessable(mismatch);
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

/// Structs with `fields`, and lists and maps of them. A to_response of their own goes first.
template <class T>
inline constexpr bool is_json_result = has_fields<T>;
template <class T>
    requires(is_json_list<T>)
inline constexpr bool is_json_result<T> = is_json_result<typename T::value_type>;
template <class T>
    requires(is_json_map<T>)
inline constexpr bool is_json_result<T> = is_json_result<typename T::mapped_type>;

template <class T>
    requires(is_json_result<T> && !converts_to_response<T>)
struct result<T> {
    static void into(exchange& on, T&& value) { result<json>::into(on, json(std::move(value))); }
};

/// Values of any other type that nlohmann_json converts.
template <class T>
    requires(!std::is_arithmetic_v<T> && !std::is_pointer_v<T> && !std::is_array_v<T> &&
             !json_native<T>)
struct json_codec<T> {
    static void encode(std::string& out, const T& value) { out += to_json_text(json(value)); }
    static bool decode(std::string_view text, T& value) {
        std::vector<field_error> ignored;
        return decode(text, value, ignored);
    }
    static bool decode(std::string_view text, T& value, std::vector<field_error>& errors) {
        try {
            value = bind_json<T>(json::parse(text));
            return true;
        } catch (const json::exception& error) {
            errors.push_back({"", json_complaint(error)});
        } catch (const json_mismatch& mismatch) {
            errors = mismatch.errors();
        }
        return false;
    }
};

}  // namespace cloakroom

/// Structs with `fields` convert to and from JSON. @throws json_mismatch
template <cloakroom::has_fields T>
struct nlohmann::adl_serializer<T> {
    static void to_json(json& out, const T& value) {
        out = json::object();
        T::fields.for_each([&](const auto& each) { write(out, each.name, value.*(each.member)); });
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

/// Enums that are read by from_text are written by a function `std::string_view to_text(Enum)`
/// beside it, where they have no conversion of nlohmann_json's. @throws json_mismatch
template <cloakroom::text_enum T>
    requires(!cloakroom::has_own_to_json<T>)
struct nlohmann::adl_serializer<T> {
    static void to_json(nlohmann::json& out, T value) {
        constexpr bool is_known = requires {
            to_text(value);
        };
        static_assert(is_known,
                      "cloakroom: an enum with a from_text needs std::string_view to_text(Enum) "
                      "beside it to become JSON");
        if constexpr (is_known) {
            out = std::string{to_text(value)};
        }
    }
    static void from_json(const nlohmann::json& in, T& value) {
        value = cloakroom::bind_json<T>(in);
    }
};
