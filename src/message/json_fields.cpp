// SPDX-License-Identifier: MIT
#include <cloakroom/json_fields.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace cloakroom {
namespace {

constexpr std::string_view name_of(json_kind kind) noexcept {
    switch (kind) {
        case json_kind::null:
            return "null";
        case json_kind::boolean:
            return "boolean";
        case json_kind::number:
            return "number";
        case json_kind::string:
            return "string";
        case json_kind::array:
            return "array";
        case json_kind::object:
            return "object";
        case json_kind::none:
            break;
    }
    return "nothing";
}

/// The field of that name; members.count when there is none. What was written here comes by name,
/// so `turn` counts on and the first look finds it.
std::size_t find(json_members members, std::string_view name, std::size_t& turn) noexcept {
    if (turn < members.count) {
        const std::size_t expected = members.first[turn].by_name;
        if (members.first[expected].name == name) {
            ++turn;
            return expected;
        }
    }
    std::size_t index = 0;
    while (index < members.count && members.first[index].name != name) {
        ++index;
    }
    return index;
}

}  // namespace

void json_text_reader::refuse(std::string_view message) {
    if (looks_for_all()) {
        errors_->push_back({at_->text(), std::string{message}});
    } else {
        has_stopped_ = true;
    }
}

void json_text_reader::refuse(std::vector<field_error>&& inner) {
    if (!looks_for_all()) {
        has_stopped_ = true;
        return;
    }
    const std::string outer = at_->text();
    for (field_error& each : inner) {
        const bool has_both = !outer.empty() && !each.field.empty();
        errors_->push_back({outer + (has_both ? "." : "") + each.field, std::move(each.message)});
    }
}

void json_text_reader::refuse_type(std::string_view asked) {
    if (!looks_for_all()) {
        has_stopped_ = true;
        return;
    }
    std::string message = "type must be ";
    message.append(asked).append(", but is ").append(name_of(cursor_.kind()));
    refuse(message);
}

void json_text_reader::read_scalar(bool& into) {
    if (!cursor_.read(into)) {
        refuse_type("boolean");
    }
}

void json_text_reader::read_scalar(std::string& into) {
    if (!cursor_.read(into)) {
        refuse_type("string");
    }
}

bool json_text_reader::read_number(long long& into, long long lowest, long long highest) {
    return cursor_.read(into) && into >= lowest && into <= highest;
}

bool json_text_reader::read_number(unsigned long long& into, unsigned long long lowest,
                                   unsigned long long highest) {
    return cursor_.read(into) && into >= lowest && into <= highest;
}

bool json_text_reader::read_number(double& into, double lowest, double highest) {
    return cursor_.read(into) && into >= lowest && into <= highest;
}

bool json_text_reader::expect(json_kind kind, std::string_view message) {
    if (cursor_.kind() == kind) {
        return true;
    }
    refuse(message);
    return false;
}

void json_text_reader::read_object(json_members members, void* object) {
    if (!expect(json_kind::object, "expected an object")) {
        return;
    }
    if (looks_for_all()) {
        read_all(members, object);
    } else {
        read_first(members, object);
    }
}

// As they come.
void json_text_reader::read_first(json_members members, void* object) {
    constexpr std::size_t most = 64;
    if (members.count > most) {
        return refuse("has a bit for each field to mark it");
    }
    std::uint64_t seen = 0;
    std::size_t turn = 0;
    cursor_.begin_object();
    for (std::string_view name; cursor_.next_member(name);) {
        const std::size_t index = find(members, name, turn);
        if (index == members.count) {
            cursor_.skip_value();
            continue;
        }
        const std::uint64_t mark = std::uint64_t{1} << index;
        if ((seen & mark) != 0) {
            return refuse("is there twice");
        }
        seen |= mark;
        members.first[index].read(*this, object);
        if (has_stopped()) {
            return;
        }
    }
    for (std::size_t index = 0; index < members.count; ++index) {
        if ((seen >> index & 1U) == 0 && members.first[index].is_required) {
            return refuse("is missing");
        }
    }
}

