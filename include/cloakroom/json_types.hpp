// SPDX-License-Identifier: MIT
// Which C++ types are which JSON, for json_fields.hpp. Told by what a type offers, so that no header
// of a container has to be included.
#pragma once

#include <cloakroom/fields.hpp>

#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cloakroom {

/// Stands for the JSON value of whatever library, to ask what has conversions of its own.
struct any_json {
    template <class Json>
    operator Json&() const;  // NOLINT(google-explicit-constructor): it stands for a reference
};

/// Types with a `to_json` beside them, such as nlohmann_json's macros write. Unless they are
/// structs with `fields`, they are left to json_codec<T>.
template <class T>
concept has_to_json = requires(const any_json& out, const T& value) {
    to_json(out, value);
};

/// Enums that are text when they have from_text and to_text beside them, else integers.
template <class T>
concept json_enum = std::is_enum_v<T> && !has_to_json<T>;

/// std::vector, deque, list, set and the like: JSON arrays of any length.
template <class T>
concept json_list = !has_to_json<T> && requires(T & list, typename T::value_type element) {
    list.clear();
    list.insert(list.end(), std::move(element));
    requires !std::is_same_v<typename T::value_type, T>;  // as of nlohmann::json
}
&&!requires {
    typename T::mapped_type;
}
&&!requires {
    typename T::traits_type;
};

/// std::map and unordered_map with text for keys: JSON objects with any names.
template <class T>
concept json_map = !has_to_json<T> && std::is_same_v<typename T::key_type, std::string> &&
                   requires(T & map, std::string name) {
    typename T::mapped_type;
    map.clear();
    map.try_emplace(std::move(name)).first->second;
};

/// std::array, pair and tuple: JSON arrays of fixed length.
template <class T>
concept json_tuple = !has_to_json<T> && requires {
    std::tuple_size<T>::value;
};

/// Structs with nothing in them, such as events and states often are: an object of any members.
template <class T>
concept json_empty = std::is_empty_v<T> && std::is_aggregate_v<T> && !has_fields<T> &&
                     !has_to_json<T> && !json_tuple<T>;

/// std::chrono::duration: a number, its count.
template <class T>
concept json_duration = requires(const T& value, typename T::rep count) {
    typename T::period;
    requires std::is_same_v<decltype(value.count()), typename T::rep>;
    T(count);
};

/// Times of the system's clock, std::chrono::sys_time: a number, the count since the epoch.
template <class T>
concept json_time = json_duration<typename T::duration> && requires(const T& value) {
    &T::clock::to_time_t;
    value.time_since_epoch();
};

/// What read_json and write_json convert by themselves; numbers, bool and text aside, for which
/// json_codec.hpp is enough. What these consist of may be of other types.
template <class T>
concept json_native = has_fields<T> || is_optional_member<T> || json_enum<T> || json_list<T> ||
    json_map<T> || json_tuple<T> || json_empty<T> || json_duration<T> || json_time<T>;

}  // namespace cloakroom
