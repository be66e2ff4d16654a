// SPDX-License-Identifier: MIT
// JSON of structs with `fields` and of what they are made of, without nlohmann_json: for sessions,
// and for whatever has to compile and run fast. Types that only nlohmann_json converts may be parts
// of them, where <cloakroom/json.hpp> is included.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/json_codec.hpp>
#include <cloakroom/json_cursor.hpp>
#include <cloakroom/json_place.hpp>
#include <cloakroom/text_enum.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

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

class json_text_reader;

/// One of a struct's fields, without the types.
struct json_member {
    std::string_view name;
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

/// A part of an object: a member's name, and its value as it is written.
struct json_entry {
    std::string name;
    std::string_view value;
};

/// Reads one C++ value from a JSON text. read_json() is the way to it: it has a first reader, which
/// stops at whatever is not as it should be; then a second one looks for all that does not fit,
/// and words it as json_reader does. Only the second one takes several looks at what is nested.
class json_text_reader {
public:
    /// Stops at what does not fit, or is there twice, and says no more than that.
    explicit json_text_reader(std::string_view text) noexcept : cursor_(text) {}

    /// Adds to `errors` what does not fit. REQUIRES: `text` is well-formed; the others outlive this.
    json_text_reader(std::string_view text, const json_place& at, std::vector<field_error>& errors)
        : cursor_(text), at_(&at), errors_(&errors), errors_before_(errors.size()) {}

    /// Reads the value that is next. What `into` then is, is unspecified when something is wrong.
    template <class T>
    void read(T& into) {
        static_assert(!std::is_same_v<T, std::string_view>,
                      "cloakroom: a field of JSON is std::string, not a view");
        if constexpr (is_optional_member<T>) {
            read_optional(into);
        } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
            read_scalar(into);
        } else if constexpr (std::is_integral_v<T>) {
            read_integer(into, "expected an integer in range");
        } else if constexpr (std::is_floating_point_v<T>) {
            read_floating(into);
        } else if constexpr (has_fields<T>) {
            read_object(json_members_of<T>(), &into);
        } else if constexpr (text_enum<T> || json_enum<T>) {
            read_enum(into);
        } else if constexpr (json_tuple<T>) {
            read_tuple(into, std::make_index_sequence<std::tuple_size_v<T>>{});
        } else if constexpr (json_map<T>) {
            read_map(into);
        } else if constexpr (json_list<T>) {
            read_list(into);
        } else if constexpr (json_duration<T>) {
            typename T::rep count{};
            read(count);
            into = T(count);
        } else if constexpr (json_time<T>) {
            typename T::duration since_epoch{};
            read(since_epoch);
            into = T(since_epoch);
        } else if constexpr (json_empty<T>) {
            read_object({}, nullptr);
        } else {
            read_by_codec(into);
        }
    }

    /// Whether the whole text was read, and all was as it should be.
    [[nodiscard]] bool is_done() noexcept { return !has_stopped() && cursor_.at_end(); }

private:
    [[nodiscard]] bool looks_for_all() const noexcept { return errors_ != nullptr; }
    [[nodiscard]] bool has_stopped() const noexcept {
        return looks_for_all() ? errors_->size() != errors_before_
                               : has_stopped_ || cursor_.failed();
    }
    void refuse(std::string_view message);
    void refuse(std::vector<field_error>&& inner);
    void refuse_type(std::string_view asked);  // as nlohmann_json words it

    void read_scalar(bool& into);
    void read_scalar(std::string& into);
    bool read_number(long long& into, long long lowest, long long highest);
    bool read_number(unsigned long long& into, unsigned long long lowest,
                     unsigned long long highest);
    bool read_number(double& into, double lowest, double highest);
    void read_object(json_members members, void* object);
    void read_first(json_members members, void* object);
    void read_all(json_members members, void* object);
    bool expect(json_kind kind, std::string_view message);
    [[nodiscard]] std::vector<json_entry> entries();  // by name, each once
    [[nodiscard]] std::vector<std::string_view> elements(std::size_t expected);

    template <class Optional>
    void read_optional(Optional& into) {
        if (cursor_.read_null()) {
            into.reset();
        } else {
            // Not into emplace(): GCC 12 then takes the optional for uninitialised.
            typename Optional::value_type held{};
            read(held);
            into = std::move(held);
        }
    }

    template <class Integer>
    void read_integer(Integer& into, std::string_view complaint) {
        using range = std::numeric_limits<Integer>;
        std::conditional_t<std::is_signed_v<Integer>, long long, unsigned long long> wide = 0;
        if (read_number(wide, range::lowest(), range::max())) {
            into = static_cast<Integer>(wide);
        } else {
            refuse(complaint);
        }
    }

    template <class Float>
    void read_floating(Float& into) {
        using range = std::numeric_limits<Float>;
        double wide = 0;
        if constexpr (sizeof(Float) > sizeof(double)) {
            read_floating(wide);
        } else if (!read_number(wide, range::lowest(), range::max())) {
            refuse("expected a number in range");
        }
        into = static_cast<Float>(wide);
    }

