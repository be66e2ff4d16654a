// SPDX-License-Identifier: MIT
// Writes C++ values as JSON texts: write_json(), which json_fields.hpp completes.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/json_codec.hpp>
#include <cloakroom/json_members.hpp>
#include <cloakroom/json_types.hpp>
#include <cloakroom/text_enum.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace cloakroom {

/// Appends `value` as JSON. Members of structs are in the alphabetical order of their names.
///
/// @throws std::invalid_argument for infinity and NaN, which JSON cannot express.
template <class T>
void write_json(std::string& out, const T& value);

/// As write_json() does for each.
void write_json_members(std::string& out, json_members members, const void* object);

/// A member of a map, without its type.
struct json_map_entry {
    std::string_view name;
    const void* value;
    void (*write)(std::string& out, const void* value);
};

/// By name: what is equal has to be one text, whatever the order of the map is.
void write_json_map(std::string& out, std::vector<json_map_entry>&& entries);

template <class T>
void write_json_value(std::string& out, const void* value) {
    write_json(out, *static_cast<const T*>(value));
}

template <class Tuple, std::size_t... Indices>
void write_json_tuple(std::string& out, const Tuple& value, std::index_sequence<Indices...> /**/) {
    out += '[';
    ((out += Indices == 0 ? "" : ",", write_json(out, std::get<Indices>(value))), ...);
    out += ']';
}

template <class List>
void write_json_list(std::string& out, const List& list) {
    char separator = '[';
    for (const typename List::value_type& each : list) {
        out += separator;
        write_json(out, each);
        separator = ',';
    }
    out += separator == '[' ? "[]" : "]";
}

template <class Enum>
void write_json_enum(std::string& out, Enum value) {
    if constexpr (text_enum<Enum>) {
        constexpr bool is_known = requires {
            to_text(value);
        };
        static_assert(is_known,
                      "cloakroom: an enum with a from_text needs std::string_view to_text(Enum) "
                      "beside it to become JSON");
        if constexpr (is_known) {
            json_codec<std::string>::encode(out, to_text(value));
        }
    } else if constexpr (std::is_signed_v<std::underlying_type_t<Enum>>) {
        json_text::append(out, static_cast<long long>(value));
    } else {
        json_text::append(out, static_cast<unsigned long long>(value));
    }
}

template <class T>
void write_json(std::string& out, const T& value) {
    if constexpr (is_optional_member<T>) {
        if (value) {
            write_json(out, *value);
        } else {
            out += "null";
        }
    } else if constexpr (has_fields<T>) {
        write_json_members(out, json_members_of<T>(), &value);
    } else if constexpr (json_enum<T>) {
        write_json_enum(out, value);
    } else if constexpr (json_tuple<T>) {
        write_json_tuple(out, value, std::make_index_sequence<std::tuple_size_v<T>>{});
    } else if constexpr (json_map<T>) {
        std::vector<json_map_entry> entries;
        for (const auto& [name, each] : value) {
            entries.push_back({name, &each, &write_json_value<typename T::mapped_type>});
        }
        write_json_map(out, std::move(entries));
    } else if constexpr (json_list<T>) {
        write_json_list(out, value);
    } else if constexpr (json_duration<T>) {
        write_json(out, value.count());
    } else if constexpr (json_time<T>) {
        write_json(out, value.time_since_epoch().count());
    } else if constexpr (json_empty<T>) {
        out += "{}";
    } else {
        constexpr bool is_known = requires {
            sizeof(json_codec<T>);
        };
        static_assert(is_known,
                      "cloakroom: this type does not convert to JSON: give the struct a `static "
                      "constexpr auto fields = cloakroom::fields(...)` (fields.hpp), or include "
                      "<cloakroom/json.hpp> for what nlohmann_json converts");
        if constexpr (is_known) {
            json_codec<T>::encode(out, value);
        }
    }
}

}  // namespace cloakroom
