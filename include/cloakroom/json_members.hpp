// SPDX-License-Identifier: MIT
// The fields of a struct as a table without its type, so that one function reads the objects of all
// structs, and one writes them. json_fields.hpp makes the tables.
#pragma once

#include <cloakroom/fields.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace cloakroom {

class json_text_reader;

/// One of a struct's fields, without the types.
struct json_member {
    static constexpr std::size_t max_plain_bytes = 60;

    std::string_view name;
    bool is_required = false;
    bool is_plain = false;    ///< The name: short letters, digits and "_", that need no escape.
    std::size_t by_name = 0;  ///< The field whose name has this one's place in the alphabet.
    void (*read)(json_text_reader& from, void* object) = nullptr;
    void (*write)(std::string& out, const void* object) = nullptr;
};

/// All of them, in the order of the struct's `fields`.
struct json_members {
    const json_member* first = nullptr;
    std::size_t count = 0;
};

/// Whether a name is such.
[[nodiscard]] constexpr bool is_plain_name(std::string_view name) noexcept {
    for (const char each : name) {
        const bool is_letter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
        if (!is_letter && !(each >= '0' && each <= '9') && each != '_') {
            return false;
        }
    }
    return name.size() <= json_member::max_plain_bytes;
}

/// The fields of T, made while compiling.
template <has_fields T>
[[nodiscard]] constexpr json_members json_members_of() noexcept;

}  // namespace cloakroom