    template <class Enum>
    void read_enum(Enum& into) {
        constexpr std::string_view complaint = "has a value that is not understood";
        if constexpr (text_enum<Enum>) {
            std::string text;
            if (!cursor_.read(text) || !from_text(text, into)) {
                refuse(complaint);
            }
        } else if (cursor_.kind() != json_kind::number) {
            refuse_type("number");
        } else {
            std::underlying_type_t<Enum> number{};
            read_integer(number, complaint);
            into = static_cast<Enum>(number);
        }
    }

    // A value within this one, of which `at_` tells the place.
    template <class T, class Step>
    void read_within(std::string_view text, Step step, T& into) {
        const json_place at(*at_, step);
        json_text_reader(text, at, *errors_).read(into);
    }

    // Of the elements, one fault is enough: there may be as many as elements.

    template <class List>
    void read_list(List& into) {
        if (!expect(json_kind::array, "expected an array")) {
            return;
        }
        into.clear();
        cursor_.begin_array();
        for (std::size_t index = 0; cursor_.next_element(); ++index) {
            typename List::value_type element{};
            if (looks_for_all()) {
                read_within(cursor_.take_value(), index, element);
            } else {
                read(element);
            }
            if (has_stopped()) {
                return;
            }
            into.insert(into.end(), std::move(element));
        }
    }

    template <class Map>
    void read_map(Map& into) {
        if (!expect(json_kind::object, "expected an object")) {
            return;
        }
        into.clear();
        if (looks_for_all()) {
            for (const json_entry& each : entries()) {
                read_within(each.value, std::string_view{each.name}, into[each.name]);
                if (has_stopped()) {
                    return;
                }
            }
            return;
        }
        cursor_.begin_object();
        for (std::string_view name; !has_stopped() && cursor_.next_member(name);) {
            const auto [entry, is_new] = into.try_emplace(std::string{name});
            if (!is_new) {
                return refuse("is there twice");
            }
            read(entry->second);
        }
    }

    template <class Tuple, std::size_t... Indices>
    void read_tuple(Tuple& into, std::index_sequence<Indices...> /*each*/) {
        constexpr std::size_t size = sizeof...(Indices);
        if (looks_for_all()) {
            if (const std::vector<std::string_view> found = elements(size); found.size() == size) {
                (read_within(found[Indices], Indices, std::get<Indices>(into)), ...);
            }
            return;
        }
        const bool is_whole =
            cursor_.begin_array() &&
            ((cursor_.next_element() && (read(std::get<Indices>(into)), !has_stopped())) && ...) &&
            !cursor_.next_element();
        if (!is_whole) {
            refuse("expected an array of that size");
        }
    }

    template <class T>
    void read_by_codec(T& into) {
        constexpr bool is_known = requires {
            sizeof(json_codec<T>);
        };
        static_assert(is_known,
                      "cloakroom: JSON does not convert to this type: give the struct a `static "
                      "constexpr auto fields = cloakroom::fields(...)` (fields.hpp), or include "
                      "<cloakroom/json.hpp> for what nlohmann_json converts");
        if constexpr (is_known) {
            std::vector<field_error> inner;
            const std::string_view text = cursor_.take_value();
            if constexpr (requires { json_codec<T>::decode(text, into, inner); }) {
                if (!json_codec<T>::decode(text, into, inner)) {
                    refuse(std::move(inner));
                }
            } else if (!json_codec<T>::decode(text, into)) {
                refuse("has a value that is not understood");
            }
        }
    }

    json_cursor cursor_;
    const json_place* at_ = nullptr;
    std::vector<field_error>* errors_ = nullptr;
    std::size_t errors_before_ = 0;
    bool has_stopped_ = false;
};

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

template <class T, std::size_t Index>
void read_json_member(json_text_reader& from, void* object) {
    from.read(static_cast<T*>(object)->*(std::get<Index>(T::fields).member));
}

template <class T, std::size_t Index>
void write_json_member(std::string& out, const void* object) {
    write_json(out, static_cast<const T*>(object)->*(std::get<Index>(T::fields).member));
}

template <class T, std::size_t Index, class Class, class Member>
[[nodiscard]] constexpr json_member json_member_of(const field<Class, Member>& from) noexcept {
    return {from.name, !from.is_optional && !is_optional_member<Member>, Index,
            &read_json_member<T, Index>, &write_json_member<T, Index>};
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
        json_member_of<T, Indices>(std::get<Indices>(T::fields))...});
}

template <class T>
inline constexpr auto json_member_table = json_member_table_of<T>(
    std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(T::fields)>>>{});

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
    into = T{};
    json_text_reader first(text);
    first.read(into);
    if (first.is_done()) {
        return json_outcome::read;
    }
    const json_outcome outcome = check_json(text);
    if (outcome != json_outcome::read) {
        return outcome;
    }
    into = T{};
    const std::size_t errors_before = errors.size();
    const json_place whole;
    json_text_reader(text, whole, errors).read(into);
    return errors.size() == errors_before ? json_outcome::read : json_outcome::mismatched;
}

/// Whatever read_json() and write_json() convert by themselves.
template <json_native T>
struct json_codec<T> {
    static void encode(std::string& out, const T& value) { write_json(out, value); }
    static bool decode(std::string_view text, T& value) {
        std::vector<field_error> ignored;
        return read_json(text, value, ignored) == json_outcome::read;
    }
};

}  // namespace cloakroom
