// SPDX-License-Identifier: MIT
// JSON of structs with `fields` and of what they are made of, without nlohmann_json: for sessions,
// and for whatever has to compile and run fast. Types that only nlohmann_json converts may be parts
// of them, where <cloakroom/json.hpp> is included.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/json_codec.hpp>
#include <cloakroom/json_members.hpp>
#include <cloakroom/json_place.hpp>
#include <cloakroom/json_text_reader.hpp>
#include <cloakroom/json_text_writer.hpp>
#include <cloakroom/json_types.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace cloakroom {

template <class T, std::size_t Index>
void read_json_member(json_text_reader& from, void* object) {
    from.read(static_cast<T*>(object)->*(T::fields.template get<Index>().member));
}

template <class T, std::size_t Index>
void write_json_member(std::string& out, const void* object) {
    write_json(out, static_cast<const T*>(object)->*(T::fields.template get<Index>().member));
}

template <class T, std::size_t Index, class Class, class Member>
[[nodiscard]] constexpr json_member json_member_of(const field<Class, Member>& from) noexcept {
    return {
        from.name, json_name_of(from.name),     !from.is_optional && !is_optional_member<Member>,
        Index,     &read_json_member<T, Index>, &write_json_member<T, Index>};
}

template <std::size_t Size>
[[nodiscard]] constexpr std::array<json_member, Size> ordered_by_name(
    std::array<json_member, Size> members) noexcept {
    for (std::size_t end = 1; end < Size; ++end) {
        for (std::size_t at = end; at > 0; --at) {
            std::size_t& left = members[at - 1].by_name;
            std::size_t& right = members[at].by_name;
            if (members[right].name < members[left].name) {
                std::swap(left, right);
            }
        }
    }
    return members;
}

template <class T, std::size_t... Indices>
[[nodiscard]] constexpr auto json_member_table_of(std::index_sequence<Indices...> /**/) noexcept {
    return ordered_by_name(std::array<json_member, sizeof...(Indices)>{
        json_member_of<T, Indices>(T::fields.template get<Indices>())...});
}

template <class T>
inline constexpr auto json_member_table =
    json_member_table_of<T>(std::make_index_sequence<T::fields.count>{});

template <has_fields T>
constexpr json_members json_members_of() noexcept {
    return {json_member_table<T>.data(), json_member_table<T>.size()};
}

/// What came of reading a JSON text.
enum class json_outcome {
    read,       ///< The value is there.
    malformed,  ///< It is no JSON.
    too_deep,   ///< It is nested deeper than max_json_depth.
    mismatched  ///< It is JSON, and does not fit the type.
};

/// Whether it is JSON, and not nested too deep: read, malformed or too_deep.
[[nodiscard]] json_outcome check_json(std::string_view text) noexcept;

/// Makes the object anew, and reads its value.
template <class T>
void read_json_anew(json_text_reader& from, void* object) {
    T& into = *static_cast<T*>(object);
    into = T{};
    from.read(into);
}

/// As read_json() does for each type, so that this is compiled once.
///
/// @param errors  Null when only the outcome json_outcome::read matters.
[[nodiscard]] json_outcome read_json_object(std::string_view text, void* object,
                                            void (*read)(json_text_reader& from, void* object),
                                            std::vector<field_error>* errors);

/// Reads a T from a JSON text: a number, bool, text, an enum, a struct with `fields`, an empty
/// struct, std::optional, a duration, a time, lists, maps and tuples of these; and what
/// json_codec<T> decodes. Names that the struct has no field for are passed over.
///
/// @param into    Is T{} first. Unspecified for an outcome other than json_outcome::read.
/// @param errors  Gets an entry for whatever does not fit when the outcome is
///                json_outcome::mismatched, with the places and sentences of json_reader.
template <class T>
[[nodiscard]] json_outcome read_json(std::string_view text, T& into,
                                     std::vector<field_error>& errors) {
    return read_json_object(text, &into, &read_json_anew<T>, &errors);
}

/// Whatever read_json() and write_json() convert by themselves.
template <json_native T>
struct json_codec<T> {
    static void encode(std::string& out, const T& value) { write_json(out, value); }
    static bool decode(std::string_view text, T& value) {
        return read_json_object(text, &value, &read_json_anew<T>, nullptr) == json_outcome::read;
    }
};

}  // namespace cloakroom
