// SPDX-License-Identifier: MIT
// Reads C++ values from JSON texts by a json_cursor. json_fields.hpp has the function to call; here is
// how each kind of type is read, and what is said of what does not fit.
#pragma once

#include <cloakroom/fields.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/json_codec.hpp>
#include <cloakroom/json_cursor.hpp>
#include <cloakroom/json_members.hpp>
#include <cloakroom/json_place.hpp>
#include <cloakroom/json_types.hpp>
#include <cloakroom/text_enum.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace cloakroom {

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

}  // namespace cloakroom