// In the order of the fields, the last one of each name.
void json_text_reader::read_all(json_members members, void* object) {
    std::vector<std::string_view> found(members.count);
    std::size_t turn = 0;
    cursor_.begin_object();
    for (std::string_view name; cursor_.next_member(name);) {
        const std::size_t index = find(members, name, turn);
        const std::string_view value = cursor_.take_value();
        if (index != members.count) {
            found[index] = value;
        }
    }
    for (std::size_t index = 0; index < members.count; ++index) {
        const json_member& each = members.first[index];
        const json_place at(*at_, each.name);
        json_text_reader inner(found[index], at, *errors_);
        if (!found[index].empty()) {
            each.read(inner, object);
        } else if (each.is_required) {
            inner.refuse("is missing");
        }
    }
}

std::vector<json_entry> json_text_reader::entries() {
    std::vector<json_entry> all;
    cursor_.begin_object();
    for (std::string_view name; cursor_.next_member(name);) {
        std::string kept{name};
        all.push_back({std::move(kept), cursor_.take_value()});
    }
    std::stable_sort(all.begin(), all.end(), [](const json_entry& left, const json_entry& right) {
        return left.name < right.name;
    });
    // Of those of one name the last one stays.
    const auto begin =
        std::unique(all.rbegin(), all.rend(),
                    [](const auto& left, const auto& right) { return left.name == right.name; });
    all.erase(all.begin(), begin.base());
    return all;
}

std::vector<std::string_view> json_text_reader::elements(std::size_t expected) {
    std::vector<std::string_view> all;
    if (cursor_.begin_array()) {
        while (cursor_.next_element()) {
            all.push_back(cursor_.take_value());
        }
        if (all.size() == expected) {
            return all;
        }
    }
    refuse("expected an array of " + std::to_string(expected));
    return {};
}

namespace {

void append_name(std::string& out, const json_member& of) {
    if (of.written.size != 0) {
        // All of it, and cut off: a copy of 32 bytes is two moves, one of some bytes a loop.
        const std::size_t begin = out.size();
        out.append(of.written.text.data(), of.written.text.size());
        out.resize(begin + of.written.size);
    } else {
        out += ',';
        append_json_string(out, of.name);
        out += ':';
    }
}

}  // namespace

void write_json_members(std::string& out, json_members members, const void* object) {
    const std::size_t begin = out.size();
    for (std::size_t turn = 0; turn < members.count; ++turn) {
        const json_member& each = members.first[members.first[turn].by_name];
        append_name(out, each);
        each.write(out, object);
    }
    if (members.count == 0) {
        out += '{';
    } else {
        out[begin] = '{';  // for the first comma
    }
    out += '}';
}

void write_json_map(std::string& out, std::vector<json_map_entry>&& entries) {
    std::sort(entries.begin(), entries.end(),
              [](const auto& left, const auto& right) { return left.name < right.name; });
    char separator = '{';
    for (const json_map_entry& each : entries) {
        out += separator;
        json_codec<std::string>::encode(out, each.name);
        out += ':';
        each.write(out, each.value);
        separator = ',';
    }
    out += separator == '{' ? "{}" : "}";
}

json_outcome check_json(std::string_view text) noexcept {
    json_cursor cursor(text);
    if (cursor.skip_value() && cursor.at_end()) {
        return json_outcome::read;
    }
    return cursor.is_too_deep() ? json_outcome::too_deep : json_outcome::malformed;
}

json_outcome read_json_object(std::string_view text, void* object,
                              void (*read)(json_text_reader& from, void* object),
                              std::vector<field_error>* errors) {
    json_text_reader first(text);
    read(first, object);
    if (first.is_done()) {
        return json_outcome::read;
    }
    std::vector<field_error> ignored;
    std::vector<field_error>& found = errors != nullptr ? *errors : ignored;
    const json_outcome outcome = check_json(text);
    if (outcome != json_outcome::read) {
        return outcome;
    }
    const std::size_t errors_before = found.size();
    const json_place whole;
    json_text_reader second(text, whole, found);
    read(second, object);
    return found.size() == errors_before ? json_outcome::read : json_outcome::mismatched;
}

}  // namespace cloakroom
