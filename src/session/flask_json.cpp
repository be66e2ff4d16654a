// SPDX-License-Identifier: MIT
#include "session/flask_json.hpp"

#include "session/flask_json_rewriter.hpp"
#include "session/flask_text.hpp"

#include <array>

namespace cloakroom {
namespace {

using purpose = flask_json_rewriter::purpose;
using shape = flask_json_rewriter::shape;

// Room on the stack for a small session's texts.
using text_room = std::array<std::byte, 512>;

// A session of one key that is a tag is a dict to Flask only where the tag is that of an escape.
bool finish_single(shape inner, std::string_view json, session_values& values) {
    std::string_view key;
    values.for_each([&](std::string_view only, std::string_view) { key = only; });
    if (!is_flask_tag(key)) {
        return true;
    }
    if (key != flask_escape_tag || inner != shape::escaped) {
        return false;
    }
    // `{" t__":1}` is the value: " t" is the key.
    const std::size_t end = json.find("__\":");
    const std::string plain{json.substr(2, end - 2)};
    const std::string value{json.substr(end + 4, json.size() - end - 5)};
    values.clear();
    values.set(plain, value);
    return true;
}

bool is_single(const session_values& values) {
    std::size_t count = 0;
    values.for_each([&](std::string_view, std::string_view) { ++count; });
    return count == 1;
}

}  // namespace

bool read_flask_json(std::string_view json, session_values& into) {
    into.clear();
    text_room room;
    std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
    std::pmr::string text(&memory);
    std::pmr::string key(&memory);
    flask_json_rewriter reader(purpose::read, json, text, nullptr);
    reader.skip_space();
    if (!reader.take('{')) {
        return false;
    }
    shape last = shape::plain;
    if (!reader.take('}')) {
        do {
            text.clear();
            key.clear();
            if (!reader.string() ||
                !append_json_content(key, std::string_view{text}.substr(1, text.size() - 2))) {
                return false;
            }
            reader.skip_space();
            text.clear();
            last = reader.take(':') ? reader.value(1) : shape::malformed;
            if (last == shape::malformed) {
                return false;
            }
            into.set(key, text);
        } while (reader.take(','));
        if (!reader.take('}')) {
            return false;
        }
    }
    return reader.is_at_end() && (!is_single(into) || finish_single(last, text, into));
}

void collect_flask_tags(std::string_view json, flask_tagged_objects& into) {
    std::pmr::string text;
    flask_json_rewriter reader(purpose::collect, json, text, &into);
    static_cast<void>(reader.value(0));
}

flask_json_outcome write_flask_json(const session_values& values, flask_tagged_objects* tagged,
                                    std::size_t most, std::pmr::string& out) {
    out.assign(1, '{');
    bool is_good = true;
    bool has_tags = false;
    std::size_t count = 0;
    std::string_view first_key;
    values.for_each([&](std::string_view key, std::string_view json) {
        if (!is_good || json.size() > most) {
            is_good = false;
            return;
        }
        first_key = count == 0 ? key : first_key;
        out += count++ == 0 ? "" : ",";
        is_good = append_flask_string(out, key);
        out += ':';
        flask_json_rewriter writer(purpose::write, json, out, tagged);
        is_good = is_good && writer.value(1) != shape::malformed && writer.is_at_end() &&
                  out.size() < most;
        has_tags = has_tags || writer.has_met_tag();
    });
    out += '}';
    const bool is_escaped = count == 1 && is_flask_tag(first_key);
    if (is_escaped) {
        out.insert(2 + first_key.size(), flask_escape_suffix);
        out.insert(0, "{\" di\":");
        out += '}';
    }
    if (!is_good || out.size() > most) {
        return flask_json_outcome::refused;
    }
    if (has_tags && tagged == nullptr) {
        return flask_json_outcome::has_tags;
    }
    if (has_tags || is_escaped) {
        // An escape is two levels deeper than what it stands for.
        session_values again;
        return read_flask_json(out, again) ? flask_json_outcome::written
                                           : flask_json_outcome::refused;
    }
    return flask_json_outcome::written;
}

}  // namespace cloakroom
