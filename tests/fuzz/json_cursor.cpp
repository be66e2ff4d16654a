// SPDX-License-Identifier: MIT
// JSON texts read value by value.
// Property: a tree that is read by a cursor is nlohmann_json's, and there is one for the same
// texts; skipping values instead of reading them changes nothing of that.
// Input: a JSON text.
#include "json_input.hpp"
#include "target.hpp"
#include <cloakroom/json.hpp>
#include <cloakroom/json_cursor.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cloakroom::fuzz {
namespace {

json read_value(json_cursor& at);  // no deeper than max_json_depth

json read_number(json_cursor& at) {
    unsigned long long natural = 0;
    long long integer = 0;
    double number = 0;
    if (at.read(natural)) {
        return natural;
    }
    if (at.read(integer)) {
        return integer;
    }
    return at.read(number) ? json(number) : json();
}

json read_object(json_cursor& at) {
    json made = json::object();
    at.begin_object();
    for (std::string_view name; at.next_member(name);) {
        const std::string key{name};
        made[key] = read_value(at);
    }
    return made;
}

json read_array(json_cursor& at) {
    json made = json::array();
    at.begin_array();
    while (at.next_element()) {
        made.push_back(read_value(at));
    }
    return made;
}

json read_value(json_cursor& at) {
    bool is_true = false;
    std::string text;
    switch (at.kind()) {
        case json_kind::object:
            return read_object(at);
        case json_kind::array:
            return read_array(at);
        case json_kind::number:
            return read_number(at);
        case json_kind::string:
            return at.read(text) ? json(text) : json();
        case json_kind::boolean:
            return at.read(is_true) ? json(is_true) : json();
        case json_kind::null:
            at.read_null();
            break;
        case json_kind::none:
            break;
    }
    return {};
}

// Every other value is read, the others are skipped or taken.
void read_half(json_cursor& at, std::string_view text) {
    std::size_t count = 0;
    const auto pass = [&] {
        if (++count % 3 == 0) {
            at.skip_value();
        } else if (count % 3 == 1) {
            const std::string_view taken = at.take_value();
            require(at.failed() || (!taken.empty() && text.find(taken) != std::string_view::npos),
                    "a value that is taken is part of the text");
        } else {
            static_cast<void>(read_value(at));
        }
    };
    if (at.begin_object()) {
        for (std::string_view name; at.next_member(name);) {
            pass();
        }
    } else if (at.begin_array()) {
        while (at.next_element()) {
            pass();
        }
    } else {
        at.skip_value();
    }
}

}  // namespace

void check(std::string_view input) {
    const json_input expected(input);
    if (expected.has_huge_number) {
        return;
    }
    json_cursor at(input);
    const json tree = read_value(at);
    const bool is_read = !at.failed() && at.at_end();
    require(is_read == expected.is_json, "a cursor reads what nlohmann_json does");
    require(!is_read || tree == expected.tree, "a cursor reads the same tree");
    json_cursor half(input);
    read_half(half, input);
    require((!half.failed() && half.at_end()) == expected.is_json,
            "a value that is skipped is checked");
}

}  // namespace cloakroom::fuzz
