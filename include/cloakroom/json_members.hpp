// SPDX-License-Identifier: MIT
// The fields of a struct as a table without its type, so that one function reads the objects of all
// structs, and one writes them. json_fields.hpp makes the tables.
#pragma once

#include <cloakroom/fields.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace cloakroom {

class json_text_reader;

/// `,"name":` where that is short, and the name but letters, digits and "_", which need no escape.
/// Made while compiling, so that it is written in one piece.
struct json_name {
    std::array<char, 32> text{};
    std::size_t size = 0;  ///< 0 for other names.
};

/// That of a member; of size 0 for a name of more than 28 bytes, or with other characters.
[[nodiscard]] constexpr json_name json_name_of(std::string_view name) noexcept {
    json_name made;
    if (name.size() + 4 > made.text.size()) {
        return made;
    }
    made.text[0] = ',';
    made.text[1] = '"';
    std::size_t end = 2;
    for (const char each : name) {
        const bool is_letter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
        if (!is_letter && !(each >= '0' && each <= '9') && each != '_') {
            return made;
        }
        made.text[end++] = each;
    }
    made.text[end++] = '"';
    made.text[end++] = ':';
    made.size = end;
    return made;
}

/// One of a struct's fields, without the types.
struct json_member {
    std::string_view name;
    json_name written;
    bool is_required = false;
    std::size_t by_name = 0;  ///< The field whose name has this one's place in the alphabet.
    void (*read)(json_text_reader& from, void* object) = nullptr;
    void (*write)(std::string& out, const void* object) = nullptr;
};

/// All of them, in the order of the struct's `fields`.
struct json_members {
    const json_member* first = nullptr;
    std::size_t count = 0;
};

/// The fields of T, made while compiling.
template <has_fields T>
[[nodiscard]] constexpr json_members json_members_of() noexcept;

}  // namespace cloakroom
