// SPDX-License-Identifier: MIT
// The texts that a session keeps for the next page.
#include "session/reserved_keys.hpp"
#include <cloakroom/json_cursor.hpp>
#include <cloakroom/session.hpp>
#include <cloakroom/text.hpp>

#include <optional>
#include <string>
#include <utility>

namespace cloakroom {
namespace {

// Both are read: a list of [category, text], which is what we write and Flask reads, and Flask's
// own list of tuples, {" t": [category, text]}.
constexpr std::string_view flask_tuple = " t";

bool read_pair(json_cursor& at, flash_message& into) {
    return at.begin_array() && at.next_element() && at.read(into.category) && at.next_element() &&
           at.read(into.text) && !at.next_element();
}

bool read_flash(json_cursor& at, flash_message& into) {
    if (!at.begin_object()) {
        return read_pair(at, into);
    }
    std::string_view name;
    return at.next_member(name) && name == flask_tuple && read_pair(at, into) &&
           !at.next_member(name);
}

// By the cursor: a tree of nlohmann_json's needs memory to be destroyed.
bool read_flashes(std::string_view text, std::vector<flash_message>& into) {
    if (text == "null" || text == "{}") {  // none
        return true;
    }
    json_cursor at(text);
    if (!at.begin_array()) {
        return false;
    }
    while (at.next_element()) {
        if (!read_flash(at, into.emplace_back())) {
            return false;
        }
    }
    return at.at_end();
}

void append_flash(std::string& list, std::string_view text, std::string_view category) {
    list += list.empty() ? "[[" : ",[";
    append_json_string(list, category);
    list += ',';
    append_json_string(list, text);
    list += ']';
}

}  // namespace

void session::flash(std::string_view text, std::string_view category) {
    std::string list;
    for (const flash_message& each : take_flashes()) {
        append_flash(list, each.text, each.category);
    }
    append_flash(list, text, category);
    list += ']';
    write(flashes_key, list);
}

std::vector<flash_message> session::take_flashes() {
    std::vector<flash_message> taken;
    const std::optional<std::string_view> kept = read(flashes_key);
    if (!kept) {
        return taken;
    }
    if (!read_flashes(*kept, taken)) {
        refuse_type(flashes_key, *kept, "a list of flash messages");
    }
    erase(flashes_key);
    return taken;
}

}  // namespace cloakroom
