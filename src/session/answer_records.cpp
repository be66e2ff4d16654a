// SPDX-License-Identifier: MIT
#include "session/answer_records.hpp"

#include "session/base64url.hpp"
#include "session/broken_contents.hpp"
#include "session/idempotency_key.hpp"
#include "session/reserved_keys.hpp"
#include "session/sha256.hpp"
#include <cloakroom/json_cursor.hpp>
#include <cloakroom/text.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

namespace cloakroom {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr unsigned long long latest_seconds = 253'402'300'799;  // of the year 9999
constexpr unsigned long long last_recorded_status = 499;

void append_bytes(std::string& out, std::string_view bytes) {
    std::string text(base64url_size(bytes.size()), '\0');
    base64url_encode(bytes, text.data());
    out += '"';
    out += text;
    out += '"';
}

bool is_cookie(std::string_view name) noexcept {
    return equals_ignoring_case(name, "Set-Cookie");
}

std::string lines_without_cookies(std::string_view lines) {
    std::string kept;
    while (!lines.empty()) {
        const std::size_t end = lines.find(line_end) + line_end.size();
        const std::string_view line = lines.substr(0, end);
        if (!is_cookie(line.substr(0, line.find(':')))) {
            kept += line;
        }
        lines.remove_prefix(end);
    }
    return kept;
}

void append_record(std::string& out, const answer_record& from) {
    out += '[';
    append_json_string(out, from.key);
    out += ',' + std::to_string(from.answered.time_since_epoch().count()) + ',';
    append_bytes(out, from.fingerprint);
    out += ',' + std::to_string(to_number(from.answer.status())) + ',';
    append_bytes(out, lines_without_cookies(from.answer.field_lines()));
    out += ',';
    append_bytes(out, from.answer.body());
    out += ']';
}

// The array's next element.
template <class Value>
bool read_next(json_cursor& at, Value& value) {
    return at.next_element() && at.read(value);
}

bool read_next_bytes(json_cursor& at, std::string& bytes) {
    std::string text;
    if (!read_next(at, text)) {
        return false;
    }
    bytes.resize(base64url_decoded_size(text.size()));
    const std::optional<std::size_t> size = base64url_decode(text, bytes.data());
    bytes.resize(size.value_or(0));
    return size.has_value();
}

// Adds "Name: value\r\n" again and again. Throws as response::add does for a field that is none.
bool add_lines(std::string_view lines, response& to) {
    while (!lines.empty()) {
        const std::size_t colon = lines.find(": ");
        const std::size_t end = lines.find(line_end);
        if (colon == std::string_view::npos || end == std::string_view::npos || colon > end ||
            is_cookie(lines.substr(0, colon))) {
            return false;
        }
        to.add(lines.substr(0, colon), lines.substr(colon + 2, end - colon - 2));
        lines.remove_prefix(end + line_end.size());
    }
    return true;
}

bool read_answer(json_cursor& at, response& into) {
    unsigned long long code = 0;
    std::string lines;
    std::string body;
    if (!read_next(at, code) || code > last_recorded_status || !read_next_bytes(at, lines) ||
        !read_next_bytes(at, body)) {
        return false;
    }
    into.status(static_cast<status>(code));
    into.body(std::move(body));
    return add_lines(lines, into);
}

bool read_record(json_cursor& at, answer_record& into) {
    unsigned long long seconds = 0;
    if (!at.begin_array() || !read_next(at, into.key) || !is_idempotency_key(into.key) ||
        !read_next(at, seconds) || seconds > latest_seconds ||
        !read_next_bytes(at, into.fingerprint) ||
        into.fingerprint.size() != sha256_digest{}.size() || !read_answer(at, into.answer)) {
        return false;
    }
    into.answered = session_time{std::chrono::seconds{seconds}};
    return !at.next_element();
}

// By the cursor: a tree of nlohmann_json's needs memory to be destroyed.
bool read_records(std::string_view text, answer_records& into) {
    json_cursor at(text);
    if (!at.begin_array()) {
        return false;
    }
    while (at.next_element()) {
        if (!read_record(at, into.emplace_back())) {
            return false;
        }
    }
    return at.at_end();
}

}  // namespace

void json_codec<answer_records>::encode(std::string& out, const answer_records& value) {
    std::string_view separator = "[";
    for (const answer_record& each : value) {
        out += separator;
        append_record(out, each);
        separator = ",";
    }
    out += value.empty() ? "[]" : "]";
}

bool json_codec<answer_records>::decode(std::string_view text, answer_records& value) {
    bool is_right = false;
    try {
        is_right = read_records(text, value);
    } catch (const std::invalid_argument&) {
        // A status or a field that no response can have.
    }
    if (!is_right) {
        throw broken_contents(answers_key, "is no list of answers");
    }
    return true;
}

}  // namespace cloakroom
