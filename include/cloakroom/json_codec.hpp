// SPDX-License-Identifier: MIT
// How C++ values become JSON texts, such as those that a session holds. Numbers, bool and text are
// here; structs with `fields`, containers and enums in <cloakroom/json_fields.hpp>; with
// <cloakroom/json.hpp> included, so is every other type that nlohmann_json converts.
#pragma once

#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace cloakroom {

/// Converts a T to and from JSON text: `static void encode(std::string& out, const T&)` appends,
/// `static bool decode(std::string_view json, T&)` is false when the JSON is of another type.
template <class T>
struct json_codec;

namespace json_text {

void append(std::string& out, bool value);
void append(std::string& out, long long value);
void append(std::string& out, unsigned long long value);
/// @throws std::invalid_argument for infinity and NaN, which JSON cannot express.
void append(std::string& out, double value);

[[nodiscard]] bool read(std::string_view json, bool& value) noexcept;
[[nodiscard]] bool read(std::string_view json, long long& value) noexcept;
[[nodiscard]] bool read(std::string_view json, unsigned long long& value) noexcept;
[[nodiscard]] bool read(std::string_view json, double& value) noexcept;
[[nodiscard]] bool read(std::string_view json, std::string& value);

/// Whether it is one JSON value, of any type.
[[nodiscard]] bool is_json(std::string_view text);

}  // namespace json_text

template <>
struct json_codec<bool> {
    static void encode(std::string& out, bool value) { json_text::append(out, value); }
    static bool decode(std::string_view json, bool& value) { return json_text::read(json, value); }
};

template <std::integral T>
struct json_codec<T> {
    using widest = std::conditional_t<std::is_signed_v<T>, long long, unsigned long long>;

    static void encode(std::string& out, T value) {
        json_text::append(out, static_cast<widest>(value));
    }
    static bool decode(std::string_view json, T& value) {
        widest wide = 0;
        if (!json_text::read(json, wide)) {
            return false;
        }
        value = static_cast<T>(wide);
        return static_cast<widest>(value) == wide;
    }
};

template <std::floating_point T>
struct json_codec<T> {
    static void encode(std::string& out, T value) {
        json_text::append(out, static_cast<double>(value));
    }
    static bool decode(std::string_view json, T& value) {
        double wide = 0;
        // A double may be beyond what a float holds.
        if (!json_text::read(json, wide) || wide > std::numeric_limits<T>::max() ||
            wide < std::numeric_limits<T>::lowest()) {
            return false;
        }
        value = static_cast<T>(wide);
        return true;
    }
};

template <>
struct json_codec<std::string> {
    static void encode(std::string& out, std::string_view value);
    static bool decode(std::string_view json, std::string& value) {
        return json_text::read(json, value);
    }
};

template <>
struct json_codec<std::string_view> {
    static void encode(std::string& out, std::string_view value) {
        json_codec<std::string>::encode(out, value);
    }
};

template <>
struct json_codec<const char*> : json_codec<std::string_view> {};

template <>
struct json_codec<char*> : json_codec<std::string_view> {};

}  // namespace cloakroom
